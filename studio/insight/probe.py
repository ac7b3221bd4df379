"""The fixed examples every snapshot of a run is computed on."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from studio.data.base import Dataset, Examples
from studio.data.random import generator

#: Test examples that are drawn, and those that measures are means over.
SHOWN = 8
MEASURED = 256


@dataclass(frozen=True)
class Probe:
    """A fixed choice of examples, the same at every moment of a run.

    Attributes:
        measured: test examples for the measures, at most 256, classes in equal parts as far as they go.
        shown: how many of them, from the first on, are drawn: at most 8, sorted by class.
        fitting: training examples for maps that have to be fitted before they can be measured.
    """

    measured: Examples
    shown: int
    fitting: Examples

    def to(self, device: torch.device) -> Probe:
        """The same examples on ``device``."""
        return Probe(_moved(self.measured, device), self.shown, _moved(self.fitting, device))

    @property
    def drawn(self) -> Examples:
        """The examples that are drawn."""
        return Examples(self.measured.inputs[: self.shown], self.measured.labels[: self.shown])


def choose_probe(dataset: Dataset, seed: int, measured: int = MEASURED, fitting: int = MEASURED) -> Probe:
    """The probe of a dataset; equal arguments give equal examples.

    Args:
        measured: how many test examples to measure on, at most.
        fitting: how many training examples to fit on, at most.
    """
    rows = draw_by_class(dataset.test.labels, measured, generator(seed, "probe", "test"))
    shown = min(SHOWN, len(rows))
    by_class = dataset.test.labels[rows[:shown]].argsort(stable=True)
    rows = torch.cat([rows[:shown][by_class], rows[shown:]])
    others = draw_by_class(dataset.train.labels, fitting, generator(seed, "probe", "train"))
    return Probe(dataset.test.take(rows), shown, dataset.train.take(others))


def draw_by_class(labels: Tensor, count: int, draw: torch.Generator) -> Tensor:
    """Up to ``count`` rows drawn without repeats, class by class in turn until a class has no more.

    Args:
        labels: (N,) int64, on the CPU.

    Returns:
        (min(count, N),) int64; any beginning of it holds the classes as evenly as they allow.
    """
    order = torch.randperm(len(labels), generator=draw)
    grouped, by_class = labels[order].sort(stable=True)
    turn = torch.empty_like(order)
    turn[by_class] = torch.arange(len(order)) - torch.searchsorted(grouped, grouped)
    return order[turn.argsort(stable=True)[:count]]


def _moved(examples: Examples, device: torch.device) -> Examples:
    return Examples(examples.inputs.to(device), examples.labels.to(device))
