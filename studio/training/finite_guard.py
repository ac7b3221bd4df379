"""Ends a run whose loss or weights are no longer numbers, and says what helps."""

from __future__ import annotations

from studio.core.errors import NotANumber
from studio.training.network_setup import Networks
from studio.training.stage_run import StageRun


class FiniteGuard:
    """Asked before terms are told and before weights are saved: both wait for the device anyway.

    Args:
        networks: whose student's weights are watched.
        learning_rate: of the experiment, for the remedy.
    """

    def __init__(self, networks: Networks, learning_rate: float) -> None:
        self._networks = networks
        self._rate = learning_rate

    def check(self, run: StageRun) -> None:
        """Pass while all are numbers.

        Raises:
            NotANumber: they are not; names the step since when, as far as that is known.
        """
        bad = run.loop.bad_step
        if bad is None and all(bool(parameter.isfinite().all()) for parameter in self._networks.student.parameters()):
            return
        raise NotANumber(
            "The loss is no longer a number since step {step}.",
            "The steps were too large (learning rate {rate:g}), so the weights grew without bound.",
            "Lower the learning rate, for example to {lower:g}, and train again.",
            offers=("lower_learning_rate",),
            step=(run.step if bad is None else bad) + 1,
            rate=self._rate,
            lower=self._rate / 5,
        )
