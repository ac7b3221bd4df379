"""One aspect of a composed method: its parts as a radio list, what cannot be picked readable with its reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QGridLayout, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.presenters.composer_info import DesignAspect, PartInfo
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.labels import Label


class _Row(GuardedOverrides, QWidget):
    """A radio button with words that wrap, and below them why it is off. A click anywhere on it picks."""

    def __init__(self, part: PartInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.radio = QRadioButton()
        self._title = Label(say(part.title), "body")
        self._reason = Label(role="axis", tone="text3")
        for label in (self._title, self._reason):
            label.setWordWrap(True)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._title.setContentsMargins(0, 3, 0, 0)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2)
        grid.setVerticalSpacing(0)
        grid.addWidget(self.radio, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._title, 0, 1)
        grid.addWidget(self._reason, 1, 1)
        grid.setColumnStretch(1, 1)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.show_part(part)

    def show_part(self, part: PartInfo) -> None:
        """Show what is known of it now."""
        refusal, title = say(part.refusal), say(part.title)
        self.radio.setEnabled(not refusal or part.chosen)
        self.radio.setAccessibleName(f"{title}. {refusal}" if refusal else title)
        self.radio.setAccessibleDescription(say(part.words))
        self.setToolTip(plain_tip(say(part.words)))
        self._reason.setText(refusal)
        self._reason.setVisible(bool(refusal))
        theme.restyle(self._title, tone="text3" if refusal and not part.chosen else "text")

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.radio.click()
        super().mouseReleaseEvent(event)


class PartPicker(QFrame):
    """``picked`` tells the key of the part a person chose."""

    picked = Signal(str, str)

    def __init__(self, aspect: DesignAspect, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._aspect = aspect
        self._rows: dict[str, _Row] = {}
        self._group = QButtonGroup(self)
        self._group.buttonClicked.connect(self._clicked)
        self.setProperty("surface", "card")
        self.setAccessibleName(title)
        explained = Label(words, "explain")
        explained.setWordWrap(True)
        explained.setMinimumHeight(2 * explained.fontMetrics().height())
        explained.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 10, 6, 10)
        self._column.setSpacing(1)
        self._column.addWidget(Label(title, "card"))
        self._column.addWidget(explained)
        self._column.addSpacing(4)
        self._column.addStretch()

    def show_parts(self, parts: Sequence[PartInfo]) -> None:
        """Show what can be picked; rows that stay keep the focus."""
        if list(self._rows) != [part.key for part in parts]:
            self._make_rows(parts)
        for part in parts:
            self._rows[part.key].show_part(part)
            if part.chosen:
                self._rows[part.key].radio.setChecked(True)

    @property
    def chosen(self) -> str:
        """The key of the part that is chosen; "" for none."""
        return next((key for key, row in self._rows.items() if row.radio.isChecked()), "")

    def radio(self, key: str) -> QRadioButton:
        """The button of a part; KeyError if there is none."""
        return self._rows[key].radio

    def _make_rows(self, parts: Sequence[PartInfo]) -> None:
        for row in self._rows.values():
            self._group.removeButton(row.radio)
            row.hide()
            row.deleteLater()
        self._rows = {part.key: _Row(part) for part in parts}
        for row in self._rows.values():
            self._group.addButton(row.radio)
            self._column.insertWidget(self._column.count() - 1, row)

    def _clicked(self) -> None:
        self.picked.emit(self._aspect, self.chosen)
