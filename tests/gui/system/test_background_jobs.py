"""Answers of the background reach those who still are, and nobody else."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from studio.gui.system.background_jobs import BackgroundJobs


class Taker(QObject):
    """Keeps what it is told, by its method or by its signal."""

    told = Signal(object)

    def __init__(self, taken: list[tuple[str, str, object]]) -> None:
        super().__init__()
        self._taken = taken
        self.told.connect(partial(self.take, "told"))

    def take(self, what: str, told: object) -> None:
        self._taken.append((what, self.objectName(), told))


def test_an_answer_to_what_was_deleted_is_forgotten(qtbot: QtBot) -> None:
    taken: list[tuple[str, str, object]] = []
    jobs, gone, there = BackgroundJobs(), Taker(taken), Taker(taken)
    for taker in (gone, there):
        jobs.submit(lambda: 1, partial(taker.take, "done"), partial(taker.take, "failed"))
        jobs.submit(lambda: 1 // 0, partial(taker.take, "done"), partial(taker.take, "failed"))
        jobs.submit(lambda: 2, taker.told.emit)
    delete(gone)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert [words for words, _, _ in taken] == ["done", "failed", "told"]
    jobs.stop()
