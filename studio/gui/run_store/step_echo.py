"""What the training that runs now for a chain says, repeated as the chain's own at its place in the whole.

A chain itself tells a step when it has ended, with fewer readings: what was repeated then gives way to that.
"""

from __future__ import annotations

import dataclasses

from studio.events import EpochDone, Event, Snapshot, StageBand, Terms
from studio.runs.files.history import RunHistory


class StepEcho:
    """Repeats the steps of one chain, one after the other."""

    def __init__(self) -> None:
        self._repeated = ""

    def repeat(self, event: Event, step: RunHistory, chain: RunHistory) -> None:
        """Add to ``chain`` what its ``step`` has said."""
        band = next((band for band in chain.plan if band.name == step.role), None)
        if band is None or not 0 < event.step <= band.end - band.begin:
            return
        moved = _moved(event, band, chain.steps_per_epoch)
        if moved is not None:
            self._repeated = band.name
            chain.handle_event(moved)

    def make_way(self, event: Event, chain: RunHistory) -> None:
        """Forget what was repeated of a step, before ``chain`` tells it itself in ``event``."""
        if event.stage != self._repeated or not isinstance(event, (EpochDone, Terms, Snapshot)):
            return
        self._repeated = ""
        band = next((band for band in chain.plan if band.name == event.stage), None)
        if band is not None:
            state = chain.state
            chain.forget_after(band.begin)
            chain.state = state


def _moved(event: Event, band: StageBand, steps_per_epoch: int) -> Event | None:
    """An event of a step as its chain would tell it; None where it would not."""
    if not isinstance(event, (EpochDone, Terms, Snapshot)):
        return None
    epoch = band.begin // steps_per_epoch + event.epoch
    moved = dataclasses.replace(event, stage=band.name, step=band.begin + event.step, epoch=epoch)
    # agreement is told of each step, not of the whole
    return dataclasses.replace(moved, moments=(), agreement=()) if isinstance(moved, Snapshot) else moved
