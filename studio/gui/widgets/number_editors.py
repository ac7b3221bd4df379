"""Editors for numbers: they take what people type, say what they cannot take, and never change under a passing wheel."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QWidget

from studio.core.typed_number import UnreadableNumber, number_text, read_number
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.widgets.fields import Field
from studio.gui.widgets.typed_text import TypedText

#: The least width of an editor, so that they stand in a column, and the most.
WIDTH = 96
MOST_WIDTH = 150
#: Text margins and the arrows of a spin box, in pixels.
_AROUND = 38
#: Steps are rounded to so many digits after the point: 0.1 + 0.2 is 0.3.
_DIGITS = 10


class NumberEditor(GuardedOverrides, QAbstractSpinBox):
    """A number, whole or not, with its unit and two arrows.

    Its value is the number; None where it is optional and empty; the text where that is no number, or could be two. Out of
    its range it is kept as it was typed: the row says what it may be. The unit stands there while nobody types.
    """

    edited = Signal(object)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = field  # Qt asks for the steps while it makes the editor
        self._whole = field.kind == "int"
        self._unit = _unit(field)
        self._value: Any = None
        self._line = QLineEdit()
        self.setLineEdit(self._line)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setLocale(QLocale.c())
        self._line.setTextMargins(6, 0, 0, 0)  # spin boxes ignore the style sheet's padding for their text
        self._typed = TypedText(self, self._line)
        self._typed.completed.connect(self._take)
        self._typed.rested.connect(self._show)
        self.set_field(field)
        self._line.textChanged.connect(self._fit)
        theme.notifier().changed.connect(self._fit)

    def set_field(self, field: Field) -> None:
        """Ask for a number of the same kind, with another range or unit. What is being typed stays."""
        self._field = field
        self._unit = _unit(field)
        self._line.setPlaceholderText(say(field.empty) if field.optional else "")
        self._show()

    def value_now(self) -> Any:
        return self._value

    def set_value(self, value: Any) -> None:
        stays = self._is_same(value) and self._typed.is_in_hand
        self._value = value
        if not stays:
            self._show()

    def complete(self) -> None:
        self._typed.complete()

    def give_up(self) -> None:
        self._typed.give_up()

    # --- text ---------------------------------------------------------------------------------------------------------

    def _take(self) -> None:
        value = self._read(self._line.text())
        if not self._is_same(value):
            self._value = value
            self.edited.emit(value)

    def _read(self, text: str) -> Any:
        bare = text.strip()
        if self._field.optional and bare in ("", say(self._field.empty)):
            return None
        for unit in (self._unit, self._unit.removesuffix("s")):
            bare = bare.removesuffix(unit).rstrip() if unit else bare
        try:
            number = read_number(bare, whole=self._whole)
        except UnreadableNumber:
            return bare
        return number if self._whole else float(number)

    def _is_same(self, value: Any) -> bool:
        return type(value) is type(self._value) and bool(value == self._value)

    def _show(self) -> None:
        """Write the value, unless somebody is about to."""
        if self._typed.is_unfinished:
            return
        text = self._bare() if self._typed.is_in_hand else self._with_unit()
        if text != self._line.text():
            self._line.setText(text)
        if not self._typed.is_in_hand:
            self._line.setCursorPosition(0)
        self._fit()

    def _bare(self) -> str:
        if self._value is None:
            return ""
        return number_text(self._value) if _is_number(self._value) else str(self._value)

    def _with_unit(self) -> str:
        """One picture, two pictures; translators give a unit that needs no plural."""
        if self._value is None:
            return say(self._field.empty) if self._field.optional else ""
        if not self._unit or not _is_number(self._value):
            return self._bare()
        one = self._value == 1 and self._unit.endswith("s")
        return f"{self._bare()} {self._unit[:-1] if one else self._unit}"

    def _fit(self) -> None:
        """As wide as what stands in it, and as it will be with its unit, within limits."""
        metrics = self._line.fontMetrics()
        needed = max(metrics.horizontalAdvance(text) for text in (self._line.text(), self._with_unit()))
        self.setFixedWidth(min(theme.scaled(MOST_WIDTH), max(theme.scaled(WIDTH), needed + theme.scaled(_AROUND))))

    # --- steps --------------------------------------------------------------------------------------------------------

    def stepBy(self, steps: int) -> None:
        self.complete()
        before = self._value
        for _ in range(abs(steps)):
            self._value = self._next(up=steps > 0)
        if not self._is_same(before):
            self._show()
            self.edited.emit(self._value)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        flags = QAbstractSpinBox.StepEnabledFlag
        found = flags.StepNone
        for flag, up in ((flags.StepUpEnabled, True), (flags.StepDownEnabled, False)):
            if self._next(up) != self._value:
                found |= flag
        return found

    def wheelEvent(self, event: QWheelEvent) -> None:
        wheel_when_focused(self, event, super().wheelEvent)

    def _next(self, up: bool) -> Any:
        """The value a step further; the same where there is none. An optional one is empty below its least value."""
        field, value = self._field, self._value
        if not _is_number(value):
            if value is None and not up and field.optional:
                return None
            start = next((limit for limit in (field.low, field.above) if limit is not None), 0)
            found = start if field.limits.hold(start) else start + self._step(start, up=True)
        else:
            step = self._step(value, up)
            found = round(value + (step if up else -step), max(_DIGITS, 3 - math.floor(math.log10(step))))
            if not up and field.optional and (found < _or(field.low, found) or found <= _or(field.above, found - 1)):
                return None
            found = min(_or(field.high, found), max(_or(field.low, found), found))
        found = int(found) if self._whole else float(found)
        return found if field.limits.hold(found) else value

    def _step(self, value: float, up: bool) -> float:
        """The field's step; where zero itself is not allowed, smaller near zero, so that it is never reached."""
        field = self._field
        if self._whole:
            return int(field.step or 1)
        step, size = field.step or 0.1, abs(value)
        if size == 0 or (field.step and field.above is None):
            return step
        nearby = size * (1 + 1e-9 if up else 1 - 1e-9)
        magnitude: float = 10.0 ** math.floor(math.log10(nearby))
        return min(step, magnitude) if field.step else magnitude / (1 if size < 10 else 10)


def _unit(field: Field) -> str:
    """The unit behind the number, unless the label says it already."""
    unit = say(field.unit)
    return unit if unit.lower() not in say(field.label).lower() else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float))


def _or(limit: float | None, otherwise: float) -> float:
    return otherwise if limit is None else limit


def wheel_when_focused(widget: QWidget, event: QWheelEvent, act: Callable[[QWheelEvent], None]) -> None:
    """The wheel scrolls the form; it changes only the field that has the focus."""
    if widget.hasFocus():
        act(event)
    else:
        event.ignore()
