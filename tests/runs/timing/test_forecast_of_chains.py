"""How long a chain will take: all its trainings, less those that are there already."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.runs.launch import launch
from studio.runs.store.workspace import Workspace
from studio.runs.timing.estimate import forecast
from studio.systems.base import system_of
from tests.systems.chains import small_chain


@pytest.mark.parametrize("name", ["ban", "assistant"])
def test_it_counts_every_training_and_the_end(name: str, tmp_path: Path) -> None:
    experiment = small_chain(name)
    system = system_of(experiment)
    assert system is not None
    (parts,) = forecast([experiment], [], tmp_path)
    assert [part.role for part in parts] == [*(step.role for step in system.plan(experiment)), "student"]
    assert all(part.seconds > 0 for part in parts)


def test_generations_that_are_there_are_not_counted_again(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    launch(small_chain("ban"), workspace)
    longer = small_chain("ban", method={"key": "ban", "settings": {"generations": 3, "with_teacher": True}})
    (parts,) = forecast([longer], workspace.runs(), workspace.cache)
    assert [part.role for part in parts] == ["generation 3", "student"]
