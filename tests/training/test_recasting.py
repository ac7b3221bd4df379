"""Recasting: what is exchanged and what stays, what it comes to, and that a kill at any stage changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from studio.data.base import as_float
from studio.events import CheckpointSaved, Event, Resumed, Snapshot, StageObserved, StageStarted, StudentRebuilt
from studio.experiment import Experiment
from studio.methods.base import StageRecord
from studio.networks.base import Network
from studio.networks.exchange import copy_of_blocks
from studio.networks.files import load_network, save_network
from studio.networks.taps import NetworkOutputs, TapReader
from studio.training import checkpointer, teacher_answers
from studio.training.control import Control
from studio.training.event_emitter import EventEmitter
from studio.training.hooks import RunView, at_stage_end
from studio.training.session import Places, run_session
from studio.training.setup import load_data
from tests.contracts.snapshot_contract import check_snapshot
from tests.training.small_runs import Run, small

#: The whole training part in one step, so that the batch norms see what they saw before.
IN_ONE = {"optimizer": {"key": "adam", "lr": 1e-3}, "batch_size": 100, "epochs": 8}


def recasting(settings: dict[str, Any], per_class: int = 10, **training: Any) -> Experiment:
    plain = {"augmentation": {"pad": 0, "padding": "zeros", "flip": False}, "per_class": per_class}
    return small({"key": "recast", "settings": settings}, training={**IN_ONE, **training}, dataset=plain)


def pictures(experiment: Experiment, cache: Path) -> torch.Tensor:
    """All that the student learns from, (N, C, H, W) in [0, 1]."""
    places = Places(cache, cache)
    data = load_data(experiment, places, EventEmitter(lambda _event: None, Control()), Control())
    return as_float(data.train.inputs)


def state_from(network: Network, block: int) -> dict[str, torch.Tensor]:
    """Copies of what the blocks from ``block`` on hold."""
    return {
        name: value.clone()
        for name, value in network.state_dict().items()
        if not name.startswith("input") and network.block_of(name) >= block
    }


@pytest.mark.parametrize("settings", [{"ratio": 0.5}, {"groups": "keep,conv-0.5,keep"}], ids=str)
def test_what_lies_beyond_the_next_block_is_the_teachers_bit_for_bit(run: Run, settings: dict[str, Any]) -> None:
    looked: list[str] = []

    @at_stage_end
    def compare(view: RunView) -> None:
        student, teacher = view.networks["student"], view.networks["teacher"]
        names = [block.name for block in student.blocks]
        if view.stage not in names:
            return
        index = names.index(view.stage)
        ours, theirs = state_from(student, index + 2), state_from(teacher, index + 2)
        assert ours.keys() == theirs.keys()
        assert all(torch.equal(ours[name], theirs[name]) for name in ours)
        assert not torch.equal(*(next(iter(state_from(net, index + 1).values())) for net in (student, teacher)))
        looked.append(view.stage)

    run(recasting(settings), hooks=[compare])
    assert looked == (["group2"] if "groups" in settings else ["group1", "group2", "group3"])


def test_blocks_of_their_own_kind_and_width_come_as_near_as_numbers_go(
    teacher: Path, cache: Path, tmp_path: Path
) -> None:
    """Of a teacher whose batch norms know these very pictures, and enough of them to be sure of their variance."""
    gentle = {"key": "sgd", "lr": 0.05, "weight_decay": 0.0}
    experiment = recasting({"target": "conv"}, per_class=60, batch_size=600, epochs=60, optimizer=gentle)
    network = load_network(teacher).train()
    for norm in (module for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)):
        norm.reset_running_stats()
        norm.momentum = None
    network(pictures(experiment, cache))
    save_network(network, tmp_path / "teacher.safetensors")
    done: tuple[StageRecord, ...] = ()

    @at_stage_end
    def keep(view: RunView) -> None:
        nonlocal done
        done = view.done

    places = Places(tmp_path, cache, tmp_path / "teacher.safetensors")
    run_session(experiment, places, lambda _event: None, Control(), hooks=[keep])
    shares = [record.scores["difference"] for record in done[:-1]]
    assert len(shares) == 3
    assert max(shares) < 1e-6, "of the variance of the teacher's activations"


def test_the_student_is_the_planned_form_and_can_be_recast_again(run: Run, tmp_path: Path) -> None:
    outcome, _ = run(recasting({"ratio": 0.5}), folder=tmp_path)
    student = load_network(tmp_path / "student.safetensors")
    assert student.key == "recast:conv-0.5:cnn-8"
    assert [block.width for block in student.blocks] == [4, 8, 16, 10]
    assert outcome.parameters["student"] == sum(parameter.numel() for parameter in student.parameters())
    assert outcome.networks == {"student": student.key, "teacher": "cnn-8"}


@pytest.mark.parametrize("order", ["sequential", "simultaneous"])
def test_killed_in_any_stage_it_ends_like_an_undisturbed_run(
    run: Run, tmp_path: Path, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One run is killed behind its first save and every third after it, and gone on with each time."""
    monkeypatch.setattr(checkpointer, "LEAST", 0.0)
    monkeypatch.setattr(checkpointer, "MOST", 0.0)
    experiment = small(
        {"key": "recast", "settings": {"ratio": 0.5, "order": order}},
        training={"epochs": 8, "batch_size": 50, "optimizer": {"key": "adam", "lr": 1e-3}},
    )
    _, told = run(experiment, folder=tmp_path / "whole")
    expected = load_network(tmp_path / "whole" / "student.safetensors").state_dict()
    saves = len(told.of(CheckpointSaved))
    folder = tmp_path / "killed"
    for number in range(0, saves, 3):
        left = count(2 if number else 0, -1)

        def kill(event: Event, left: Iterator[int] = left) -> None:
            if isinstance(event, CheckpointSaved) and next(left) == 0:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run(experiment, folder=folder, resume=number > 0, listen=kill)
    _, told = run(experiment, folder=folder, resume=True)
    assert told.of(Resumed)
    found = load_network(folder / "student.safetensors").state_dict()
    assert found.keys() == expected.keys()
    assert all(torch.equal(found[name], expected[name]) for name in expected)


def test_the_classes_of_a_copy_stand_in_the_order_of_the_data(teacher: Path) -> None:
    network = load_network(teacher).eval()
    turned = tuple(reversed(network.classes))
    copy = copy_of_blocks(network, turned, key=network.key)
    inputs = torch.rand(5, *network.source.shape)
    assert copy.classes == turned
    torch.testing.assert_close(copy(inputs), network(inputs).flip(1))


@pytest.mark.parametrize(("evaluations", "ends"), [(100, 3), (1, 1)])
def test_seldom_looked_at_only_the_end_of_the_copying_is_told(run: Run, evaluations: int, ends: int) -> None:
    changes = {"training": {"epochs": 4, "batch_size": 50, "evaluations": evaluations}}
    _, told = run(small({"key": "recast", "settings": {"ratio": 0.5}}, **changes))
    copied = [event.step for event in told.of(Snapshot) if "copied" in event.moments]
    assert len(copied) == ends
    assert copied[-1] == told.of(StageStarted)[-1].step
    assert len(told.of(StudentRebuilt)) == 3
    assert len({event.planned.parameters for event in told.of(StudentRebuilt)}) == 1


def test_each_stage_says_which_block_is_at_work_and_how_far_the_exchanged_ones_are_apart(run: Run) -> None:
    _, told = run(recasting({"target": "conv", "ratio": 1.0}))
    rebuilt = [event for event in told if isinstance(event, StudentRebuilt)]
    assert [event.at_work for event in rebuilt] == [("group1",), ("group2",), ("group3",)]
    started = [event.learner for event in told if isinstance(event, StageStarted)]
    assert started == ["student.group1", "student.group2", "student.group3", "student"]
    watched = [(event.stage, sorted(event.readings)) for event in told if isinstance(event, StageObserved)]
    assert watched[0] == ("group1", ["group1"])
    assert watched[-1] == ("task", ["group1", "group2", "group3"])
    assert all(
        0 <= share < 1 for event in told if isinstance(event, StageObserved) for share in event.readings.values()
    )
    for event in told:
        if isinstance(event, Snapshot):
            groups, key = ("group1", "group2", "group3"), bool(event.moments)
            check_snapshot(event.arrays, classes=10, groups=groups, examples="pictures", teacher=True, key_moment=key)
            assert {"filters/teacher", "filters/student"} <= event.arrays.keys()


@pytest.mark.parametrize("order", ["sequential", "simultaneous"])
def test_of_plain_pictures_the_teacher_is_asked_once(run: Run, order: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same comes out as where it is asked at every step, but for rounding."""
    experiment = recasting({"ratio": 0.5, "order": order, "pictures": "plain"}, batch_size=20, epochs=12)
    asked: dict[str, int] = {}
    real = TapReader.run

    def count(self: TapReader, x: torch.Tensor) -> NetworkOutputs:
        if self.network.key == "cnn-8" and not torch.is_grad_enabled():
            asked[now] = asked.get(now, 0) + 1
        return real(self, x)

    now = "once"
    monkeypatch.setattr(TapReader, "run", count)
    once, _ = run(experiment)
    now = "always"
    monkeypatch.setattr(teacher_answers, "ROOM", 0)
    always, _ = run(experiment)
    assert asked["once"] < asked["always"]
    assert np.allclose(once.predictions.student, always.predictions.student, atol=1e-3)
