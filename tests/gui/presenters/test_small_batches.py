"""Steps of so few examples that batch normalisation cannot work by them, or hardly, are told while somebody chooses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.runs.store.workspace import Workspace
from tests.training.small_runs import small

#: Its last maps of digits (8 x 8) have one place.
SMALL_MAPS = "mobilenet-v1-0.25"


def asked(batch: int, student: str = SMALL_MAPS) -> dict[str, Any]:
    training = {"steps": 1, "batch_size": batch, "device": "cpu"}
    return small("none", student={"key": student}, training=training).model_dump()


@pytest.mark.parametrize(
    ("batch", "student", "level"), [(2, SMALL_MAPS, "warning"), (4, SMALL_MAPS, ""), (2, "mlp-8", "")]
)
def test_the_card_of_the_student_says_it(batch: int, student: str, level: str, tmp_path: Path) -> None:
    info = DraftPresenter(Workspace(tmp_path)).describe(asked(batch, student))
    assert not info.problems
    assert info.cards["student"].level == level
    assert bool(info.cards["student"].note) == bool(level)


def test_the_window_refuses_one_value_at_the_batch(tmp_path: Path) -> None:
    (problem,) = DraftPresenter(Workspace(tmp_path)).describe(asked(1)).problems
    assert problem.path == "training.batch_size"
