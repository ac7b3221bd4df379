"""Datasets as tensors: one source a file. Importing this package registers them all."""

from studio.data import (  # noqa: F401 - each registers itself
    digits,
    points,
    shapes,
)
