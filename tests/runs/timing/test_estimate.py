"""How long something will take: before it begins, and while it runs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from studio.core.message import Text
from studio.events import Event, PlanChanged, Progress, RunEnded, RunStarted, StateChanged
from studio.experiment import Experiment, validated
from studio.runs.launch import launch
from studio.runs.store.workspace import Workspace
from studio.runs.timing.estimate import RunPart, Workload, forecast, slowness
from studio.runs.timing.time_left import TimeLeft

BASE = {
    "dataset": {"key": "moons", "per_class": 20},
    "teacher": {"key": "mlp-20-20"},
    "student": {"key": "mlp-6-6"},
    "method": {"key": "kd"},
    "training": {"epochs": 2},
    "references": {"alone": True},
}


def experiment(**changes: object) -> Experiment:
    return validated({**BASE, **changes})


def roles(parts: tuple[RunPart, ...]) -> list[str]:
    return [part.role for part in parts]


class TestWork:
    def test_a_test_part_has_to_be_answered_at_every_epoch(self) -> None:
        few, many = (Workload(100, 10, 32, tested, 1_000_000).seconds for tested in (100, 10_000))
        assert many > few + 10 * 9_900 * 1_000_000 / 5e10

    def test_epochs_of_the_same_steps_are_tested_and_looked_at(self) -> None:
        assert Workload(100, 100, 32, 100, 1_000).seconds > Workload(100, 1, 32, 100, 1_000).seconds + 0.5

    def test_no_more_often_than_a_run_is_tested(self) -> None:
        hundred, thousand = (Workload(1000, epochs, 32, 100, 1_000).seconds for epochs in (100, 1000))
        assert thousand == pytest.approx(hundred)

    def test_points_take_less_than_pictures(self) -> None:
        pictures = Workload(1000, 10, 32, 100, 500)
        assert replace(pictures, points=True).seconds < pictures.seconds


class TestForecast:
    @pytest.fixture
    def workspace(self, tmp_path: Path) -> Workspace:
        return Workspace(tmp_path)

    def test_references_are_parts_in_the_order_they_are_trained(self, workspace: Workspace) -> None:
        (parts,) = forecast([experiment()], workspace.runs(), workspace.cache)
        assert roles(parts) == ["teacher", "alone", "student"]
        assert all(part.seconds > 0 for part in parts)

    def test_seeds_share_their_teacher(self, workspace: Workspace) -> None:
        first, second = forecast([experiment(seed=0), experiment(seed=1)], workspace.runs(), workspace.cache)
        assert roles(first) == ["teacher", "alone", "student"]
        assert roles(second) == ["alone", "student"]

    def test_methods_share_the_student_alone_as_well(self, workspace: Workspace) -> None:
        _, second = forecast([experiment(), experiment(method={"key": "logits"})], workspace.runs(), workspace.cache)
        assert roles(second) == ["student"]

    def test_what_was_trained_before_is_not_counted(self, workspace: Workspace) -> None:
        launch(experiment(), workspace)
        (parts,) = forecast([experiment()], workspace.runs(), workspace.cache)
        assert roles(parts) == ["student"]

    def test_nothing_is_said_of_folders_nobody_read(self, workspace: Workspace, tmp_path: Path) -> None:
        unknown = experiment(
            dataset={"key": "images", "path": str(tmp_path)}, teacher={"key": "cnn-8"}, student={"key": "cnn-4"}
        )
        assert forecast([unknown, experiment()], workspace.runs(), workspace.cache)[0] == ()

    def test_an_afternoon_of_a_busy_computer_does_not_make_the_next_runs_longer(self, workspace: Workspace) -> None:
        done = launch(experiment(method={"key": "none"}), workspace)
        alone = [replace(done, seconds=3.0)] * 3
        busy = [replace(done, seconds=seconds) for seconds in (9.0, 10.0, 40.0, 12.0, 30.0)]
        assert slowness([*busy, *alone]) == pytest.approx(slowness(alone))
        assert slowness([replace(done, seconds=6.0)] * 8) == pytest.approx(2 * slowness(alone)), (
            "a slower computer does"
        )

    def test_parts_are_called_as_their_runs_say(self, workspace: Workspace) -> None:
        said: list[Event] = []
        (parts,) = forecast([experiment()], workspace.runs(), workspace.cache)
        launch(experiment(), workspace, said.append)
        assert [event.role for event in said if isinstance(event, RunStarted)] == [part.role for part in parts]


PARTS = (RunPart("teacher", 10.0), RunPart("alone", 4.0), RunPart("student", 6.0))


class Told:
    """A job whose parts take ``slower`` times as long as forecast, read two hundred times each."""

    def __init__(self, slower: float = 1.0) -> None:
        self.now, self.slower = 0.0, slower
        self.time_left = TimeLeft(lambda: self.now)
        self.time_left.start_job()
        self.handle_event(Progress(run="s", words=Text("Getting ready")))
        self.time_left.expect(PARTS)

    def handle_event(self, event: Event) -> None:
        self.time_left.handle_event(event)

    def train(self, run: str, part: RunPart, until: float = 1.0, since: float = 0.0) -> list[float]:
        """Seconds left at every reading."""
        if since == 0:
            self.handle_event(_started(run, part.role))
        lefts = []
        for i in range(round(200 * since), round(200 * until) + 1):
            self.handle_event(Progress(run=run, words=Text("Learn"), fraction=i / 200))
            left = self.time_left.seconds
            assert left is not None
            lefts.append(left)
            self.now += part.seconds * self.slower / 200
        if until == 1.0:
            self.now -= part.seconds * self.slower / 200
            self.handle_event(RunEnded(run=run, state="finished", reason=Text("")))
        return lefts


def _started(run: str, role: str, steps: int = 1) -> RunStarted:
    return RunStarted(
        run=run, role=role, name="", plan=(), steps=steps, epochs=1, steps_per_epoch=1, batch_size=1, device="cpu", threads=1,
        precision="exact", classes=(), groups=(),
    )  # fmt: skip


class TestRemaining:
    def test_it_is_of_the_whole_and_not_of_the_part(self) -> None:
        told = Told()
        assert told.time_left.seconds == pytest.approx(20)
        told.train("t", PARTS[0], until=0.5)
        assert told.time_left.seconds == pytest.approx(15)
        assert told.time_left.fraction == pytest.approx(0.25)

    def test_what_waits_is_counted(self) -> None:
        told = Told()
        told.time_left.expect_later([PARTS, PARTS[1:]])
        assert told.time_left.seconds == pytest.approx(50)

    @pytest.mark.parametrize("slower", [0.25, 1.0, 3.0])
    def test_it_learns_the_pace_and_does_not_jump(self, slower: float) -> None:
        told = Told(slower)
        lefts = [left for run, part in zip("tas", PARTS, strict=True) for left in told.train(run, part)]
        assert lefts[-1] == pytest.approx(0, abs=1e-6)
        middle = lefts[300]  # alone has trained half
        assert middle == pytest.approx(slower * 8, rel=0.35)
        jumps = [abs(b - a) / max(1.0, a) for a, b in pairwise(lefts)]
        assert max(jumps) < 0.15

    @pytest.mark.parametrize(("slower", "slow"), [(0.5, False), (1.5, False), (4.0, True)])
    def test_it_is_slow_where_it_takes_more_than_twice_as_long(self, slower: float, slow: bool) -> None:
        told = Told(slower)
        assert not told.time_left.is_slow, "nothing was seen yet"
        told.train("t", PARTS[0])
        assert told.time_left.is_slow is slow
        told.time_left.reset()
        assert not told.time_left.is_slow

    def test_a_pause_is_no_training(self) -> None:
        told = Told()
        told.train("t", PARTS[0], until=0.5)
        before = told.time_left.seconds
        told.handle_event(StateChanged(run="t", state="paused"))
        told.now += 1000
        told.handle_event(StateChanged(run="t", state="running"))
        told.handle_event(Progress(run="t", words=Text("Learn"), fraction=0.5))
        assert told.time_left.seconds == pytest.approx(before)

    def test_a_run_that_becomes_half_as_long_again_takes_as_much_longer(self) -> None:
        told = Told()
        told.time_left.expect(tuple(RunPart(part.role, 2 * part.seconds) for part in PARTS))
        told.handle_event(_started("t", "teacher", steps=20))
        told.handle_event(Progress(run="t", words=Text("Learn"), fraction=0.5))
        assert told.time_left.seconds == pytest.approx(30)
        told.handle_event(PlanChanged(run="t", plan=(), steps=30, epochs=3))
        assert told.time_left.seconds == pytest.approx(40)
        assert told.time_left.fraction == pytest.approx(10 / 50)
        told.handle_event(Progress(run="t", words=Text("Learn"), fraction=1 / 3))
        assert told.time_left.seconds == pytest.approx(40)

    def test_a_forecast_that_comes_late_finds_its_place(self) -> None:
        late = TimeLeft(lambda: 0.0)
        late.start_job("s")
        late.handle_event(_started("a", "alone"))
        assert late.seconds is None
        late.expect(PARTS)
        assert late.seconds == pytest.approx(10)
