"""Tick several methods, to train the experiment once with each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from studio.gui.presenters.draft_info import Choice
from studio.gui.text.say import counted, say
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.buttons import button
from studio.gui.widgets.labels import Label

KEY = Qt.ItemDataRole.UserRole


class SeveralMethodsDialog(QDialog):
    """``chosen`` tells the keys of the ticked methods, in the order of the list. It does not hold up the window."""

    chosen = Signal(list)

    def __init__(self, choices: Sequence[Choice], current: str, seeds: int, parent: QWidget | None = None) -> None:
        """
        Args:
            choices: all methods; those refused are listed with the reason and cannot be ticked.
            current: the method of the experiment; ticked at first.
            seeds: how many runs there will be of each.
        """
        super().__init__(parent)
        self._seeds = seeds
        self.setWindowTitle(self.tr("Train several methods"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(520, 560)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Methods"))
        self.list.setWordWrap(True)
        self.list.setSpacing(3)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollBarPolicy(
            Qt.ScrollBarPolicy.ScrollBarAlwaysOn
        )  # else words are wrapped for its room as well
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        for choice in choices:
            self.list.addItem(self._item(choice, current))
        self.list.itemChanged.connect(self._show_sum)
        self._sum = Label(role="explain", tone="text2")
        self.train = button(self.tr("Train them"), "primary", "play", self._accept_ticked)
        foot = QHBoxLayout()
        foot.addWidget(self._sum, 1)
        foot.addWidget(button(self.tr("Cancel"), clicked=self.reject))
        foot.addWidget(self.train)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        column.addWidget(Label(self.tr("Which methods?"), "page"))
        words = Label(self.tr("Each learns the same way from the same teacher; only the method differs."), "explain")
        words.setWordWrap(True)
        column.addWidget(words)
        column.addWidget(self.list, 1)
        column.addLayout(foot)
        self._show_sum()

    @staticmethod
    def _item(choice: Choice, current: str) -> QListWidgetItem:
        refusal = say(choice.refusal)
        item = QListWidgetItem(f"{say(choice.title)}\n{refusal or say(choice.words)}")
        item.setData(KEY, choice.key)
        item.setToolTip(plain_tip(refusal))
        if refusal:
            item.setFlags(Qt.ItemFlag.ItemIsSelectable)
        else:
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
        ticked = choice.key == current and not refusal
        item.setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
        return item

    @property
    def ticked(self) -> list[str]:
        """The keys of the ticked methods."""
        items = (self.list.item(row) for row in range(self.list.count()))
        return [str(item.data(KEY)) for item in items if item.checkState() == Qt.CheckState.Checked]

    def _show_sum(self) -> None:
        runs = len(self.ticked) * self._seeds
        self._sum.setText(counted(runs, self.tr("1 run"), self.tr("{n} runs, one after the other")))
        self.train.setEnabled(runs > 0)

    def _accept_ticked(self) -> None:
        self.chosen.emit(self.ticked)
        self.accept()
