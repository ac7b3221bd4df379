"""The session that only acts says and writes what the real one does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from studio.core.arrays import read_arrays
from studio.core.errors import NotANumber
from studio.events import EpochDone, Event, Resumed, RunEnded, StateChanged, ignore_event
from studio.experiment import Experiment
from studio.networks.files import load_network
from studio.training.control import Control
from studio.training.predictions import Predictions
from studio.training.session import Outcome, Places, run_session
from tests.contracts.run_contract import check_run
from tests.runs.fake_session import FakeSession, Told, experiment

Session = Callable[..., Outcome]


def small(method: str = "kd", **changes: object) -> Experiment:
    """Of a second, with the real session as well."""
    tables: dict[str, object] = {
        "teacher": {"key": "cnn-8", "epochs": 1},
        "student": {"key": "cnn-4"},
        "training": {"epochs": 3, "batch_size": 32, "device": "cpu"},
    }
    return experiment(method, **(tables | changes))


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    folder = tmp_path_factory.mktemp("teacher")
    run_session(small("none", student={"key": "cnn-8"}), Places(folder, cache), ignore_event, Control())
    return folder / "student.safetensors"


@dataclass
class Sitting:
    """A session and where its runs are."""

    session: Session
    places: Places
    fake: FakeSession | None = None

    def run(self, wish: Experiment, control: Control | None = None, *, resume: bool = False) -> tuple[Outcome, Told]:
        told = Told()
        return self.session(wish, self.places, told, control or Control(), resume=resume), told


@pytest.fixture(params=["real", "fake"])
def sitting(request: pytest.FixtureRequest, tmp_path: Path, cache: Path, teacher: Path) -> Sitting:
    """With a teacher."""
    fake = FakeSession(steps=9, per_epoch=3) if request.param == "fake" else None
    return Sitting(fake or run_session, Places(tmp_path, cache, teacher), fake)


def alone(sitting: Sitting) -> Sitting:
    """The same without a teacher."""
    return Sitting(sitting.session, Places(sitting.places.folder, sitting.places.cache), sitting.fake)


def check_outcome(outcome: Outcome, told: Told, wish: Experiment, folder: Path, *, teacher: bool) -> None:
    """What is returned is what was said last, and what lies in the folder."""
    (end,) = told.of(RunEnded)
    assert (outcome.state, outcome.reason, outcome.seconds) == (end.state, end.reason, end.seconds)
    assert (outcome.student_accuracy, outcome.teacher_accuracy) == (end.test_accuracy, end.teacher_accuracy)
    assert (outcome.steps, outcome.epochs) == (end.step, end.epoch)
    roles = {"student", "teacher"} if teacher else {"student"}
    assert outcome.parameters.keys() == outcome.macs.keys() == outcome.latency_ms.keys() == roles
    student = load_network(folder / "student.safetensors")
    assert student.key == wish.student_network
    assert sum(weights.numel() for weights in student.parameters()) == outcome.parameters["student"]
    kept = Predictions.of(read_arrays(folder / "predictions.npz"))
    assert kept is not None
    assert (kept.teacher is not None) == teacher
    for role, answers in (("student", kept.student), ("teacher", kept.teacher)):
        returned = outcome.predictions.arrays.get(role)
        assert (answers is None) == (returned is None)
        if answers is not None and returned is not None:
            assert np.array_equal(answers, returned)
            assert (answers.dtype.type, answers.shape) == (np.float32, (len(kept.labels), len(student.classes)))
    assert kept.labels.dtype == np.int64
    assert outcome.student_accuracy == pytest.approx((kept.student.argmax(1) == kept.labels).mean())
    assert list((folder / "checkpoints").glob("step-*.pt"))


@pytest.mark.parametrize("method", ["kd", "ab"])  # of one stage, and of two
def test_a_run_with_a_teacher(sitting: Sitting, method: str) -> None:
    outcome, told = sitting.run(small(method))
    check_run(told, ended="finished", teacher=True)
    check_outcome(outcome, told, small(method), sitting.places.folder, teacher=True)


def test_a_student_made_from_its_teacher(sitting: Sitting) -> None:
    wish = small("recast", student={"key": "recast"}, training={"epochs": 4, "batch_size": 32, "device": "cpu"})
    outcome, told = sitting.run(wish)
    check_run(told, ended="finished", teacher=True)
    check_outcome(outcome, told, wish, sitting.places.folder, teacher=True)


def test_a_run_without_a_teacher(sitting: Sitting) -> None:
    outcome, told = alone(sitting).run(small("none"))
    check_run(told, ended="finished", teacher=False)
    check_outcome(outcome, told, small("none"), sitting.places.folder, teacher=False)


POINTS = {"dataset": {"key": "moons", "per_class": 30}, "student": {"key": "mlp-8-8"}}


@pytest.mark.parametrize("taught", [False, True])
def test_points(sitting: Sitting, tmp_path_factory: pytest.TempPathFactory, *, taught: bool) -> None:
    knows, places = tmp_path_factory.mktemp("knows"), sitting.places
    run_session(small("none", **POINTS), Places(knows, places.cache), ignore_event, Control())
    wish = small("kd" if taught else "none", **POINTS, teacher={"key": "mlp-8-8"})
    sitting.places = Places(places.folder, places.cache, knows / "student.safetensors" if taught else None)
    outcome, told = sitting.run(wish)
    assert check_run(told, ended="finished", teacher=taught).examples == "points"
    check_outcome(outcome, told, wish, places.folder, teacher=taught)


def test_a_run_that_was_stopped_goes_on_from_there(sitting: Sitting) -> None:
    control = Control()
    told = Told()

    def listen(event: Event) -> None:
        told.append(event)
        if isinstance(event, EpochDone):
            control.stop()

    outcome = sitting.session(small(), sitting.places, listen, control)
    check_run(told, ended="stopped", teacher=True)
    check_outcome(outcome, told, small(), sitting.places.folder, teacher=True)
    assert outcome.steps > 0

    again, rest = sitting.run(small(), resume=True)
    started = check_run(rest, ended="finished", teacher=True, resumed_at=outcome.steps)
    check_outcome(again, rest, small(), sitting.places.folder, teacher=True)
    assert again.steps == started.steps
    assert len(rest.of(Resumed)) == 1


def test_a_paused_run_does_a_step_when_asked_and_goes_on(sitting: Sitting) -> None:
    control, told = Control(), Told()
    held: list[int] = []

    def listen(event: Event) -> None:
        told.append(event)
        if isinstance(event, EpochDone) and not held:
            control.pause()
        if isinstance(event, StateChanged) and event.state == "paused":
            held.append(event.step)
            if len(held) == 1:
                control.step()
            else:
                control.resume()

    sitting.session(small(), sitting.places, listen, control)
    check_run(told, ended="finished", teacher=True)
    assert len(held) == 2
    assert held[1] == held[0] + 1
    assert [event.state for event in told.of(StateChanged)] == ["paused", "running", "paused", "running"]


def test_a_paused_run_can_be_stopped(sitting: Sitting) -> None:
    control, told = Control(), Told()

    def listen(event: Event) -> None:
        told.append(event)
        if isinstance(event, EpochDone):
            control.pause()
        if isinstance(event, StateChanged) and event.state == "paused":
            control.stop()

    sitting.session(small(), sitting.places, listen, control)
    check_run(told, ended="stopped", teacher=True)
    assert [event.state for event in told.of(StateChanged)] == ["paused", "stopping"]


def test_a_run_that_fails_says_so_before_it_raises(sitting: Sitting) -> None:
    told = Told()
    wish = small("logits", training={"epochs": 30, "optimizer": {"lr": 10.0, "momentum": 0.99}, "device": "cpu"})
    if sitting.fake is not None:
        sitting.fake.meanwhile = lambda _wish, _listen, _control: fail()
    with pytest.raises(NotANumber):
        sitting.session(wish, sitting.places, told, Control())
    check_run(told, ended="failed", teacher=True)


def fail() -> None:
    raise NotANumber("The loss is no longer a number.")
