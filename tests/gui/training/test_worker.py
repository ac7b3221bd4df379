"""The worker: what it tells when, what it never lets out, and how its thread ends."""

from __future__ import annotations

import ast
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from studio.core.errors import RunFailed, StudioError
from studio.core.message import Text
from studio.events import EpochDone, Event, Phase, Progress, RunEnded, Snapshot, Terms
from studio.experiment import Experiment, validated
from studio.gui.system.background_jobs import BackgroundJobs
from studio.gui.training.mailbox import Mailbox
from studio.gui.training.run_queue import RunQueue, expand
from studio.gui.training.worker import JobResult, TrainingJob
from tests.gui.at_hand import there
from tests.gui.fake_engine import STEPS, FakeEngine

GUI = Path(__file__).parents[3] / "studio" / "gui"


def experiment(**changes: Any) -> Experiment:
    values = {
        "dataset": {"key": "digits"},
        "teacher": {"key": "cnn-8"},
        "student": {"key": "cnn-4"},
        "method": {"key": "kd"},
    }
    return validated(values | changes)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class TestMailbox:
    @pytest.fixture
    def clock(self) -> Clock:
        return Clock()

    @pytest.fixture
    def rings(self) -> list[float]:
        return []

    @pytest.fixture
    def mailbox(self, clock: Clock, rings: list[float]) -> Mailbox:
        return Mailbox(lambda: rings.append(clock.now), clock)

    def progress(self, step: int) -> Progress:
        return Progress(words=Text("Learn"), step=step)

    def test_rings_at_most_ten_times_a_second_for_what_is_not_urgent(
        self, mailbox: Mailbox, clock: Clock, rings: list[float]
    ) -> None:
        for i in range(1000):
            clock.now = i / 1000
            mailbox.put(self.progress(i))
            mailbox.drain()
        assert 9 <= len(rings) <= 10

    def test_keeps_only_the_newest_progress(self, mailbox: Mailbox) -> None:
        for i in range(5):
            mailbox.put(self.progress(i))
        assert [event.step for event in mailbox.drain()] == [4]

    def test_tells_what_is_urgent_at_once(self, mailbox: Mailbox, clock: Clock, rings: list[float]) -> None:
        mailbox.put(self.progress(1))
        mailbox.drain()
        clock.now = 0.06
        mailbox.put(Phase(words=Text("Preparing data")))
        assert rings == [0.0, 0.06]

    def test_drops_no_event_but_older_progress(self, mailbox: Mailbox, clock: Clock) -> None:
        given = []
        for i in range(300):
            clock.now += 0.0001
            event = (
                EpochDone(labelled=True, step=i)
                if i % 2
                else Terms(terms={}, learning_rate=0.1, pictures_per_second=1, step=i)
            )
            given.append(event)
            mailbox.put(event)
        assert mailbox.drain() == given

    def test_rings_once_until_it_is_read(self, mailbox: Mailbox, clock: Clock, rings: list[float]) -> None:
        for i in range(10):
            clock.now = float(i)
            mailbox.put(Phase(words=Text("x"), step=i))
        assert len(rings) == 1


@pytest.fixture
def engine(tmp_path: Path) -> FakeEngine:
    return FakeEngine(tmp_path)


@pytest.fixture
def queue(qtbot: QtBot, engine: FakeEngine) -> Iterator[RunQueue]:
    made = RunQueue(engine)
    yield made
    assert made.shut_down(5000)


def collect(queue: RunQueue) -> tuple[list[Event], list[JobResult]]:
    sink = Sink(queue)
    return sink.events, sink.ends


class Sink(QObject):
    """Bound methods of an object that lives in this thread, as in the window."""

    def __init__(self, queue: RunQueue) -> None:
        super().__init__(queue)
        self.events: list[Event] = []
        self.ends: list[JobResult] = []
        self.threads: set[int] = set()
        queue.events_arrived.connect(self.handle_events)
        queue.ended.connect(self.handle_end)

    def handle_events(self, events: list[Event]) -> None:
        self.threads.add(threading.get_ident())
        self.events += events

    def handle_end(self, ended: JobResult) -> None:
        self.threads.add(threading.get_ident())
        self.ends.append(ended)


class TestQueue:
    def test_tells_all_events_in_order_and_then_the_end(self, qtbot: QtBot, queue: RunQueue) -> None:
        events, ends = collect(queue)
        with qtbot.waitSignal(queue.idled, timeout=8000):
            queue.add([TrainingJob("a run", experiment())])
        epochs = [event.step for event in events if isinstance(event, EpochDone)]
        assert epochs == list(range(4, STEPS + 1, 4))
        assert [event.step for event in events if isinstance(event, Snapshot)] == [0, *epochs]
        assert isinstance(events[-1], RunEnded)
        assert there(ends[0].info).state == "finished"

    def test_tells_the_window_in_its_own_thread(self, qtbot: QtBot, queue: RunQueue) -> None:
        sink = Sink(queue)
        with qtbot.waitSignal(queue.idled, timeout=8000):
            queue.add([TrainingJob("a run", experiment())])
        assert sink.threads == {threading.get_ident()}

    def test_runs_several_jobs_one_after_the_other(self, qtbot: QtBot, queue: RunQueue) -> None:
        _, ends = collect(queue)
        jobs = [TrainingJob(f"seed {one.seed}", one) for one in expand(experiment(), [1, 2, 3])]
        with qtbot.waitSignal(queue.idled, timeout=8000):
            queue.add(jobs)
            assert queue.job is jobs[0]
            assert queue.waiting == tuple(jobs[1:])
        assert [there(ended.info).seed for ended in ends] == [1, 2, 3]

    def test_hands_over_an_error_said_in_words(self, qtbot: QtBot, queue: RunQueue, engine: FakeEngine) -> None:
        engine.fault = (3, RunFailed("It broke.", "A wire was loose."))
        _, ends = collect(queue)
        with qtbot.waitSignal(queue.idled, timeout=8000):
            queue.add([TrainingJob("a run", experiment())])
        assert str(ends[0].error) == "It broke. A wire was loose."

    @pytest.mark.parametrize("fault", [ZeroDivisionError("by nothing"), KeyboardInterrupt(), SystemExit(3)])
    def test_lets_no_exception_out(
        self, qtbot: QtBot, queue: RunQueue, engine: FakeEngine, fault: BaseException
    ) -> None:
        engine.fault = (2, fault)
        _, ends = collect(queue)
        with qtbot.waitSignal(queue.idled, timeout=8000):
            queue.add([TrainingJob("a run", experiment())])
        error = there(ends[0].error)
        assert "Traceback" not in str(error)
        assert type(fault).__name__ in str(error)
        assert "Traceback" in "".join(error.__notes__)

    def test_goes_on_with_the_next_job_after_a_failure(self, qtbot: QtBot, queue: RunQueue, engine: FakeEngine) -> None:
        engine.fault = (2, RunFailed("It broke."))
        _, ends = collect(queue)
        with qtbot.waitSignal(queue.idled, timeout=8000):
            queue.add([TrainingJob("first", experiment()), TrainingJob("second", experiment())])
        assert [ended.error is None for ended in ends] == [False, True]

    def test_a_job_added_when_another_ends_waits_for_its_thread(self, qtbot: QtBot, queue: RunQueue) -> None:
        """Between the end of a job and the end of its thread a new one must not take its place."""
        _, ends = collect(queue)
        added: list[bool] = []

        def add_one_more(_ended: JobResult) -> None:
            if not added:
                added.append(True)
                queue.add([TrainingJob("another", experiment())])
                assert queue.waiting

        queue.ended.connect(add_one_more)
        with qtbot.waitSignal(queue.idled, timeout=8000):
            queue.add([TrainingJob("a run", experiment())])
        assert [ended.job.title for ended in ends] == ["a run", "another"]

    def test_leaves_no_thread(self, qtbot: QtBot, queue: RunQueue) -> None:
        with qtbot.waitSignal(queue.idled, timeout=8000):
            queue.add([TrainingJob("a run", experiment())])
        qtbot.wait(20)
        assert not [thread for thread in queue.findChildren(QThread) if thread.isRunning()]

    def test_shuts_down_in_the_middle_of_a_run(self, qtbot: QtBot, tmp_path: Path) -> None:
        queue = RunQueue(FakeEngine(tmp_path, seconds=0.02))
        queue.add([TrainingJob("a run", experiment())])
        qtbot.waitUntil(lambda: queue.doing == "running")
        assert queue.shut_down(3000)


class TestExpand:
    def test_makes_a_run_a_seed(self) -> None:
        assert [one.seed for one in expand(experiment(), [1, 2, 3])] == [1, 2, 3]

    def test_goes_seed_by_seed_all_methods_first(self) -> None:
        made = expand(experiment(), [1, 2], ["kd", "logits"])
        assert [(one.seed, one.method.key) for one in made] == [(1, "kd"), (1, "logits"), (2, "kd"), (2, "logits")]

    def test_keeps_settings_of_the_method_that_has_them(self) -> None:
        base = experiment(method={"key": "kd", "settings": {"temperature": 7.0}})
        kd, logits = expand(base, [0], ["kd", "logits"])
        assert kd.method.settings == {"temperature": 7.0}
        assert logits.method.settings == {}

    def test_takes_a_method_that_was_kept_with_all_it_has(self) -> None:
        table = {"key": "composed", "settings": {"name": "Mine", "distance": "l1"}, "also": [{"key": "kd"}]}
        kd, mine = expand(experiment(), [0], ["kd", table])
        assert kd.method.key == "kd"
        assert mine.method.title == "Mine + soft targets"
        assert mine.title == "Mine + soft targets on Digits"


class TestBackground:
    def test_answers_in_the_thread_of_the_window(self, qtbot: QtBot) -> None:
        background = BackgroundJobs()
        answers: list[int] = []
        background.submit(threading.get_ident, answers.append)
        qtbot.waitUntil(lambda: bool(answers))
        assert answers[0] != threading.get_ident()
        background.stop()

    def test_says_an_unexpected_error_in_words(self, qtbot: QtBot) -> None:
        background = BackgroundJobs()
        errors: list[StudioError] = []

        def broken() -> None:
            raise ValueError("odd")

        background.submit(broken, print, errors.append)
        qtbot.waitUntil(lambda: bool(errors))
        assert "ValueError: odd" in str(errors[0])
        background.stop()

    def test_forgets_an_answer_nobody_wants(self, qtbot: QtBot) -> None:
        background = BackgroundJobs()
        answers: list[int] = []
        background.submit(lambda: 1, answers.append)()
        background.submit(lambda: 2, answers.append)
        qtbot.waitUntil(lambda: bool(answers))
        assert answers == [2]
        background.stop()


# --- what may be connected to a worker ----------------------------------------------------------------------------------


def worker_signals() -> dict[Path, set[str]]:
    """File to the names of signals of classes in it that are moved to a thread."""
    found: dict[Path, set[str]] = {}
    for file in GUI.rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        if "moveToThread" not in source and file.name != "worker.py":
            continue
        names = {
            target.id
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
            for target in node.targets
            if isinstance(target, ast.Name) and getattr(node.value.func, "id", "") == "Signal"
        }
        found[file] = names
    return found


def test_only_bound_methods_are_connected_to_worker_signals() -> None:
    """A lambda or a plain function connected to a worker's signal would run in the worker's thread."""
    checked = 0
    for file in GUI.rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        if "moveToThread" not in source:
            continue
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "connect":
                slot = node.args[0]
                assert isinstance(slot, ast.Attribute), f"{file.name}:{node.lineno}: {ast.unparse(node)}"
                checked += 1
    assert checked >= 10


def test_the_files_with_workers_are_known() -> None:
    known = {"background_jobs.py", "lazy_imports.py", "run_queue.py", "worker.py"}
    assert {file.name for file in worker_signals()} == known


def test_the_worker_ends_its_thread_directly() -> None:
    """A queued quit would wait for an event loop that is itself waiting for the thread."""
    for file, signal in (
        ("training/run_queue.py", "_worker.finished"),
        ("system/lazy_imports.py", "_importer.finished"),
    ):
        source = (GUI / file).read_text(encoding="utf-8")
        assert f"{signal}.connect(self._thread.quit, Qt.ConnectionType.DirectConnection)" in source
