"""Ends a run whose loss or weights are no longer numbers, and says what helps."""

from __future__ import annotations

from itertools import chain

from studio.core.errors import NotANumber
from studio.networks.normalised_values import FEW, larger_batch, values_in_step
from studio.training.network_setup import Networks
from studio.training.stage_run import StageRun


class FiniteGuard:
    """Asked before terms are told and before weights are saved: both wait for the device anyway.

    Args:
        networks: whose student's weights and statistics are watched.
        learning_rate, batch: of the experiment, for the reason and the remedy.
    """

    def __init__(self, networks: Networks, learning_rate: float, batch: int) -> None:
        self._networks = networks
        self._rate = learning_rate
        self._batch = batch

    def check(self, run: StageRun) -> None:
        """Pass while all are numbers.

        Raises:
            NotANumber: they are not; names the step since when, as far as that is known.
        """
        bad = run.loop.bad_step
        student = self._networks.student
        kept = chain(student.parameters(), student.buffers())  # what batch norm has counted is kept with the weights
        if bad is None and all(bool(tensor.isfinite().all()) for tensor in kept):
            return
        described = self._networks.cast.student
        values = values_in_step(described, self._batch)
        few = 0 < values < FEW
        raise NotANumber(
            "The loss is no longer a number since step {step}.",
            "In steps of {batch} pictures batch norm goes by {values} values where maps are smallest; where those hardly differ, "
            "what it divides by is next to nothing, and the steps become too large."
            if few
            else "The steps were too large (learning rate {rate:g}), so the weights grew without bound.",
            "Take a larger batch, for example {larger}, larger pictures, or a network that keeps more of small ones."
            if few
            else "Lower the learning rate, for example to {lower:g}, and train again.",
            offers=() if few else ("lower_learning_rate",),
            step=(run.step if bad is None else bad) + 1,
            rate=self._rate,
            lower=self._rate / 5,
            batch=self._batch,
            values=values,
            larger=larger_batch(described, self._batch),
        )
