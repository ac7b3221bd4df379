"""A list of which several can be ticked, each with a line below its title."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

_KEY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class CheckItem:
    """One line: its key, its title, and what stands below that."""

    key: str
    title: str
    words: str = ""


class CheckList(QListWidget):
    """Items that can be ticked; ``changed`` follows every tick of the person."""

    changed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setWordWrap(True)
        self.setSpacing(2)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.itemChanged.connect(self._emit_changed)

    def set_items(self, items: Sequence[CheckItem], ticked: Collection[str] = ()) -> None:
        """Exchange all items; those with a key in ``ticked`` are ticked."""
        with QSignalBlocker(self):
            self.clear()
            for each in items:
                item = QListWidgetItem(f"{each.title}\n{each.words}" if each.words else each.title, self)
                item.setData(_KEY, each.key)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
                item.setCheckState(Qt.CheckState.Checked if each.key in ticked else Qt.CheckState.Unchecked)

    @property
    def ticked(self) -> list[str]:
        """The keys of the ticked items, in the order of the list."""
        items = (self.item(row) for row in range(self.count()))
        return [str(item.data(_KEY)) for item in items if item.checkState() == Qt.CheckState.Checked]

    def tick(self, keys: Collection[str]) -> None:
        """Tick the items of these keys, and no others."""
        with QSignalBlocker(self):
            for row in range(self.count()):
                item = self.item(row)
                item.setCheckState(Qt.CheckState.Checked if item.data(_KEY) in keys else Qt.CheckState.Unchecked)

    def _emit_changed(self, _item: QListWidgetItem) -> None:
        self.changed.emit()
