"""Fixtures that run small experiments with the real engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.training.control import Control
from studio.training.session import Places, run_session
from tests.training.small_runs import Run, runs_in, small


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
    return runs_in(tmp_path, teacher, cache)
