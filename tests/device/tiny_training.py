"""A training of a second with a method, as plain values that can be sent to another process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from studio import catalog
from studio.events import Event, Listener, Resumed, RunStarted, ignore_event
from studio.methods.base import AnyMethod
from studio.training.control import Control
from studio.training.session import Outcome, Places, run_session
from tests.training.small_runs import equally_wide

#: So many that every stage of every method gets two at least: most take their share in whole epochs, which are three steps.
STEPS = 12


@dataclass(frozen=True)
class Trained:
    """What a training said of itself.

    Attributes:
        resumed: the step it went on from; None where it began.
    """

    outcome: Outcome
    started: RunStarted
    resumed: int | None


@dataclass(frozen=True)
class TinyTraining:
    """A method, a hundred digits, two small networks.

    Attributes:
        cache: of decoded data.
        teacher: the file of its weights.
    """

    method: str
    precision: str
    device: str
    cache: Path
    teacher: Path
    settings: Mapping[str, object] = field(default_factory=dict)

    def run(self, folder: Path, listener: Listener = ignore_event, *, resume: bool = False) -> Trained:
        """Train in ``folder``, which is made where it is missing."""
        method: AnyMethod = catalog.find("method", self.method)
        training = {"steps": STEPS, "device": self.device, "precision": self.precision}
        experiment = equally_wide(method, self.settings, training=training)
        started: list[RunStarted] = []
        resumed: list[int] = []

        def listen(event: Event) -> None:
            if isinstance(event, RunStarted):
                started.append(event)
            elif isinstance(event, Resumed):
                resumed.append(event.step)
            listener(event)

        folder.mkdir(parents=True, exist_ok=True)
        places = Places(folder, self.cache, self.teacher if method.needs.teacher else None)
        outcome = run_session(experiment, places, listen, Control(), resume=resume)
        return Trained(outcome, started[0], resumed[0] if resumed else None)
