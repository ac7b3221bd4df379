"""torchvision can be used even where its compiled operators do not load, and is imported only when asked for."""

from __future__ import annotations

import subprocess
import sys

WITHOUT_OPERATORS = """
import torch
def refuse(path):
    raise OSError("built for another torch")
torch.ops.load_library = refuse
from studio.data.vision import torchvision
print(torchvision().datasets.CIFAR10.url)
print(torchvision().datasets.MNIST.resources[0][0])
"""

LAZILY = """
import sys
import studio.data
print(sorted({"torchvision", "sklearn", "PIL"} & set(sys.modules)))
"""


def said(program: str) -> list[str]:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()


def test_missing_operators_do_not_stop_the_import() -> None:
    assert said(WITHOUT_OPERATORS) == [
        "https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz",
        "train-images-idx3-ubyte.gz",
    ]


def test_heavy_packages_wait_until_they_are_needed() -> None:
    assert said(LAZILY) == ["[]"]
