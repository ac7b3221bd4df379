"""One editor for each kind of setting. All answer to ``value``, ``set_value`` and the signal ``edited``."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QLocale, Qt, Signal, SignalInstance
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from studio.gui.widgets.buttons import IconButton
from studio.gui.widgets.fields import Field
from studio.gui.words import say

WIDTH = 96
TEXT_WIDTH = 132
#: Text margins and the arrows of a spin box, in pixels.
_AROUND = 38
_HUGE = 10**9
_DIGITS = 10
_SHOWN = 6


class Editor(Protocol):
    """What the form asks of an editor; it is a widget as well."""

    @property
    def edited(self) -> SignalInstance:
        """Emitted with the new value when the person changed it."""

    def value_now(self) -> Any:
        """The value it holds; None where an optional one is empty, the text where it cannot be read as a value."""

    def set_value(self, value: Any) -> None:
        """Show a value without telling ``edited``."""


def editor_for(field: Field) -> QWidget:
    """An editor for a field: a widget that is an :class:`Editor`."""
    kinds: dict[str, Callable[[Field], QWidget]] = {
        "int": IntEditor,
        "float": FloatEditor,
        "bool": BoolEditor,
        "choice": ChoiceEditor,
        "text": TextEditor,
        "path": PathEditor,
        "ints": ListEditor,
        "floats": ListEditor,
    }
    return kinds[field.kind](field)


def _suffix(field: Field) -> str:
    """The unit behind the number, unless the label says it already."""
    unit = say(field.unit)
    return f" {unit}" if unit and unit.lower() not in say(field.label).lower() else ""


def _prepare(box: QAbstractSpinBox, field: Field) -> None:
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.setLocale(QLocale.c())
    line = box.lineEdit()
    if line is not None:
        line.setTextMargins(6, 0, 0, 0)  # spin boxes ignore the style sheet's padding for their text
    if field.optional:
        box.setSpecialValueText(say(field.empty))
    _fit(box)


def _fit(box: QAbstractSpinBox) -> None:
    """As wide as what stands in it, and never narrower than the others."""
    needed = box.fontMetrics().horizontalAdvance(box.text()) + _AROUND
    box.setFixedWidth(max(WIDTH, needed))


class IntEditor(QSpinBox):
    """A whole number with its unit."""

    edited = Signal(object)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = field.optional
        self._unit = _suffix(field)
        low = -_HUGE if field.low is None else int(field.low)
        if field.above is not None:
            low = int(field.above) + 1
        high = _HUGE if field.high is None else int(field.high)
        self.setRange(low - 1 if field.optional else low, high)
        self.setSingleStep(int(field.step or 1))
        self._count()
        _prepare(self, field)
        self.valueChanged.connect(self._tell)

    def value_now(self) -> int | None:
        return None if self._empty and self.value() == self.minimum() else self.value()

    def set_value(self, value: Any) -> None:
        self.blockSignals(True)
        self.setValue(self.minimum() if value is None else int(value))
        self._count()
        self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        _wheel_when_focused(self, event, super().wheelEvent)

    def _tell(self) -> None:
        self._count()
        self.edited.emit(self.value_now())

    def _count(self) -> None:
        """One picture, two pictures; translators give a unit that needs no plural."""
        one = self.value() == 1 and self._unit.endswith("s")
        self.setSuffix(self._unit[:-1] if one else self._unit)
        _fit(self)


class FloatEditor(QDoubleSpinBox):
    """A number shown with the digits it has: 0.05, 4.0, 1000. Takes a decimal comma and 5e-4 as well."""

    edited = Signal(object)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field
        low = next((limit for limit in (field.low, field.above) if limit is not None), -float(_HUGE))
        high = next((limit for limit in (field.high, field.below) if limit is not None), float(_HUGE))
        self._empty_value = low - 1
        self.setDecimals(_DIGITS)
        self.setRange(self._empty_value if field.optional else low, high)
        self.setSuffix(_suffix(field))
        _prepare(self, field)
        self.valueChanged.connect(self._tell)

    def value_now(self) -> float | None:
        return None if self._field.optional and self.value() == self._empty_value else round(self.value(), _DIGITS)

    def set_value(self, value: Any) -> None:
        self.blockSignals(True)
        self.setValue(self._empty_value if value is None else float(value))
        self.blockSignals(False)
        _fit(self)

    def textFromValue(self, value: float) -> str:
        if value == int(value) and abs(value) < 100:
            return f"{value:.1f}"
        return f"{value:.{_SHOWN}g}"

    def valueFromText(self, text: str) -> float:
        if text == self.textFromValue(self.value()) + self.suffix():
            return self.value()  # a sixth stays a sixth, though fewer digits are shown
        number = _as_float(text.removesuffix(self.suffix()))
        return self.value() if number is None else number

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        bare = text.removesuffix(self.suffix()).strip()
        number = _as_float(bare)
        if number is not None and self.minimum() <= number <= self.maximum():
            return QValidator.State.Acceptable, text, position
        if self._field.optional and bare == self.specialValueText():
            return QValidator.State.Acceptable, text, position
        unfinished = re.fullmatch(r"[-+]?[\d.,]*(e[-+]?\d*)?", bare, re.IGNORECASE) is not None
        return (QValidator.State.Intermediate if unfinished else QValidator.State.Invalid), text, position

    def stepBy(self, steps: int) -> None:
        if self._field.optional and self.value() == self._empty_value:
            if steps > 0:
                self.setValue(self._field.low if self._field.low is not None else self._step(up=True))
            return
        self.setValue(round(self.value() + steps * self._step(up=steps > 0), _DIGITS))

    def wheelEvent(self, event: QWheelEvent) -> None:
        _wheel_when_focused(self, event, super().wheelEvent)

    def _step(self, up: bool) -> float:
        """The field's step; where zero itself is not allowed, smaller near zero, so that it is never reached."""
        step, value = self._field.step or 0.1, abs(self.value())
        if value == 0 or (self._field.step and self._field.above is None):
            return step
        nearby = value * (1 + 1e-9 if up else 1 - 1e-9)
        magnitude: float = 10.0 ** math.floor(math.log10(nearby))
        return min(step, magnitude) if self._field.step else magnitude / (1 if value < 10 else 10)

    def _tell(self) -> None:
        _fit(self)
        self.edited.emit(self.value_now())


class BoolEditor(QCheckBox):
    """A tick box without words: the row's label says them."""

    edited = Signal(object)

    def __init__(self, _field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clicked.connect(self._tell)
        self.setFixedWidth(20)

    def value_now(self) -> bool:
        return self.isChecked()

    def set_value(self, value: Any) -> None:
        self.setChecked(bool(value))

    def _tell(self) -> None:
        self.edited.emit(self.isChecked())


class ChoiceEditor(QComboBox):
    """One of a few words."""

    edited = Signal(object)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if field.optional:
            self.addItem(say(field.empty), None)
        for choice in field.choices:
            self.addItem(say(field.words.get(choice, str(choice))), choice)
        self.setMinimumWidth(WIDTH)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.activated.connect(self._tell)

    def value_now(self) -> Any:
        return self.currentData()

    def set_value(self, value: Any) -> None:
        self.setCurrentIndex(self.findData(value))

    def wheelEvent(self, event: QWheelEvent) -> None:
        _wheel_when_focused(self, event, super().wheelEvent)

    def _tell(self) -> None:
        self.edited.emit(self.currentData())


class TextEditor(QLineEdit):
    """A line of text."""

    edited = Signal(object)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._empty = field.optional
        self.setMinimumWidth(WIDTH)
        self.setFixedWidth(TEXT_WIDTH)
        self.textEdited.connect(self._tell)

    def value_now(self) -> str | None:
        return None if self._empty and not self.text() else self.text()

    def set_value(self, value: Any) -> None:
        text = "" if value is None else str(value)
        if text != self.text():
            self.setText(text)

    def _tell(self) -> None:
        self.edited.emit(self.value_now())


class PathEditor(QWidget):
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
        self.line.textEdited.connect(self._tell)
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

    def _tell(self) -> None:
        self.edited.emit(self.value_now())

    def _browse(self) -> None:
        if self._files:
            found, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a file"), self.line.text(), self._files)
        else:
            found = QFileDialog.getExistingDirectory(self, self.tr("Choose a folder"), self.line.text())
        if found:
            self.line.setText(found)
            self._tell()


class ListEditor(QLineEdit):
    """Several numbers with commas between; whole numbers also as a range, 1-5.

    Its value is a list, or the text as it stands where that is not a list of numbers.
    """

    edited = Signal(object)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = field.kind == "ints"
        self.setFixedWidth(WIDTH)
        self.textChanged.connect(self._widen)
        self.textEdited.connect(self._tell)

    def value_now(self) -> list[float] | list[int] | str:
        numbers = numbers_in(self.text(), self._whole)
        return self.text() if numbers is None else numbers

    def set_value(self, value: Any) -> None:
        if self.value_now() != value:
            self.setText(value if isinstance(value, str) else ", ".join(f"{number:g}" for number in value or ()))
            self.setCursorPosition(0)

    def _tell(self) -> None:
        self.edited.emit(self.value_now())

    def _widen(self, text: str) -> None:
        self.setFixedWidth(min(TEXT_WIDTH, max(WIDTH, self.fontMetrics().horizontalAdvance(text) + 20)))


def numbers_in(text: str, whole: bool) -> list[Any] | None:
    """The numbers in ``"1, 2, 3"`` or ``"0.3 0.6"`` or (whole ones) ``"1-3"``; None where it says anything else."""
    found: list[Any] = []
    for part in re.split(r"[,;\s]+", text.strip().strip("[]")):
        span = re.fullmatch(r"(\d+)[-–](\d+)", part) if whole else None
        try:
            if span is not None and 0 <= int(span[2]) - int(span[1]) < 100:
                found.extend(range(int(span[1]), int(span[2]) + 1))
            else:
                found.append(int(part) if whole else float(part))
        except ValueError:
            return None
    return found


def _as_float(text: str) -> float | None:
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _wheel_when_focused(widget: QWidget, event: QWheelEvent, act: Any) -> None:
    """The wheel scrolls the form; it changes only the field that has the focus."""
    if widget.hasFocus():
        act(event)
    else:
        event.ignore()
