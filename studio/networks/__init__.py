"""Teachers and students, one family a file. Importing this package registers them in the catalogue, small to large."""

# imported in the order of the catalogue: from plain to deep
# isort: off
from studio.networks import mlp, cnn, vgg, resnet, resnet_bottleneck, wrn, densenet, ensemble, recast, recast_form
from studio.networks import network_model  # the kind of model they all are
# isort: on

__all__ = [
    "cnn",
    "densenet",
    "ensemble",
    "mlp",
    "network_model",
    "recast",
    "recast_form",
    "resnet",
    "resnet_bottleneck",
    "vgg",
    "wrn",
]
