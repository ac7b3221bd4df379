"""A method that cannot work with what was picked is refused before its teacher is trained, and nothing is written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio.core.errors import StudioError
from studio.experiment import validated
from studio.insight.network_and_data_info import DataInfo
from studio.runs.launch import launch
from studio.runs.method_fit import method_refusal, refuse_misfit
from studio.runs.store.workspace import Workspace

POINTS: dict[str, Any] = {
    "dataset": {"key": "moons", "per_class": 20},
    "teacher": {"key": "mlp-9"},
    "student": {"key": "mlp-5"},
    "method": {"key": "logit_std"},
    "training": {"epochs": 1, "device": "cpu"},
    "references": {"alone": True},
}


def test_nothing_is_trained_for_a_method_that_cannot_work(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with pytest.raises(StudioError, match=r"cannot be used here\. Of 2 classes.*Choose soft targets") as refused:
        launch(validated(POINTS), workspace)
    assert refused.value.place == "method"
    assert workspace.runs() == []


def test_a_method_beside_it_counts_as_well(tmp_path: Path) -> None:
    beside = {"key": "kd", "also": [{"key": "at"}]}
    with pytest.raises(StudioError, match="Attention transfer cannot be used here"):
        launch(validated({**POINTS, "method": beside}), Workspace(tmp_path))


def test_what_is_not_known_yet_is_left_to_the_training(tmp_path: Path) -> None:
    borrowed = {"key": "mlp-9", "source": "file:teacher.safetensors"}
    refuse_misfit(validated({**POINTS, "teacher": borrowed}), tmp_path)
    refuse_misfit(validated({**POINTS, "method": {"key": "kd"}}), tmp_path)
    unread = DataInfo("pictures", None, None, None, None)
    assert method_refusal(validated(POINTS), unread) is None


@pytest.mark.parametrize(
    ("method", "teacher", "student"), [("compress", "library", "mlp-5"), ("ba_tree", "boosted-trees", "tree")]
)
def test_what_makes_up_rows_needs_a_table_before_it_begins(
    method: str, teacher: str, student: str, tmp_path: Path
) -> None:
    picked = {"teacher": {"key": teacher}, "student": {"key": student}, "method": {"key": method}}
    with pytest.raises(StudioError, match="choose a table") as refused:
        launch(validated({**POINTS, **picked}), Workspace(tmp_path))
    assert refused.value.place == "method"
    assert Workspace(tmp_path).runs() == []
    refuse_misfit(validated({**POINTS, **picked, "dataset": {"key": "iris"}}), tmp_path)
