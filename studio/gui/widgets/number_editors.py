"""Editors for numbers: spin boxes with units that take what people type and never change under a passing wheel."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QDoubleSpinBox, QSpinBox, QWidget

from studio.gui.text.say import say
from studio.gui.widgets.fields import Field

#: The least width of an editor, so that they stand in a column.
WIDTH = 96
#: Text margins and the arrows of a spin box, in pixels.
_AROUND = 38
_HUGE = 10**9
_DIGITS = 10
_SHOWN = 6


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
        self._fit_unit()
        _prepare(self, field)
        self.valueChanged.connect(self._emit_edited)

    def value_now(self) -> int | None:
        return None if self._empty and self.value() == self.minimum() else self.value()

    def set_value(self, value: Any) -> None:
        self.blockSignals(True)
        self.setValue(self.minimum() if value is None else int(value))
        self._fit_unit()
        self.blockSignals(False)

    def wheelEvent(self, event: QWheelEvent) -> None:
        wheel_when_focused(self, event, super().wheelEvent)

    def _emit_edited(self) -> None:
        self._fit_unit()
        self.edited.emit(self.value_now())

    def _fit_unit(self) -> None:
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
        self.valueChanged.connect(self._emit_edited)

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
        wheel_when_focused(self, event, super().wheelEvent)

    def _step(self, up: bool) -> float:
        """The field's step; where zero itself is not allowed, smaller near zero, so that it is never reached."""
        step, value = self._field.step or 0.1, abs(self.value())
        if value == 0 or (self._field.step and self._field.above is None):
            return step
        nearby = value * (1 + 1e-9 if up else 1 - 1e-9)
        magnitude: float = 10.0 ** math.floor(math.log10(nearby))
        return min(step, magnitude) if self._field.step else magnitude / (1 if value < 10 else 10)

    def _emit_edited(self) -> None:
        _fit(self)
        self.edited.emit(self.value_now())


def _as_float(text: str) -> float | None:
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def wheel_when_focused(widget: QWidget, event: QWheelEvent, act: Callable[[QWheelEvent], None]) -> None:
    """The wheel scrolls the form; it changes only the field that has the focus."""
    if widget.hasFocus():
        act(event)
    else:
        event.ignore()
