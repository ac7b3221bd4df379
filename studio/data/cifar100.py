"""CIFAR-100: as CIFAR-10, with a hundred classes of 600 pictures."""

from __future__ import annotations

from studio import catalog
from studio.data.cifar10 import Cifar10


class Cifar100(Cifar10):
    """32 x 32 colour pictures of a hundred classes."""

    key = "cifar100"
    title = "CIFAR-100"
    words = "60,000 small colour photographs of a hundred kinds of things: few pictures of each, and hard."
    class_count = 100
    published = "CIFAR100"
    batches = "cifar-100-python"
    archive = "cifar-100-python.tar.gz"
    megabytes = 169


catalog.register("dataset", Cifar100())
