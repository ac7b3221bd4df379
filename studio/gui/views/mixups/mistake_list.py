"""The mistakes that were made most often, to choose from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from studio.core.format import signed_count, thousands
from studio.gui.text.tool_tip import plain_tip
from studio.gui.views.charts.naming import class_name
from studio.gui.widgets.scrolling import frame_focus


class MistakeList(QListView):
    """A row a mistake: what it is, what it was taken for, how often. ``picked`` gives both classes, by click or keys."""

    picked = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        frame_focus(self)
        self._items = QStandardItemModel(self)
        self.setModel(self._items)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setAccessibleName(self.tr("Mix-ups, the commonest first"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumHeight(76)
        self.selectionModel().currentChanged.connect(self._tell)

    def show_mistakes(
        self, mistakes: Sequence[tuple[int, int, int]], classes: tuple[str, ...], signed: bool = False
    ) -> None:
        """Show (label, answer, how often); ``signed`` where they are a difference."""
        self._items.clear()
        for label, answer, n in mistakes:
            words = self.tr("“{label}” taken for “{answer}”: {n}").format(
                n=signed_count(n) if signed else thousands(n),
                label=class_name(classes, label),
                answer=class_name(classes, answer),
            )
            item = QStandardItem(words)
            item.setToolTip(plain_tip(words))
            item.setData((label, answer), Qt.ItemDataRole.UserRole)
            self._items.appendRow(item)

    @property
    def rows(self) -> list[str]:
        """What stands in it, from the top."""
        return [self._items.item(row).text() for row in range(self._items.rowCount())]

    def _tell(self, now: QModelIndex, _before: QModelIndex) -> None:
        if now.isValid():
            label, answer = now.data(Qt.ItemDataRole.UserRole)
            self.picked.emit(label, answer)
