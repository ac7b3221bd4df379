"""The workers of tests answer as the one behind the window does."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from studio.core.errors import StudioError
from studio.gui.system.background_jobs import BackgroundJobs, Submit
from tests.gui.fake_jobs import LaterJobs, at_once

Finish = Callable[[], None]
Worker = tuple[Submit, Finish]


@pytest.fixture(params=["real", "at once", "later"])
def worker(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[Worker]:
    """A worker, and how to let it do all it was given."""
    if request.param == "at once":
        yield at_once, lambda: None
    elif request.param == "later":
        later = LaterJobs()
        yield later.submit, later.work
    else:
        jobs = BackgroundJobs()
        last: list[None] = []

        def finish() -> None:
            jobs.submit(lambda: None, last.append)
            qtbot.waitUntil(lambda: bool(last))

        yield jobs.submit, finish
        jobs.stop()


def test_jobs_are_done_and_answered_in_order(worker: Worker) -> None:
    submit, finish = worker
    answers: list[int] = []
    for number in range(5):
        submit(lambda number=number: number * number, answers.append)  # type: ignore[misc]  # a default binds the number
    finish()
    assert answers == [0, 1, 4, 9, 16]


def test_an_error_is_told_in_words_and_the_next_job_is_done(worker: Worker) -> None:
    submit, finish = worker
    answers: list[object] = []
    errors: list[StudioError] = []

    def refused() -> None:
        raise StudioError("It cannot be read.")

    def broken() -> None:
        raise ValueError("odd")

    submit(refused, answers.append, errors.append)
    submit(broken, answers.append, errors.append)
    submit(lambda: 1, answers.append, errors.append)
    finish()
    assert answers == [1]
    assert str(errors[0]) == "It cannot be read."
    assert "ValueError: odd" in str(errors[1])


def test_a_forgotten_answer_is_not_told_though_the_job_is_done(worker: Worker) -> None:
    submit, finish = worker
    done: list[int] = []
    answers: list[None] = []
    forget = submit(lambda: done.append(1), answers.append)
    told_at_once = len(answers)
    forget()
    finish()
    assert done == [1]
    assert len(answers) == told_at_once
    forget()  # once more changes nothing
