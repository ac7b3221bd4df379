"""Hooks of a user of the library: when they are called, what they see, and that a run goes on as if they were not there."""

from __future__ import annotations

import doctest
from pathlib import Path

import pytest
import torch

from studio.core.errors import RunFailed
from studio.events import EpochDone, Event, RunEnded, Terms
from studio.methods.base import Who
from studio.networks.files import load_network
from studio.training import checkpointer, hooks
from studio.training.control import Control
from studio.training.hooks import Hook, HookFunction, RunView, at_epoch_end, at_stage_end, at_stage_start, every
from tests.training.small_runs import Run, small


class Killed(BaseException):
    """Stands for the process ending here and now."""


def weights(folder: Path) -> dict[str, torch.Tensor]:
    return load_network(folder / "student.safetensors").state_dict()


def same(a: Path, b: Path) -> bool:
    first, second = weights(a), weights(b)
    return all(torch.equal(first[name], second[name]) for name in first)


@pytest.fixture
def calls() -> list[tuple[str, str, int]]:
    """What was called: word, stage, step."""
    return []


@pytest.fixture
def watching(calls: list[tuple[str, str, int]]) -> list[Hook]:
    """A hook of every kind, each of which writes down its calls."""

    def note(word: str) -> HookFunction:
        return lambda run: calls.append((word, run.stage, run.step))

    return [
        every(4)(note("fourth")),
        at_stage_start(note("start")),
        at_epoch_end(note("epoch")),
        at_stage_end(note("end")),
    ]


def test_they_are_called_at_their_moments(run: Run, watching: list[Hook], calls: list[tuple[str, str, int]]) -> None:
    """Four epochs of three steps, the first of which is a stage of its own."""
    run(small("ab", training={"epochs": 4}), hooks=watching)
    assert calls == [
        ("start", "transfer", 0),
        ("epoch", "transfer", 3),
        ("end", "transfer", 3),
        ("start", "task", 3),
        ("fourth", "task", 4),
        ("epoch", "task", 6),
        ("fourth", "task", 8),
        ("epoch", "task", 9),
        ("fourth", "task", 12),
        ("epoch", "task", 12),
        ("end", "task", 12),
    ]


def test_within_a_moment_they_are_called_in_the_order_given(run: Run) -> None:
    order: list[str] = []
    first, second = at_stage_end(lambda _run: order.append("first")), at_stage_end(lambda _run: order.append("second"))
    run(small(), hooks=[second, first])
    assert order == ["second", "first"]


def test_they_see_where_the_run_stands(run: Run) -> None:
    seen: list[RunView] = []
    _, told = run(small("ab", training={"epochs": 4}), hooks=[at_epoch_end(seen.append), at_stage_end(seen.append)])
    assert [(view.step, view.epoch) for view in seen] == [(3, 1), (3, 1), (6, 2), (9, 3), (12, 4), (12, 4)]
    assert {(view.steps, view.epochs) for view in seen} == {(12, 4)}
    assert [[record.name for record in view.done] for view in seen[:3]] == [[], ["transfer"], ["transfer"]]
    assert [record.name for record in seen[-1].done] == ["transfer", "task"]
    measured = [event.test_accuracy for event in told.of(EpochDone)]
    assert [view.test_accuracy for view in seen] == [measured[0], *measured, measured[-1]]
    assert {view.validation_accuracy for view in seen} == {None}
    assert [(role, network.key) for role, network in seen[0].networks.items()] == [
        ("student", "cnn-4"),
        ("teacher", "cnn-8"),
    ]


def test_without_a_teacher_they_see_the_student_alone(run: Run) -> None:
    seen: list[RunView] = []
    run(small("none"), hooks=[at_stage_start(seen.append)])
    assert list(seen[0].networks) == ["student"]


def test_they_read_the_terms_of_the_last_step_and_take_them_from_nobody(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.training.reporter.READING", 0.0)
    read: list[dict[str, float]] = []
    none: list[object] = []

    @every(1)
    def look(run: RunView) -> None:
        read.append({name: reading.value for name, reading in run.terms().items()})

    _, told = run(small(), hooks=[look, at_stage_start(lambda run: none.append(run.terms()))])
    assert none == [{}]
    assert read == [{name: r.value for name, r in event.terms.items()} for event in told.of(Terms)]
    assert set(read[0]) == {"labels", "soft targets"}


def test_they_change_no_number(run: Run, tmp_path: Path) -> None:
    """Not by drawing, by asking the networks in training mode, nor by taking gradients of their own."""

    def meddle(view: RunView) -> None:
        torch.manual_seed(view.step)
        torch.rand(3)
        assert not torch.is_grad_enabled()
        for network in view.networks.values():
            assert not network.training
            network(torch.rand(4, 1, 8, 8))
        with torch.enable_grad():
            view.networks["student"](torch.rand(4, 1, 8, 8)).sum().backward()
        view.networks["student"].train()
        view.terms()

    experiment = small("ab", training={"epochs": 4})
    _, quiet = run(experiment, folder=tmp_path / "quiet")
    _, told = run(
        experiment,
        folder=tmp_path / "watched",
        hooks=[every(1)(meddle), at_stage_start(meddle), at_epoch_end(meddle), at_stage_end(meddle)],
    )
    assert same(tmp_path / "quiet", tmp_path / "watched")
    assert told.of(EpochDone) == quiet.of(EpochDone)


def test_one_that_raises_ends_the_run_and_is_named(run: Run, tmp_path: Path) -> None:
    @at_epoch_end
    def too_curious(view: RunView) -> None:
        if view.step == 6:
            raise ZeroDivisionError("division by zero")

    told: list[Event] = []
    with pytest.raises(RunFailed, match=r"“too_curious” ended the run.*ZeroDivisionError: division by zero") as failed:
        run(small(), folder=tmp_path / "r", hooks=[too_curious], listen=told.append)
    assert "in too_curious" in failed.value.__notes__[0]
    assert isinstance(told[-1], RunEnded)
    assert (told[-1].state, told[-1].step) == ("failed", 6)
    outcome, _ = run(small(), folder=tmp_path / "r", resume=True)
    assert outcome.state == "finished"


@pytest.mark.parametrize("role", ["student", "teacher"])
def test_one_that_changes_a_network_ends_the_run_and_is_named(run: Run, role: Who) -> None:
    class Pruner:
        def __call__(self, view: RunView) -> None:
            next(view.networks[role].parameters()).zero_()

    with pytest.raises(RunFailed, match=r"“Pruner” ended the run\. It changed a network"):
        run(small(), hooks=[every(2)(Pruner())])


def test_one_can_stop_the_run(run: Run) -> None:
    control = Control()
    outcome, _ = run(small(), control=control, hooks=[every(5)(lambda _run: control.stop())])
    assert (outcome.state, outcome.steps) == ("stopped", 5)


def test_going_on_calls_them_for_what_is_done_again(
    run: Run,
    tmp_path: Path,
    watching: list[Hook],
    calls: list[tuple[str, str, int]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Killed between the end of an epoch and its checkpoint: that end comes again."""
    monkeypatch.setattr(checkpointer, "LEAST", 0.0)

    @at_epoch_end
    def kill(view: RunView) -> None:
        if view.step == 6:
            raise Killed

    with pytest.raises(Killed):
        run(small(), folder=tmp_path / "r", hooks=[*watching, kill])
    assert calls[-1] == ("epoch", "task", 6)
    calls.clear()
    run(small(), folder=tmp_path / "r", resume=True, hooks=watching)
    assert calls[:3] == [("start", "task", 3), ("fourth", "task", 4), ("epoch", "task", 6)]


@pytest.mark.parametrize("steps", [0, -1])
def test_they_are_called_every_step_at_most(steps: int) -> None:
    with pytest.raises(ValueError, match="every 1, 2, 3"):
        every(steps)


def test_a_marked_function_can_still_be_called() -> None:
    seen: list[object] = []
    every(2)(seen.append)("a view")  # type: ignore[arg-type]  # nothing of the view is read
    assert seen == ["a view"]


def test_the_example_of_the_documentation_runs() -> None:
    result = doctest.testmod(hooks)
    assert result.attempted > 0
    assert result.failed == 0
