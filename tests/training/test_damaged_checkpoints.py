"""A checkpoint with the right sum and wrong insides: the one before is used, and that is said; the run ends as it would have.

Every entry of real checkpoints is damaged in turn, each in another of the ways there are; ``python -m
tests.benchmarks.damaged_checkpoints`` goes through all ways of all entries.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch

from studio.core.errors import StudioError
from studio.events import CheckpointSaved, Event, Notice, Resumed
from studio.experiment import Experiment
from studio.networks.files import load_network
from studio.training import checkpointer
from studio.training.checkpoints import Checkpoints
from studio.training.control import Control
from studio.training.session import Outcome
from tests.training.made_checkpoints import Place, entries, ways
from tests.training.restoring import Restoring, same_weights
from tests.training.small_runs import Run, runs_in, small

CHOOSING: dict[str, dict[str, Any]] = {
    "dataset": {"validation": 0.2},
    "training": {"epochs": 4, "batch_size": 16, "keep": "best"},
}


class Killed(BaseException):
    """Stands for the process ending here and now."""


@pytest.fixture(autouse=True, scope="module")
def _save_at_every_step() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(checkpointer, "LEAST", 0.0)
        patched.setattr(checkpointer, "MOST", 0.0)
        yield


def killed_at(step: int) -> Callable[[Event], None]:
    def kill(event: Event) -> None:
        if isinstance(event, CheckpointSaved) and event.step == step and not event.best:
            raise Killed

    return kill


@pytest.fixture
def killed(run: Run, tmp_path: Path) -> Callable[[Experiment, int], Path]:
    """Gives the folder of a run that was killed behind its checkpoint of a step."""

    def start(experiment: Experiment, step: int) -> Path:
        with pytest.raises(Killed):
            run(experiment, folder=tmp_path / "killed", listen=killed_at(step))
        return tmp_path / "killed"

    return start


def change(folder: Path, how: Callable[[dict[str, Any]], None]) -> None:
    """Damage the newest checkpoint of a run, and give it the right sum."""
    checkpoints = Checkpoints(folder / "checkpoints")
    saved = torch.load(checkpoints.newest_first()[0], weights_only=True)
    step = saved["step"]
    how(saved)
    checkpoints.save(saved, step)


@pytest.mark.parametrize(
    ("method", "optimizer", "parts"), [("ab", "sgd", ()), ("ft", "adam", [("loop", "optimiser")])], ids=["ab", "ft"]
)
def test_no_damaged_entry_is_taken_or_stops_the_run(
    killed: Callable[[Experiment, int], Path], teacher: Path, cache: Path, method: str, optimizer: str, parts: Any
) -> None:
    """Whatever is taken says the same as the whole checkpoint, in other words."""
    settings = {**CHOOSING["training"], "optimizer": {"key": optimizer, "lr": 0.01}}
    experiment = small(method, dataset=CHOOSING["dataset"], training=settings)
    restoring = Restoring(experiment, killed(experiment, 18), teacher, cache)
    whole = restoring.newest()
    places: list[Place] = [place for place in entries(whole) if place[:2] in parts or not parts]
    assert len(places) > 50
    for number, place in enumerate(places):
        made = ways(whole, place)
        how = list(made)[number % len(made)]
        said = restoring.choose(made[how]())
        if said is None:
            assert restoring.is_unmoved_by(place), (place, how)
        else:
            assert said.level == "warning"
            assert "step-000000017.pt: 1 step" in str(said.remedy), (place, how)


DAMAGES: dict[str, Callable[[dict[str, Any]], None]] = {
    "without origin": lambda saved: saved.pop("origin"),
    "no loop": lambda saved: saved.update(loop=None),
    "another student": lambda saved: saved["student"].popitem(),
    "a nan": lambda saved: next(iter(saved["student"].values())).fill_(torch.nan),
    "of no stage": lambda saved: saved.update(done=saved["done"] * 2),
    "of another stage": lambda saved: saved.update(done=[]),
    "one state less": lambda saved: saved["loop"]["optimiser"]["state"].popitem(),
    "a momentum of another shape": lambda saved: saved["loop"]["optimiser"]["state"][0].update(
        momentum_buffer=torch.zeros(2)
    ),
    "a count that is no number": lambda saved: saved.update(seconds=float("nan")),
}


@dataclass(frozen=True)
class Both:
    """Of one experiment a run that nothing disturbed, and the folder of one that was killed behind step 18."""

    experiment: Experiment
    folder: Path
    outcome: Outcome
    killed: Path


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory, teacher: Path, cache: Path) -> Both:
    """Nobody changes them."""
    run = runs_in(tmp_path_factory.mktemp("runs"), teacher, cache)
    experiment = small("ab", **CHOOSING)
    folder, killed = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("killed")
    outcome, _ = run(experiment, folder=folder)
    with pytest.raises(Killed):
        run(experiment, folder=killed, listen=killed_at(18))
    return Both(experiment, folder, outcome, killed)


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_run_ends_as_if_nothing_had_happened(run: Run, tmp_path: Path, both: Both, damage: str) -> None:
    experiment, whole = both.experiment, both.outcome
    folder = shutil.copytree(both.killed, tmp_path / "killed")
    change(folder, DAMAGES[damage])
    outcome, told = run(experiment, folder=folder, resume=True)
    assert told.of(Resumed)[0].step == 17
    (notice,) = [notice for notice in told.of(Notice) if "checkpoint" in str(notice.what)]
    assert (notice.level, notice.step) == ("warning", 17)
    assert outcome.student_accuracy == whole.student_accuracy
    assert outcome.kept == whole.kept
    assert same_weights(both.folder, folder)


def test_with_none_left_it_is_one_refusal_and_nothing_is_touched(run: Run, tmp_path: Path, both: Both) -> None:
    experiment = both.experiment
    folder = shutil.copytree(both.killed, tmp_path / "killed")
    for file in reversed(Checkpoints(folder / "checkpoints").newest_first()):
        saved = torch.load(file, weights_only=True)
        saved["loop"] = None
        Checkpoints(folder / "apart").save(saved, saved["step"])
    for file in (folder / "apart").iterdir():
        file.replace(folder / "checkpoints" / file.name)
    before = {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()}
    with pytest.raises(StudioError, match=r"all its checkpoints are damaged.*entry loop.*studio train") as refusal:
        run(experiment, folder=folder, resume=True)
    assert "step-000000018.pt" in str(refusal.value)
    assert {file: file.read_bytes() for file in folder.rglob("*") if file.is_file()} == before


def test_one_of_another_experiment_is_replaced_by_one_of_this(
    run: Run, killed: Callable[[Experiment, int], Path]
) -> None:
    folder = killed(small(), 4)
    change(folder, lambda saved: saved["origin"]["settings"].update({"training.batch_size": 7}))
    _, told = run(small(), folder=folder, resume=True)
    assert told.of(Resumed)[0].step == 3
    assert any("training.batch_size is 32 and was 7" in str(notice.why) for notice in told.of(Notice))


class TestTheBestWeights:
    def folder(self, killed: Callable[[Experiment, int], Path]) -> Path:
        return killed(small("none", **CHOOSING), 13)

    @pytest.mark.parametrize("damage", ["rubbish", "missing", "another network"])
    def test_where_they_are_lost_the_last_are_kept_and_it_is_said(
        self, run: Run, tmp_path: Path, killed: Callable[[Experiment, int], Path], damage: str
    ) -> None:
        """The rate is so small that nothing gets better than at the first end of an epoch."""
        training = {**CHOOSING["training"], "optimizer": {"key": "sgd", "lr": 1e-9}}
        experiment = small("none", dataset=CHOOSING["dataset"], training=training)
        folder = killed(experiment, 13)
        best = folder / "checkpoints" / "best.pt"
        if damage == "rubbish":
            best.write_bytes(b"rubbish")
        elif damage == "missing":
            best.unlink()
        else:
            Checkpoints(best.parent).save_best({"step": 5, "student": {"w": torch.ones(3)}, "accuracy": 0.5})
        outcome, told = run(experiment, folder=folder, resume=True)
        assert outcome.state == "finished"
        assert outcome.kept == "last"
        said = [str(notice.paragraph()) for notice in told.of(Notice) if "best weights" in str(notice.what)]
        assert len(said) == 2
        assert "are lost" in said[0]
        assert "The run goes on" in said[0]
        assert "The last weights are kept instead." in said[1]

    def test_where_an_older_checkpoint_leads_to_them_again_it_is_used(
        self, run: Run, tmp_path: Path, killed: Callable[[Experiment, int], Path]
    ) -> None:
        """Saved at the end of the epoch that is the best so far; the step before knows of an earlier best, or none."""
        experiment = small("none", **CHOOSING)
        whole, _ = run(experiment, folder=tmp_path / "whole")
        folder = killed(experiment, 5)
        (folder / "checkpoints" / "best.pt").write_bytes(b"rubbish")
        outcome, told = run(experiment, folder=folder, resume=True)
        assert told.of(Resumed)[0].step == 4
        assert (outcome.kept, outcome.student_accuracy) == (whole.kept, whole.student_accuracy)
        assert same_weights(tmp_path / "whole", folder)

    def test_those_of_a_step_that_was_not_taken_again_are_not_kept(
        self, run: Run, tmp_path: Path, killed: Callable[[Experiment, int], Path]
    ) -> None:
        """Gone back behind the best weights and stopped before them, a run has not earned them."""
        experiment = small("none", **CHOOSING)
        folder = killed(experiment, 5)
        change(folder, lambda saved: saved.update(loop=None))
        control = Control()
        outcome, _ = run(
            experiment,
            folder=folder,
            resume=True,
            control=control,
            listen=lambda event: control.stop() if isinstance(event, Resumed) else None,
        )
        assert (outcome.state, outcome.steps, outcome.kept) == ("stopped", 4, "last")
        assert load_network(folder / "student.safetensors") is not None
