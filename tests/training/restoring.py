"""A run that is to be gone on with, asked again and again which of its checkpoints it would use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch

from studio.events import Notice
from studio.experiment import Experiment
from studio.networks.files import load_network
from studio.training import checkpoint_file
from studio.training.checkpoints import Checkpoints
from studio.training.control import Control
from studio.training.event_emitter import EventEmitter
from studio.training.resume_guard import ResumeGuard
from studio.training.resume_point import ResumePoint
from studio.training.setup import Places, load_data, set_up
from studio.training.stage_runner import StageRunner
from tests.training.made_checkpoints import Place


class Restoring:
    """Sets a run up once; :meth:`choose` then takes milliseconds."""

    def __init__(self, experiment: Experiment, folder: Path, teacher: Path | None, cache: Path) -> None:
        control = Control()
        emitter = EventEmitter(lambda _event: None, control)
        places = Places(folder, cache, teacher)
        data = load_data(experiment, places, emitter, control)
        self._guard = ResumeGuard.of(experiment, teacher).with_data(data)
        self._checkpoints = Checkpoints(folder / "checkpoints")
        setup = set_up(experiment, data, teacher, emitter)
        self._runner = StageRunner(setup, self._guard, self._checkpoints, emitter, control)
        self._steps_per_epoch = setup.schedule.steps_per_epoch
        self._file = self._checkpoints.newest_first()[0]

    def newest(self) -> dict[str, Any]:
        """What the newest checkpoint holds."""
        payload: dict[str, Any] = torch.load(self._file, weights_only=True)
        return payload

    def choose(self, newest: dict[str, Any]) -> Notice | None:
        """What is said when the newest checkpoint holds this, None where it is used.

        Raises:
            StudioError: the run cannot go on at all.
        """
        data = checkpoint_file.pack(newest)
        checkpoint_file.write(self._file, data)
        point = ResumePoint(self._checkpoints)
        point.require(lambda saved: self._guard.check(saved.origin))
        self._runner.choose(point)
        return point.notice(self._steps_per_epoch)

    @staticmethod
    def is_unmoved_by(place: Place) -> bool:
        """Whether what stands there is only compared or shown, is added where it is missing, or is replaced at the next epoch."""
        only_compared = place[:2] == ("origin", "settings") or place[:3] == ("loop", "optimiser", "param_groups")
        written_since = place == ("recipes",)  # earlier checkpoints have none: their networks are built by their keys
        return (
            only_compared
            or written_since
            or place[0] in ("format", "seconds", "result")
            or place[-1] in ("test_accuracy", "scores")  # what a stage that is over was worth
        )


def same_weights(one: Path, other: Path) -> bool:
    """Whether two runs kept the same student, bit for bit."""
    first, second = (load_network(folder / "student.safetensors").state_dict() for folder in (one, other))
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)
