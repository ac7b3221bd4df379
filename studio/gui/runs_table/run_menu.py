"""What can be done with a run: the menu of a row of the runs table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QUrl, Signal
from PySide6.QtGui import QAction, QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication, QInputDialog, QMenu, QMessageBox, QWidget

from studio.gui import theme
from studio.gui.run_store.run_store import RunStore
from studio.gui.text.say import say
from studio.runs.references import ENDED_WELL
from studio.runs.results.table import Row


class RunMenu(QMenu):
    """Open, go on, take over, name, label, delete. What only touches the run's labels it does itself.

    Signals:
        open_requested, resume_requested, reuse_requested, rename_requested: the id of a run the window is to do that with.
        compare_requested: the two rows are to be compared, or the ticked runs where there are not two.
        average_requested: the ticked runs are to be averaged.
        teacher_requested: the id of a run whose student is to teach.
        export_requested: the id of a run whose network is to be saved as a file.
        unfold_requested: a :class:`Row`, and whether what stands below it is to be shown.
        delete_requested: rows whose runs are to be moved to the bin.
    """

    open_requested = Signal(str)
    resume_requested = Signal(str)
    reuse_requested = Signal(str)
    rename_requested = Signal(str)
    compare_requested = Signal()
    average_requested = Signal()
    teacher_requested = Signal(str)
    export_requested = Signal(str)
    unfold_requested = Signal(object, bool)
    delete_requested = Signal(list)

    def __init__(self, run_store: RunStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run_store = run_store

    def show_rows(self, rows: Sequence[Row], unfolded: bool = False) -> None:
        """Offer what makes sense for these rows; all but deleting acts on the first.

        Args:
            unfolded: whether what stands below the first row is shown.
        """
        self.clear()
        run = rows[0].first
        training = self._run_store.live(run.id) is not None
        self._entry(self.tr("Open"), "eye", partial(self.open_requested.emit, run.id))
        runs = [one for row in rows for one in row.ids]
        words = self.tr("Draw only this one") if len(runs) == 1 else self.tr("Draw only these")
        self._entry(words, "", partial(self._run_store.tick_only, runs))
        if len(rows) == 2:
            self._entry(self.tr("Compare the two"), "", self.compare_requested.emit)
        if rows[0].children:
            words = self.tr("Fold its runs") if unfolded else self.tr("Show its runs below it")
            self._entry(words, "chevron-right", partial(self.unfold_requested.emit, rows[0], not unfolded))
        go_on = self._entry(say(self._run_store.go_on_words(run)), "play", partial(self.resume_requested.emit, run.id))
        go_on.setEnabled(run.resumable and not training)
        take = self._entry(
            self.tr("Take its experiment into the panels"), "edit", partial(self.reuse_requested.emit, run.id)
        )
        take.setEnabled(not run.problem)
        teach = self._entry(self.tr("Use as teacher"), "", partial(self.teacher_requested.emit, run.id))
        save = self._entry(self.tr("Save its network…"), "save", partial(self.export_requested.emit, run.id))
        for learnt in (teach, save):
            learnt.setEnabled(run.state in ENDED_WELL and not run.problem and not training)
        ticked = len(self._run_store.ticked)
        if ticked > 1 and len(rows) != 2:
            self._entry(self.tr("Compare the ticked runs"), "", self.compare_requested.emit)
        if ticked > 1:
            words = self.tr("Average the {n} ticked runs…").format(n=ticked)
            self._entry(words, "", self.average_requested.emit)
        self.addSeparator()
        self._entry(self.tr("Rename"), "", partial(self.rename_requested.emit, run.id))
        words = self.tr("No longer a favourite") if run.favourite else self.tr("Favourite")
        self._entry(words, "star", partial(self._run_store.edits.set_labels, run.id, favourite=not run.favourite))
        self._entry(self.tr("Tags…"), "", partial(self._ask_tags, run.id, ", ".join(run.tags)))
        self._entry(self.tr("Note…"), "note", partial(self._ask_note, run.id, run.notes))
        self.addSeparator()
        self._entry(self.tr("Show its folder"), "folder", partial(show_folder, run.folder))
        gone = self._entry(self.tr("Move to the bin"), "trash", partial(self.delete_requested.emit, list(rows)))
        gone.setEnabled(not training)

    def _entry(self, words: str, icon: str, call: Callable[[], object]) -> QAction:
        action = self.addAction(words)
        if icon:
            action.setIcon(theme.icon(icon))
        action.triggered.connect(call)
        return action

    def _ask_tags(self, run: str, before: str) -> None:
        question = self.tr("Words to find it by, with commas between")
        text, accepted = QInputDialog.getText(self, self.tr("Tags"), question, text=before)
        if accepted:
            self._run_store.edits.set_labels(run, tags=tuple(text.split(",")))

    def _ask_note(self, run: str, before: str) -> None:
        question = self.tr("What is worth knowing of it")
        text, accepted = QInputDialog.getMultiLineText(self, self.tr("Note"), question, before)
        if accepted:
            self._run_store.edits.set_labels(run, notes=text)


def show_folder(folder: Path) -> None:
    """Open a folder in the system's file manager; where there is none, say where it is."""
    if QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
        return
    box = QMessageBox(QApplication.activeWindow())
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(QCoreApplication.translate("RunMenu", "No program on this computer shows folders."))
    box.setInformativeText(
        QCoreApplication.translate("RunMenu", "It is {folder}. Its name is in the clipboard now.").format(folder=folder)
    )
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    QGuiApplication.clipboard().setText(str(folder))
    box.open()
