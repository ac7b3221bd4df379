"""Teachers and students, one family a file. Importing this package registers them in the catalogue, small to large."""

from studio.networks import cnn, mlp, resnet, wrn

__all__ = ["cnn", "mlp", "resnet", "wrn"]
