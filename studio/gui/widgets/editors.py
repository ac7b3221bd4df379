"""One editor for each kind of setting. All answer to ``value``, ``set_value`` and the signal ``edited``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QWidget,
)

from studio.core.typed_number import UnreadableNumber, number_text, read_numbers
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.widgets.buttons import IconButton
from studio.gui.widgets.fields import Field
from studio.gui.widgets.number_editors import WIDTH, NumberEditor, wheel_when_focused
from studio.gui.widgets.typed_text import TypedText

TEXT_WIDTH = 132


class Editor(Protocol):
    """What the form asks of an editor; it is a widget as well."""

    @property
    def edited(self) -> SignalInstance:
        """Emitted with the new value when the person changed it."""

    def value_now(self) -> Any:
        """The value it holds; None where an optional one is empty, the text where it cannot be read as a value."""

    def set_value(self, value: Any) -> None:
        """Put a value in force without emitting ``edited``. It is shown unless a person is typing, until that is complete."""

    def complete(self) -> None:
        """Let what was typed count as it stands."""

    def give_up(self) -> None:
        """Forget what was typed and does not count yet."""


def editor_for(field: Field) -> QWidget:
    """An editor for a field: a widget that is an :class:`Editor`."""
    kinds: dict[str, Callable[[Field], QWidget]] = {
        "int": NumberEditor,
        "float": NumberEditor,
        "bool": BoolEditor,
        "choice": ChoiceEditor,
        "text": TextEditor,
        "path": lambda path: PathEditor(path, say(path.files)),
        "ints": ListEditor,
        "floats": ListEditor,
    }
    return kinds[field.kind](field)


class _CountsAtOnce:
    """An editor in which nothing is ever half done."""

    def complete(self) -> None:
        """Nothing waits."""

    def give_up(self) -> None:
        """Nothing waits."""


class BoolEditor(_CountsAtOnce, QCheckBox):
    """A tick box without words: the row's label says them."""

    edited = Signal(object)

    def __init__(self, _field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clicked.connect(self._emit_edited)
        theme.keep_length(self, QWidget.setFixedWidth, 20)

    def value_now(self) -> bool:
        return self.isChecked()

    def set_value(self, value: Any) -> None:
        self.setChecked(bool(value))

    def _emit_edited(self) -> None:
        self.edited.emit(self.isChecked())


class ChoiceEditor(GuardedOverrides, _CountsAtOnce, QComboBox):
    """One of a few words."""

    edited = Signal(object)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if field.optional:
            self.addItem(say(field.empty), None)
        for choice in field.choices:
            self.addItem(say(field.words.get(choice, str(choice))), choice)
        theme.keep_length(self, QWidget.setMinimumWidth, WIDTH)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(self._emit_edited)

    def value_now(self) -> Any:
        return self.currentData()

    def set_value(self, value: Any) -> None:
        self.setCurrentIndex(self.findData(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        wheel_when_focused(self, event, super().wheelEvent)

    def _emit_edited(self) -> None:
        self.edited.emit(self.currentData())


class TextEditor(_CountsAtOnce, QLineEdit):
    """A line of text."""

    edited = Signal(object)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = field.optional
        self.setPlaceholderText(say(field.empty))
        theme.keep_length(self, QWidget.setMinimumWidth, WIDTH)
        theme.keep_length(self, QWidget.setFixedWidth, TEXT_WIDTH)
        self.textEdited.connect(self._emit_edited)

    def value_now(self) -> str | None:
        return None if self._empty and not self.text() else self.text()

    def set_value(self, value: Any) -> None:
        text = "" if value is None else str(value)
        if text != self.text():
            self.setText(text)

    def _emit_edited(self) -> None:
        self.edited.emit(self.value_now())


class PathEditor(_CountsAtOnce, QWidget):
    """A folder, typed or browsed for; with ``files``, the file filter of a dialog, a file."""

    edited = Signal(object)

    def __init__(self, field: Field, files: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = field.optional
        self._files = files
        self.line = QLineEdit()
        self.line.setPlaceholderText(self.tr("no file chosen") if files else self.tr("no folder chosen"))
        self.line.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.line.setAccessibleName(say(field.label))
        self.line.textEdited.connect(self._emit_edited)
        browse = IconButton("folder", self.tr("Browse for {what}").format(what=say(field.label)), self._browse, 28)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self.line, 1)
        row.addWidget(browse)
        self.setFocusProxy(self.line)

    def value_now(self) -> str | None:
        return None if self._empty and not self.line.text() else self.line.text()

    def set_value(self, value: Any) -> None:
        text = "" if value is None else str(value)
        if text != self.line.text():
            self.line.setText(text)

    def _emit_edited(self) -> None:
        self.edited.emit(self.value_now())

    def _browse(self) -> None:
        if self._files:
            found, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a file"), self.line.text(), self._files)
        else:
            found = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder"), self.line.text())
        if found:
            self.line.setText(found)
            self._emit_edited()


class ListEditor(QLineEdit):
    """Several numbers with commas between; whole numbers also as a range, 1-5.

    Its value is a list, or the text as it stands where that is not a list of numbers.
    """

    edited = Signal(object)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = field.kind == "ints"
        self._value: Any = []
        self._widen("")
        theme.notifier().changed.connect(self._restyle)
        self.textChanged.connect(self._widen)
        self._typed = TypedText(self, self)
        self._typed.completed.connect(self._take)
        self._typed.rested.connect(self._show)

    def value_now(self) -> Any:
        return self._value

    def set_value(self, value: Any) -> None:
        value = list(value) if isinstance(value, tuple) else value
        stays = value == self._value and self._typed.is_in_hand
        self._value = value
        if not stays:
            self._show()

    def complete(self) -> None:
        self._typed.complete()

    def give_up(self) -> None:
        self._typed.give_up()

    def _take(self) -> None:
        try:
            value: Any = read_numbers(self.text(), whole=self._whole)
        except UnreadableNumber:
            value = self.text().strip()
        if value != self._value:
            self._value = value
            self.edited.emit(value)

    def _show(self) -> None:
        if self._typed.is_unfinished:
            return
        value = self._value
        text = value if isinstance(value, str) else ", ".join(map(number_text, value or ()))
        if text != self.text():
            self.setText(text)
            self.setCursorPosition(0)

    def _restyle(self) -> None:
        self._widen(self.text())

    def _widen(self, text: str) -> None:
        most, least = theme.scaled(TEXT_WIDTH), theme.scaled(WIDTH)
        self.setFixedWidth(min(most, max(least, self.fontMetrics().horizontalAdvance(text) + 20)))
