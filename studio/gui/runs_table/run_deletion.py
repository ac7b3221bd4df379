"""Moves runs to the bin; asks before where others depend on them, and whether the steps of a chain go too."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from studio.gui.run_store.run_store import RunStore
from studio.gui.text.say import counted, say
from studio.runs.dependents import dependents, steps_of
from studio.runs.results.table import Row
from studio.runs.run_info import RunInfo

#: Dependents that are told one by one.
TOLD = 6


class RunDeletion(QObject):
    """What Delete in the table does. It can be undone: where nothing depends on the runs nobody is asked.

    Signals:
        deleted: ids of runs that are in the bin now, and the name of the first; they can be brought back.
    """

    deleted = Signal(list, str)

    def __init__(self, run_store: RunStore, parent: QWidget) -> None:
        super().__init__(parent)
        self._run_store, self._window = run_store, parent
        self.question: QMessageBox | None = None

    def delete(self, rows: Sequence[Row]) -> None:
        """Move the runs of rows to the bin, those that train now left out."""
        gone = self._that_rest(run for row in rows for run in row.runs)
        if not gone:
            return
        ids = {run.id for run in gone}
        everything = self._run_store.runs
        below = [step for run in gone for step in steps_of(run, everything) if step.id not in ids]
        steps = self._that_rest(below)
        told = [say(words) for words in dependents([*gone, *below], everything)]
        if steps or told:
            self._ask(gone, steps, told)
        else:
            self._delete(gone)

    def _that_rest(self, runs: Iterable[RunInfo]) -> list[RunInfo]:
        return [run for run in runs if self._run_store.live(run.id) is None]

    def _ask(self, gone: list[RunInfo], steps: list[RunInfo], told: list[str]) -> None:
        """A question that does not hold up the events of what trains."""
        name = gone[0].name
        box = self.question = QMessageBox(self._window)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(self.tr("Move to the bin?"))
        one = self.tr("Move “{name}” to the bin?").format(name=name)
        box.setText(counted(len(gone), one, self.tr("Move {n} runs to the bin?")))
        box.setInformativeText("\n".join(self._explanation(steps, told)))
        if steps:
            words = counted(len(steps), self.tr("Its run too"), self.tr("Its {n} runs too"))
            self._add(box, words, "with_steps", [*gone, *steps])
            self._add(box, self.tr("The chain alone"), "alone", gone)
        else:
            self._add(box, self.tr("Move to the bin"), "alone", gone)
        keep = box.addButton(self.tr("Keep"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.destroyed.connect(self._forget_question)
        box.open()

    def _explanation(self, steps: list[RunInfo], told: list[str]) -> list[str]:
        lines = []
        if steps:
            one = self.tr("One run was trained or measured for it: {name}.").format(name=steps[0].name)
            lines.append(counted(len(steps), one, self.tr("{n} runs were trained or measured for it.")))
        lines += [f"• {sentence}" for sentence in told[:TOLD]]
        if len(told) > TOLD:
            lines.append(self.tr("And {n} more.").format(n=len(told) - TOLD))
        if told:
            lines.append(
                self.tr("They keep what they have reached; what is not finished trains it again or cannot go on.")
            )
        return lines

    def _add(self, box: QMessageBox, words: str, name: str, runs: list[RunInfo]) -> None:
        pressed = box.addButton(words, QMessageBox.ButtonRole.DestructiveRole)
        pressed.setObjectName(name)
        pressed.clicked.connect(partial(self._delete, runs))

    def _forget_question(self) -> None:
        self.question = None

    def _delete(self, runs: list[RunInfo]) -> None:
        ids = [run.id for run in runs]
        self._run_store.edits.delete(ids, partial(self.deleted.emit, ids, runs[0].name))
