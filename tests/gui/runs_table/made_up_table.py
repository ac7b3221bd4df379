"""A table of runs that never were, in a dock of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel
from pytestqt.qtbot import QtBot

from studio.gui.run_store.run_store import RunStore
from studio.gui.runs_table.runs_dock import RunsDock
from studio.gui.system.background_jobs import BackgroundJobs
from studio.gui.system.window_settings import WindowSettings
from studio.runs.files.history import Reference
from studio.runs.run_info import RunInfo
from studio.runs.statistics.gap import Gap
from studio.runs.store.workspace import Workspace


def run(number: int, name: str = "", parent: str = "") -> RunInfo:
    accuracy = (number * 7 % 10) / 10
    return RunInfo(
        f"run-{number:03}",
        Path("nowhere"),
        name or f"name {number * 3 % 10}",
        method_title=("Soft targets", "Attention", "Hints")[number % 3],
        student_title=f"CNN {number % 4}",
        seed=number % 5,
        state=("finished", "stopped", "failed")[number % 3],
        reached=Reference(accuracy) if number % 4 else None,
        gap=Gap(accuracy, 0, 1) if number % 5 else None,
        parameters={"student": number * 1000},
        seconds=float(100 - number),
        created=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=number),
        parent=parent,
    )


class MadeUp(Workspace):
    """A workspace whose runs the test says."""

    listed: list[RunInfo]

    def runs(self) -> list[RunInfo]:
        return list(self.listed)


class Table:
    """A dock of runs over a made-up workspace."""

    def __init__(self, qtbot: QtBot, place: Path, runs: list[RunInfo]) -> None:
        self.qtbot, self.workspace = qtbot, MadeUp(place)
        self.workspace.listed = runs
        self.background = BackgroundJobs()
        self.run_store = RunStore(self.workspace, self.background, WindowSettings(place))
        self.dock = RunsDock(self.run_store)
        qtbot.addWidget(self.dock)
        self.dock.resize(1200, 400)
        self.dock.show()
        self.refresh()

    def refresh(self) -> None:
        self.run_store.refresh()
        self.qtbot.waitUntil(lambda: not self.background.busy)

    @property
    def ids(self) -> list[str]:
        """Of the rows as they are shown."""
        model = self.dock.model
        return [model.row(model.index(number, 0)).first.id for number in range(model.rowCount())]

    @property
    def selected(self) -> set[str]:
        return {row.first.id for row in self.dock.selected_rows()}

    def select(self, *runs: str) -> None:
        for name in runs:
            self.dock.table.selectionModel().select(
                self.dock.model.index(self.dock.model.row_of(name), 0),
                QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
            )
