"""The deleted runs: bring one back, or remove all of them for good."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QMessageBox,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from studio.gui.text.say import counted
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.buttons import button
from studio.gui.widgets.labels import Label
from studio.runs.run_info import RunInfo

_RUN = Qt.ItemDataRole.UserRole
#: Height of a row in logical pixels, that of the table of runs.
ROW = 27


class BinDialog(QDialog):
    """Lists deleted runs, the newest first. It does not hold up the window.

    Signals:
        restore_requested: the id of a run to bring back.
        empty_requested: all of them are to be removed; the person has confirmed that.
    """

    restore_requested = Signal(str)
    empty_requested = Signal()

    def __init__(self, deleted: Sequence[RunInfo], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Deleted runs"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(640, 420)
        self.list = QTreeWidget()
        self.list.setAccessibleName(self.tr("Deleted runs"))
        self.list.setHeaderLabels([self.tr("Run"), self.tr("Method"), self.tr("Test accuracy"), self.tr("Begun")])
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.header().setStretchLastSection(False)
        self.list.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for info in deleted:
            self.list.addTopLevelItem(_item(info))
        for section in (1, 2, 3):
            self.list.resizeColumnToContents(section)
        self.restore = button(self.tr("Bring back"), "primary", clicked=self._restore)
        self.empty = button(self.tr("Remove all for good…"), "", "trash", self._ask_empty)
        self._words = Label(role="explain")
        self._words.setWordWrap(True)
        foot = QHBoxLayout()
        foot.addWidget(self.empty)
        foot.addStretch()
        foot.addWidget(button(self.tr("Close"), clicked=self.reject))
        foot.addWidget(self.restore)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(Label(self.tr("Deleted runs"), "page"))
        column.addWidget(self._words)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        self.list.itemSelectionChanged.connect(self._update)
        if (first := self.list.topLevelItem(0)) is not None:
            self.list.setCurrentItem(first)
        self._update()

    def _update(self) -> None:
        count = self.list.topLevelItemCount()
        self._words.setText(
            self.tr("They take room on the disk until they are removed for good.")
            if count
            else self.tr("The bin is empty. A run you move to the bin can be brought back here.")
        )
        self.restore.setEnabled(bool(self.list.selectedItems()))
        self.empty.setEnabled(count > 0)

    def _restore(self) -> None:
        for item in self.list.selectedItems():
            self.restore_requested.emit(item.data(0, _RUN))
            self.list.takeTopLevelItem(self.list.indexOfTopLevelItem(item))
        self._update()

    def _ask_empty(self) -> None:
        count = self.list.topLevelItemCount()
        question = QMessageBox(self)
        question.setTextFormat(Qt.TextFormat.PlainText)
        question.setIcon(QMessageBox.Icon.Warning)
        question.setText(counted(count, self.tr("Remove this run for good?"), self.tr("Remove {n} runs for good?")))
        question.setInformativeText(self.tr("Nobody can bring them back then."))
        remove = question.addButton(self.tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        keep = question.addButton(self.tr("Keep them"), QMessageBox.ButtonRole.RejectRole)
        question.setDefaultButton(keep)
        remove.clicked.connect(self._empty)
        question.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        question.open()

    def _empty(self) -> None:
        self.list.clear()
        self._update()
        self.empty_requested.emit()


def _item(info: RunInfo) -> QTreeWidgetItem:
    when = info.created.astimezone().strftime("%Y-%m-%d %H:%M")
    item = QTreeWidgetItem([info.name, info.method_title, info.scale.labelled(info.scale.words(info.score)), when])
    item.setData(0, _RUN, info.id)
    item.setToolTip(0, plain_tip(info.id))
    item.setSizeHint(0, QSize(0, ROW))
    item.setTextAlignment(2, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return item
