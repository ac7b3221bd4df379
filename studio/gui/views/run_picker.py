"""A box to choose one of the ticked runs, for views that show one student at a time."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from studio.gui.presenters.shown_run import ShownRun
from studio.gui.text.tool_tip import plain_tip


class RunPicker(QComboBox):
    """Chooses among the ticked students; follows the current run until a person chooses another. Hidden for a single one."""

    chosen = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(name))
        self.setMinimumWidth(90)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._runs: tuple[ShownRun, ...] = ()
        self._listed: list[tuple[str, str]] = []
        self._wish = ""
        self.activated.connect(self._on_activated)

    def show_runs(self, runs: Sequence[ShownRun], current: ShownRun | None) -> None:
        """The runs to choose from."""
        self._runs = tuple(runs)
        now = [(run.history.run, run.history.label) for run in runs]
        with QSignalBlocker(self):
            if now != self._listed:  # a run that has just begun gets its name a little later
                self._listed = now
                self.clear()
                for run, label in now:
                    self.addItem(label, run)
            wished = self.findData(self._wish) if self._wish else -1
            if wished < 0 and current is not None:
                wished = self.findData(current.history.run)
            self.setCurrentIndex(max(0, wished))
        self.setVisible(len(now) > 1)

    @property
    def run(self) -> ShownRun | None:
        """The chosen run; None where there is none."""
        index = self.currentIndex()
        return self._runs[index] if 0 <= index < len(self._runs) else None

    def _on_activated(self) -> None:
        self._wish = str(self.currentData())
        self.chosen.emit()
