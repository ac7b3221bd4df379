"""A teacher that teaches by batch statistics: while it is learnt from, then and only then, and without a trace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from studio.events import Event, Notice, RunStarted, Snapshot
from studio.networks.base import Network
from studio.networks.batch_statistics import batch_norms, batch_statistics
from studio.networks.files import load_network
from studio.training import checkpointer
from studio.training.forward_pass import ForwardPass
from tests.training.small_runs import Run, Told, small

ON = {"batch_statistics": "all"}
COPYING = {"batch_statistics": "copying stages"}


class Killed(BaseException):
    """Stands for the process ending here and now."""


def net() -> nn.Sequential:
    torch.manual_seed(0)
    layers = nn.Sequential(
        nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Dropout(0.5), nn.Flatten(), nn.LazyLinear(5)
    )
    with torch.no_grad():
        layers(torch.rand(8, 3, 6, 6))
    return layers.eval()


def buffers(network: nn.Module) -> list[Tensor]:
    return [buffer.clone() for buffer in network.buffers()]


def same(before: list[Tensor], after: list[Tensor]) -> bool:
    return all(torch.equal(a, b) for a, b in zip(before, after, strict=True))


def test_norms_go_by_the_batch_and_nothing_else_changes() -> None:
    layers, x = net(), torch.rand(16, 3, 6, 6) * 3
    before, usual = buffers(layers), layers(x)
    with batch_statistics(layers):
        features = layers[1](layers[0](x))
        by_batch = layers(x)
        assert torch.equal(by_batch, layers(x))  # dropout stays off
    assert torch.allclose(features.mean((0, 2, 3)), torch.zeros(4), atol=1e-5)
    assert torch.allclose(features.var((0, 2, 3), correction=0), torch.ones(4), atol=1e-2)
    assert not torch.allclose(usual, by_batch)
    assert same(before, buffers(layers))
    assert torch.equal(layers(x), usual)


def test_an_error_inside_leaves_no_trace() -> None:
    layers = net()
    with pytest.raises(ZeroDivisionError), batch_statistics(layers):
        raise ZeroDivisionError
    assert not layers[1].training
    assert layers[1].track_running_stats


class Watch:
    """What runs ask their teacher, and what it looked like meanwhile."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.teachers: list[Network] = []
        self.by_batch: list[bool] = []
        build, again = ForwardPass.__init__, ForwardPass.again

        def built(forward_pass: ForwardPass, networks: Any, *args: Any, **options: Any) -> None:
            build(forward_pass, networks, *args, **options)
            self.teachers.append(networks.teacher)

        def watched(forward_pass: ForwardPass, who: Any, inputs: Tensor) -> Any:
            if who == "teacher":
                self.by_batch.append(all(norm.training for norm in batch_norms(self.teachers[-1])))
            return again(forward_pass, who, inputs)

        monkeypatch.setattr(ForwardPass, "__init__", built)
        monkeypatch.setattr(ForwardPass, "again", watched)


@pytest.mark.parametrize("method", ["kd", "ab", "ofd"])
def test_the_student_learns_otherwise_and_the_teacher_stays_the_same(
    run: Run, tmp_path: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    off, off_told = run(small(method, student={"key": "cnn-8"}), folder=tmp_path / "off")
    watch = Watch(monkeypatch)
    on, told = run(small(method, teacher=ON, student={"key": "cnn-8"}), folder=tmp_path / "on")
    assert all(watch.by_batch)
    known, shown = load_network(teacher).state_dict(), watch.teachers[0].state_dict()
    assert all(torch.equal(known[name], shown[name]) for name in known)
    assert not any(module.training for module in watch.teachers[0].modules())
    assert on.teacher_accuracy == off.teacher_accuracy
    first, second = (load_network(tmp_path / name / "student.safetensors") for name in ("off", "on"))
    assert any(not torch.equal(a, b) for a, b in zip(first.parameters(), second.parameters(), strict=True))
    teaching = [name for name in told.of(Snapshot)[-1].arrays if "/teacher" in name]
    assert teaching
    for name in teaching:  # what is drawn of the teacher is what it learnt
        drawn, usual = told.of(Snapshot)[-1].arrays[name], off_told.of(Snapshot)[-1].arrays[name]
        assert (drawn == usual).all()


def test_it_can_go_by_the_batch_in_copying_stages_alone(
    run: Run, tmp_path: Path, teacher: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch = Watch(monkeypatch)
    experiment = small({"key": "ab", "settings": {"transfer_share": 1 / 3}}, teacher=COPYING)
    _, told = run(experiment, folder=tmp_path / "run")
    (bands,) = (started.plan for started in told.of(RunStarted))
    assert [band.labels for band in bands] == [False, True]
    assert watch.by_batch == [True] * (bands[0].end - bands[0].begin) + [False] * (bands[1].end - bands[1].begin)
    known, shown = load_network(teacher).state_dict(), watch.teachers[0].state_dict()
    assert all(torch.equal(known[name], shown[name]) for name in known)


@pytest.mark.parametrize(("before", "now"), [(True, "all"), (False, "off")])
def test_what_was_a_switch_is_still_read(before: bool, now: str) -> None:
    assert small("ab", teacher={"batch_statistics": before}) == small("ab", teacher={"batch_statistics": now})


def test_further_passes_such_as_attacks_go_by_what_it_learnt(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    watch = Watch(monkeypatch)
    run(small("bss", teacher=ON, dataset={"key": "digits", "per_class": 20}, training={"epochs": 6}))
    assert True in watch.by_batch
    assert False in watch.by_batch


def test_resuming_is_bit_exact(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checkpointer, "LEAST", 0.0)
    monkeypatch.setattr(checkpointer, "MOST", 0.0)
    experiment = small("ab", teacher=ON)
    run(experiment, folder=tmp_path / "whole")

    def kill(event: Event) -> None:
        if event.kind == "checkpoint" and event.step == 4:
            raise Killed

    with pytest.raises(Killed):
        run(experiment, folder=tmp_path / "killed", listen=kill)
    run(experiment, folder=tmp_path / "killed", resume=True)
    first, second = (load_network(tmp_path / name / "student.safetensors").state_dict() for name in ("whole", "killed"))
    assert all(torch.equal(first[name], second[name]) for name in first)


def told_of(told: Told) -> list[str]:
    return [str(notice.what.template) for notice in told.of(Notice)]


def test_a_teacher_without_norms_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _, told = run(small("kd", teacher=ON))
    assert not any("batch statistics" in words for words in told_of(told))
    monkeypatch.setattr("studio.training.setup.batch_norms", lambda _network: [])
    _, told = run(small("kd", teacher=ON))
    assert any("batch statistics change nothing" in words for words in told_of(told))
    _, told = run(small("kd"))
    assert not any("batch statistics" in words for words in told_of(told))


def test_a_method_that_never_copies_without_labels_is_told(run: Run) -> None:
    _, told = run(small("kd", teacher=COPYING))
    assert any("batch statistics change nothing" in words for words in told_of(told))
    _, told = run(small("ab", teacher=COPYING))
    assert not any("batch statistics" in words for words in told_of(told))
