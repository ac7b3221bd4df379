"""What steps are tried on: a few digits, and a teacher that reads them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studio.data.base import Dataset
from studio.data.prepare import prepare
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import save_network
from tests.training.small_runs import small


@dataclass(frozen=True)
class FewDigits:
    """Digits, and the file of a teacher that reads them and has learnt nothing."""

    dataset: Dataset
    teacher: Path


def few_digits(folder: Path, per_class: int) -> FewDigits:
    """So many digits of each class, and their teacher in ``folder``."""
    dataset = prepare("digits", small().dataset.settings, seed=0, per_class=per_class, cache=folder / "cache")
    source = Input(dataset.shape, dataset.mean, dataset.std, dataset.encoding)
    file = folder / "teacher.safetensors"
    save_network(build_network("cnn-8", source, dataset.classes, 1), file)
    return FewDigits(dataset, file)
