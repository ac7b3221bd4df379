"""Fixtures that run small experiments with the real engine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from studio.events import Event
from studio.experiment import Experiment
from studio.training.control import Control
from studio.training.hooks import Hook
from studio.training.session import Outcome, Places, run_session
from tests.training.small_runs import Run, Told, small


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def teacher(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """The file of a teacher trained for two epochs."""
    folder = tmp_path_factory.mktemp("teacher")
    experiment = small("none", dataset={"key": "digits"}, student={"key": "cnn-8"}, training={"epochs": 2})
    run_session(experiment, Places(folder, cache), lambda _event: None, Control())
    return folder / "student.safetensors"


@pytest.fixture
def run(tmp_path: Path, cache: Path, teacher: Path) -> Run:
    """Runs an experiment in ``folder`` (a fresh one unless named): ``outcome, told = run(small())``."""
    count = iter(range(1000))

    def start(
        experiment: Experiment,
        *,
        folder: Path | None = None,
        control: Control | None = None,
        resume: bool = False,
        listen: Any = None,
        hooks: Sequence[Hook] = (),
    ) -> tuple[Outcome, Told]:
        folder = folder or tmp_path / f"run-{next(count)}"
        folder.mkdir(exist_ok=True)
        told = Told()

        def both(event: Event) -> None:
            told.append(event)
            if listen is not None:
                listen(event)

        places = Places(folder, cache, None if experiment.method.key == "none" else teacher)
        return run_session(experiment, places, both, control or Control(), resume=resume, hooks=hooks), told

    return start
