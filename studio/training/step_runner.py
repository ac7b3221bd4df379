"""Who takes the steps of a stage: the one seam between what a step is and how it is brought to its device.

Between steps nothing is handed over but the contents of tensors that keep their place and size
(:meth:`studio.training.training_step.TrainingStep.load`), and nothing is read but such tensors. So a runner need not let
Python go through every step: it may let it go through one, keep the operations, and repeat them on what stands in the
tensors then. What must hold for that is said at :class:`StepWork`; the tests repeat the steps of every method so and
compare bit for bit.
"""

from __future__ import annotations

from typing import Protocol


class StepWork(Protocol):
    """One step on what was loaded."""

    @property
    def repeats(self) -> bool:
        """Whether :meth:`compute` does the same operations at every step behind the first.

        It then takes what differs from the tensors loaded, leaves what it did in tensors that were there before, and
        never asks its device for a value.
        """

    def compute(self) -> None:
        """Forward passes, terms, gradients, readings."""

    def update(self) -> None:
        """The optimiser's step by those gradients. On an ordinary device it takes numbers from Python."""


class StepRunner(Protocol):
    """Takes steps of one stage, in order. Whatever runs them, a step leaves the same bits on the same device."""

    def take(self, work: StepWork) -> None:
        """One step; what it gives may still be computed on the device when this returns."""


class EagerRunner:
    """Lets Python go through every step."""

    def take(self, work: StepWork) -> None:
        work.compute()
        work.update()
