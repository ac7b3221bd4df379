"""Datasets as tensors: one source a file. Importing this package registers them all."""

from studio.data import (  # noqa: F401, I001 - each registers itself, in the order people should see them
    digits,
    shapes,
    points,
    onboard_tables,
    mnist,
    fashion_mnist,
    cifar10,
    cifar100,
    breiman_tables,
    letter,
    adult,
    covtype,
    images,
    table_source,
)
