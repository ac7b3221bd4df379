"""What a stage reached is given to the method, which may decide by it whether there is another."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from studio import catalog
from studio.data.loader import Loader
from studio.events import CheckpointSaved, EpochDone, Event, PlanChanged, RunStarted, StageStarted
from studio.experiment import Experiment
from studio.methods.base import Cast, History, MethodSettings, Stage
from studio.methods.none import StudentAlone
from studio.training import checkpointer
from studio.training.checkpoints import Checkpoints
from tests.training.small_runs import Run, Told, small

#: A stage that changes nothing, so that it cannot bring a gain.
STANDSTILL = {"optimizer": {"key": "sgd", "lr": 1e-12, "weight_decay": 0.0}}


class Killed(BaseException):
    """Stands for the process ending here and now."""


class WhileItGains(StudentAlone):
    """Up to four stages on the labels, as long as each is better than the one before; from the second on none is."""

    key = "while_it_gains"

    def __init__(self) -> None:
        self.asked: list[History] = []

    def plan(self, settings: MethodSettings, cast: Cast) -> list[Stage]:
        del settings, cast
        first = Stage("try 1", "learn", None, share=0.25)
        others = [
            Stage(f"try {n}", "learn on", None, share=0.25, trains=("student.head",), optimizer=STANDSTILL)
            for n in (2, 3, 4)
        ]
        return [first, *others]

    def next_stage(self, settings: MethodSettings, history: History) -> Stage | None:
        self.asked.append(history)
        reached = [record.validation_accuracy or 0.0 for record in history.done]
        if len(reached) > 1 and reached[-1] <= reached[-2]:
            return None
        return super().next_stage(settings, history)


@pytest.fixture(autouse=True)
def method(monkeypatch: pytest.MonkeyPatch) -> WhileItGains:
    """The toy method, in the catalogue for the length of a test."""
    toy, find = WhileItGains(), catalog.find

    def find_toy(kind: catalog.Kind | tuple[catalog.Kind, ...], key: str) -> Any:
        return toy if key == toy.key else find(kind, key)

    monkeypatch.setattr(catalog, "find", find_toy)
    monkeypatch.setattr(checkpointer, "LEAST", 0.0)
    monkeypatch.setattr(checkpointer, "MOST", 0.0)
    return toy


def experiment(**changes: Any) -> Experiment:
    """Four stages of two epochs of five steps, the best epoch kept."""
    training = {"epochs": 8, "batch_size": 16, "keep": "best"}
    return small("while_it_gains", dataset={"validation": 0.2}, training={**training, **changes})


def stages(told: Told) -> list[str]:
    return [event.stage for event in told.of(StageStarted)]


def test_a_method_stops_when_a_stage_brought_no_gain(run: Run, method: WhileItGains) -> None:
    outcome, told = run(experiment())
    assert stages(told) == ["try 1", "try 2"]
    assert (outcome.state, outcome.steps) == ("finished", 20)
    assert [len(history.done) for history in method.asked] == [0, 1, 2]


def test_stages_that_do_not_come_leave_the_plan(run: Run) -> None:
    _, told = run(experiment())
    assert [band.name for band in told.of(RunStarted)[0].plan] == ["try 1", "try 2", "try 3", "try 4"]
    (changed,) = told.of(PlanChanged)
    assert [band.name for band in changed.plan] == ["try 1", "try 2"]
    assert (changed.steps, changed.epochs, changed.step) == (20, 4, 20)


def test_it_is_given_what_the_last_evaluation_of_each_stage_measured(run: Run, method: WhileItGains) -> None:
    _, told = run(experiment())
    ends = [event for event in told.of(EpochDone) if event.step in (10, 20)]
    reached = [(record.test_accuracy, record.validation_accuracy) for record in method.asked[-1].done]
    assert reached == [(event.test_accuracy, event.validation_accuracy) for event in ends]
    assert None not in reached[0]


@pytest.mark.parametrize("at", [None, 7])
def test_a_stage_may_see_its_pictures_as_they_are(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int | None
) -> None:
    """Also when it was killed: a pair of stages on varied and on plain pictures, of which the first is varied."""
    seen: dict[int, bool] = {}
    real = Loader.batch

    def batch(self: Loader, step: int, *, varied: bool = True) -> tuple[torch.Tensor, torch.Tensor]:
        found = real(self, step, varied=varied)
        seen[step] = torch.equal(found[0], real(self, step, varied=False)[0])
        return found

    def plan(_self: WhileItGains, _settings: MethodSettings, _cast: Cast) -> list[Stage]:
        return [Stage("try 1", "learn", None, 0.5), Stage("try 2", "learn on", None, 0.5, varied=False)]

    def kill(event: Event) -> None:
        if isinstance(event, CheckpointSaved) and event.step == at and not event.best:
            raise Killed

    monkeypatch.setattr(Loader, "batch", batch)
    monkeypatch.setattr(WhileItGains, "plan", plan)
    pictures = {"augmentation": {"pad": 2, "padding": "zeros", "flip": True}, "validation": 0.2}
    shifted = small(WhileItGains.key, dataset=pictures, training={"epochs": 4, "batch_size": 16, "keep": "best"})
    if at is not None:
        with pytest.raises(Killed):
            run(shifted, folder=tmp_path, listen=kill)
    run(shifted, folder=tmp_path, resume=at is not None)
    assert [plain for _, plain in sorted(seen.items())] == [False] * 10 + [True] * 10


def test_validation_pictures_that_choose_nothing_measure_nothing(run: Run, method: WhileItGains) -> None:
    run(experiment(keep="last"))
    for record in method.asked[-1].done:
        assert record.test_accuracy is not None
        assert record.validation_accuracy is None


@pytest.mark.parametrize("at", [7, 10, 13, 20])
def test_a_run_that_was_killed_decides_as_the_whole_one(
    run: Run, tmp_path: Path, method: WhileItGains, at: int
) -> None:
    """Also when it was killed between the end of a stage and the question what follows, as it is at 10 and 20."""
    whole, _ = run(experiment())
    known = method.asked[-1]

    def kill(event: Event) -> None:
        if isinstance(event, CheckpointSaved) and event.step == at and not event.best:
            raise Killed

    with pytest.raises(Killed):
        run(experiment(), folder=tmp_path / "killed", listen=kill)
    outcome, _ = run(experiment(), folder=tmp_path / "killed", resume=True)
    assert method.asked[-1] == known
    assert (outcome.steps, outcome.student_accuracy) == (whole.steps, whole.student_accuracy)


def test_a_checkpoint_of_version_0_1_0_knows_no_accuracies_and_is_gone_on_with(
    run: Run, tmp_path: Path, method: WhileItGains
) -> None:
    def kill(event: Event) -> None:
        if isinstance(event, CheckpointSaved) and event.step == 13:
            raise Killed

    with pytest.raises(Killed):
        run(experiment(), folder=tmp_path, listen=kill)
    checkpoints = Checkpoints(tmp_path / "checkpoints")
    saved = torch.load(checkpoints.newest_first()[0], weights_only=True)
    del saved["result"], saved["loop"]["updated"]
    saved["done"] = [{**record, "validation_accuracy": None, "test_accuracy": None} for record in saved["done"]]
    checkpoints.save({**saved, "format": 1}, saved["step"])

    outcome, _ = run(experiment(), folder=tmp_path, resume=True)
    assert outcome.state == "finished"
    first, second, *_ = method.asked[-1].done
    assert (first.test_accuracy, first.validation_accuracy) == (None, None)
    assert second.test_accuracy is not None
