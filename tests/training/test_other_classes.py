"""Runs whose teacher names other classes: only where that is meant, with a head that is carried on and thrown away."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from studio.core.errors import StudioError
from studio.events import CheckpointSaved, Event, RunStarted, Snapshot, Terms
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import load_network, save_network
from studio.training import checkpointer
from studio.training.checkpoint_content import CheckpointContent
from studio.training.control import Control
from studio.training.session import Outcome, Places, run_session
from tests.training.small_runs import Run, newest, small

MEANT = {"key": "ab", "settings": {"other_classes": True, "transfer_share": 0.5}}


class Killed(BaseException):
    """Stands for the process ending here and now."""


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A teacher of seven shapes, in place of one of the ten digits."""
    file = tmp_path_factory.mktemp("other") / "teacher.safetensors"
    names = tuple(f"shape {n}" for n in range(7))
    save_network(build_network("cnn-8", Input((1, 8, 8), (0.3,), (0.4,)), names, seed=5), file, {})
    return file


@pytest.fixture
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


def head(content: CheckpointContent) -> dict[str, Tensor]:
    found = {name: value for name, value in content.loop.objective.items() if name.startswith("own.head.")}
    assert found
    return found


def equal(a: dict[str, Tensor], b: dict[str, Tensor]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


@pytest.mark.usefixtures("_save_at_every_step")
def test_the_head_is_carried_on_and_what_is_frozen_stays(run: Run, tmp_path: Path, teacher: Path) -> None:
    saved = Saved(tmp_path)
    outcome, told = run(small(MEANT, training={"epochs": 4}), folder=tmp_path, listen=saved)
    border = min(step for step in saved if step and saved[step][-1].done)
    begun, first_end, second_begin, last = saved[0][0], saved[border][0], saved[border][-1], saved[max(saved)][-1]
    assert not equal(head(begun), head(first_end))
    assert equal(head(first_end), head(second_begin))
    assert not equal(head(second_begin), head(last))

    def part(content: CheckpointContent, name: str) -> dict[str, Tensor]:
        student = load_network(tmp_path / "student.safetensors")
        return {key: value for key, value in content.student.items() if student.part_of(key) == name}

    assert equal(part(begun, "head"), part(first_end, "head"))
    assert not equal(part(begun, "group1"), part(first_end, "group1"))
    assert not equal(part(second_begin, "head"), part(last, "head"))
    terms = [set(event.terms) for event in told.of(Terms)]
    assert terms[0] == {"activation boundary", "teacher's scores"}
    assert terms[-1] == {"labels", "teacher's scores"}
    assert outcome.teacher_accuracy is None
    assert told.of(RunStarted)[0].teacher_accuracy is None


def test_the_student_goes_without_the_head_and_is_compared_where_that_makes_sense(run: Run, tmp_path: Path) -> None:
    outcome, told = run(small(MEANT), folder=tmp_path)
    student = load_network(tmp_path / "student.safetensors")
    plain = build_network("cnn-4", student.source, student.classes, 0)
    assert student.state_dict().keys() == plain.state_dict().keys()
    assert len(student.classes) == 10
    assert outcome.parameters["student"] == sum(p.numel() for p in plain.parameters())
    arrays = told.of(Snapshot)[-1].arrays
    assert "agreement/group1" in arrays
    assert "logits/teacher" not in arrays


@pytest.mark.usefixtures("_save_at_every_step")
@pytest.mark.parametrize("at", [3, 6, 8])
def test_resuming_is_bit_exact(run: Run, tmp_path: Path, at: int) -> None:
    experiment = small(MEANT, training={"epochs": 4})
    run(experiment, folder=tmp_path / "whole")

    def kill(event: Event) -> None:
        if isinstance(event, CheckpointSaved) and event.step == at:
            raise Killed

    with pytest.raises(Killed):
        run(experiment, folder=tmp_path / "killed", listen=kill)
    run(experiment, folder=tmp_path / "killed", resume=True)
    first, second = (load_network(tmp_path / name / "student.safetensors").state_dict() for name in ("whole", "killed"))
    assert equal(first, second)


def test_it_is_refused_where_it_is_not_meant(run: Run) -> None:
    with pytest.raises(StudioError, match="switch on “Teacher of other classes”"):
        run(small("ab"))
    with pytest.raises(StudioError, match="same classes"):
        run(small({**MEANT, "also": [{"key": "kd"}]}))


def test_as_many_classes_of_other_names_are_refused_as_well(tmp_path: Path, cache: Path) -> None:
    file = tmp_path / "letters.safetensors"
    names = tuple(f"letter {n}" for n in range(10))
    save_network(build_network("cnn-8", Input((1, 8, 8), (0.3,), (0.4,)), names, seed=5), file, {})

    def start(method: str | dict[str, Any]) -> Outcome:
        return run_session(small(method), Places(tmp_path, cache, file), lambda _event: None, Control())

    with pytest.raises(StudioError, match="names other classes") as refused:
        start("ab")
    assert "switch on “Teacher of other classes”" in str(refused.value)
    with pytest.raises(StudioError, match="names other classes"):
        start({"key": "composed", "settings": {"position": "scores", "student_side": "as_is"}})
    assert start(MEANT).teacher_accuracy is None
