"""What one stage learns and the next begins with: handed on bit for bit, frozen where it is not trained, resumed."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from studio.events import CheckpointSaved, Event, Resumed
from studio.experiment import Experiment
from studio.training import checkpointer
from studio.training.checkpoint_content import CheckpointContent
from tests.training.small_runs import Run, newest, small


@pytest.fixture(autouse=True)
def _save_at_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpointer, "LEAST", 0.0)
    monkeypatch.setattr(checkpointer, "MOST", 0.0)


class Saved(dict[int, list[CheckpointContent]]):
    """The checkpoints of a run by step, copied as they are written."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.folder = folder

    def __call__(self, event: Event) -> None:
        if isinstance(event, CheckpointSaved):
            content = newest(self.folder)
            assert content is not None
            self.setdefault(content.step, []).append(content)


def part(content: CheckpointContent, name: str) -> dict[str, Tensor]:
    found = {key: value for key, value in content.loop.objective.items() if key.startswith(f"own.{name}.")}
    assert found
    return found


def equal(a: dict[str, Tensor], b: dict[str, Tensor]) -> bool:
    """Whether all of ``a`` stands in ``b``, which may have more."""
    assert a.keys() <= b.keys()
    return all(torch.equal(a[key], b[key]) for key in a)


def test_a_stage_begins_where_the_earlier_one_ended_and_freezes_what_it_does_not_train(
    run: Run, tmp_path: Path
) -> None:
    saved = Saved(tmp_path)
    run(small({"key": "ft", "settings": {"transfer_share": 0.5}}), folder=tmp_path, listen=saved)
    border = min(step for step in saved if step and saved[step][-1].done)
    begun, first_end, second_begin = saved[0][0], saved[border][0], saved[border][-1]
    assert equal(begun.student, first_end.student)
    assert not equal(part(begun, "teacher_side"), part(first_end, "teacher_side"))
    assert equal(part(first_end, "teacher_side"), part(second_begin, "teacher_side"))
    last = saved[max(saved)][-1]
    assert equal(part(second_begin, "teacher_side"), part(last, "teacher_side"))
    assert not equal(part(second_begin, "student_side"), part(last, "student_side"))
    assert not equal(second_begin.student, last.student)


def test_steps_that_grow_hand_their_connectors_on(run: Run, tmp_path: Path) -> None:
    saved = Saved(tmp_path)
    flow = {"key": "flow", "settings": {"connectors": True, "transfer_share": 0.5}}
    run(small(flow, training={"epochs": 4}), folder=tmp_path, listen=saved)
    border = min(step for step in saved if step and saved[step][-1].done)
    first_end, second_begin = saved[border][0], saved[border][-1]
    assert equal(part(first_end, "student_side"), part(second_begin, "student_side"))
    assert len(part(first_end, "student_side")) < len(part(second_begin, "student_side"))


class Killed(BaseException):
    """Stands for the process ending here and now."""


MANY_STAGES: list[dict[str, Any]] = [
    {"key": "flow", "settings": {"connectors": True, "transfer_share": 0.5, "cycles": 2}},
    {"key": "ab", "also": [{"key": "ofd", "settings": {"margin": "measured"}}]},
    {"key": "svd", "settings": {"stages": "two"}},
    {"key": "svd", "also": [{"key": "fitnet"}]},
]


#: Steps behind whose checkpoints a run is killed.
KILLS = range(1, 12, 2)


@pytest.mark.parametrize("method", MANY_STAGES, ids=["flow", "ab+ofd", "svd", "svd+fitnet"])
def test_resuming_between_many_stages_is_bit_exact(run: Run, tmp_path: Path, method: dict[str, Any]) -> None:
    """One run is killed again and again: at every checkpoint it is what an undisturbed one was there."""
    wide = {"student": {"key": "cnn-8"}} if method["key"] == "svd" else {}
    experiment = small(method, training={"epochs": 4}, **wide)
    whole = Saved(tmp_path / "whole")
    run(experiment, folder=tmp_path / "whole", listen=whole)

    for last, at in pairwise([0, *KILLS]):
        told = killed_at(at, run, experiment, tmp_path / "killed", resume=last > 0)
        assert [resumed.step for resumed in told if isinstance(resumed, Resumed)] == [last] * (last > 0)
        content = newest(tmp_path / "killed")
        assert content is not None
        check_equal(content, whole[at][0])
    resumed = Saved(tmp_path / "killed")
    _, told = run(experiment, folder=tmp_path / "killed", resume=True, listen=resumed)
    assert told.of(Resumed)[0].step == KILLS[-1]
    check_equal(resumed[max(whole)][-1], whole[max(whole)][-1])


def killed_at(step: int, run: Run, experiment: Experiment, folder: Path, *, resume: bool) -> list[Event]:
    """Begin a run or go on with it, and kill it behind its first checkpoint of a step: what it said until then."""
    told: list[Event] = []

    def kill(event: Event) -> None:
        told.append(event)
        if event.kind == "checkpoint" and event.step == step:
            raise Killed

    with pytest.raises(Killed):
        run(experiment, folder=folder, resume=resume, listen=kill)
    return told


def check_equal(ours: CheckpointContent, theirs: CheckpointContent) -> None:
    assert ours.student, "what may be empty: an objective without parameters, and what it has learnt"
    assert equal(ours.student, theirs.student)
    assert equal(ours.loop.objective, theirs.loop.objective)
    assert equal(ours.learnt, theirs.learnt)
