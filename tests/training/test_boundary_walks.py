"""Runs on points show samples on their way to the teacher's boundary, pushed as the run's method pushes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.events import Snapshot
from studio.experiment import Experiment
from studio.training.control import Control
from studio.training.session import Places, run_session
from tests.training.small_runs import Told, small


def points(method: str | dict[str, Any]) -> Experiment:
    return small(
        method,
        dataset={"key": "moons", "count": 64, "per_class": None},
        teacher={"key": "mlp-16-16"},
        student={"key": "mlp-16-16" if method == "none" else "mlp-5-4"},
        training={"epochs": 20},
    )


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    folder = tmp_path_factory.mktemp("moons")
    run_session(points("none"), Places(folder, cache), lambda _event: None, Control())
    return folder / "student.safetensors"


def last_walks(experiment: Experiment, folder: Path, cache: Path, teacher: Path) -> dict[str, np.ndarray]:
    told = Told()
    folder.mkdir()
    run_session(experiment, Places(folder, cache, teacher), told.append, Control())
    arrays = told.of(Snapshot)[-1].arrays
    return {name: value for name, value in arrays.items() if name.startswith("plane/walks/")}


def test_walks_are_those_of_the_method_or_of_one_beside_it(tmp_path: Path, cache: Path, teacher: Path) -> None:
    pace = {"step": 1.0, "max_steps": 4}
    alone = {"key": "bss", "settings": pace}
    beside = {"key": "kd", "also": [{"key": "bss", "settings": pace}]}
    tried: list[tuple[str | dict[str, Any], bool, int]] = [("kd", False, 11), (alone, True, 5), (beside, True, 5)]
    for number, (method, taught, most) in enumerate(tried):
        walks = last_walks(points(method), tmp_path / str(number), cache, teacher)
        assert len(walks["plane/walks/paths"]) > 0
        assert walks["plane/walks/paths"].shape[1] <= most
        assert bool(walks["plane/walks/taught"]) is taught
