"""One setting in a form: its label, the put-back arrow while it is changed, its editor, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.core.format import setting_limit
from studio.core.suited_setting import SuitedSetting
from studio.core.typed_number import number_text
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.buttons import IconButton
from studio.gui.widgets.editors import Editor, PathEditor, editor_for
from studio.gui.widgets.explained_label import ExplainedLabel, is_by_keyboard
from studio.gui.widgets.fields import Field
from studio.gui.widgets.labels import Label
from studio.gui.widgets.number_editors import NumberEditor

_UNCHANGED = object()


class FieldRow(GuardedOverrides, QWidget):
    """A label, a put-back arrow while the value is changed, the editor, and below what is wrong with it."""

    edited = Signal(str, object)
    entered = Signal(str)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.default = field.default
        self._given: Any = _UNCHANGED
        self._before: Any = _UNCHANGED
        self._column = QVBoxLayout(self)
        self.label = ExplainedLabel(say(field.label), "body", reached=False)
        self.widget = editor_for(field)
        self.editor = cast("Editor", self.widget)
        self.reset_button = IconButton("reset", "", self._put_back, 22, "accent")
        self._error = Label(role="axis", tone="error")
        self._error.setWordWrap(True)
        self._suited: SuitedSetting | None = None
        self._note = Label(role="axis", tone="text3")
        self._note.setWordWrap(True)
        self._describe()
        self._lay_out()
        self.editor.edited.connect(self._edited)
        for watched in (self.widget, *self.widget.findChildren(QWidget)):
            watched.installEventFilter(self)
        self.show_default(field.default)
        self.show_error("")

    def set_field(self, field: Field) -> bool:
        """Exchange the field for one of the same kind, without a new editor: a person may be typing in it.

        Returns:
            False where that takes another row.
        """
        if field != self.field:
            if not isinstance(self.widget, NumberEditor) or field.kind != self.field.kind:
                return False
            self.field = field
            self.widget.set_field(field)
            self.label.setText(say(field.label))
            self._describe()
            self.show_default(field.default)
        return True

    @property
    def value(self) -> Any:
        """The value in force: given by the person, else the default."""
        return self.default if self._given is _UNCHANGED else self._given

    @property
    def is_given(self) -> bool:
        """Whether it differs from the default."""
        return self._given is not _UNCHANGED and not _same(self._given, self.default)

    @property
    def changed(self) -> bool:
        """Whether it differs from what it was before it was changed by hand."""
        return not _same(self.value, self._unchanged)

    @property
    def _unchanged(self) -> Any:
        return self.default if self._before is _UNCHANGED else self._before

    def set_compact(self, compact: bool) -> None:
        """Stand closer to the other rows, for small windows."""
        space = 2 if compact else 4
        self._column.setContentsMargins(0, space, 0, space)

    def show_value(self, value: Any) -> None:
        """Show a value; it counts as changed where it differs from what it was before."""
        self._given = value
        self.editor.set_value(value)
        self._mark()

    def show_default(self, default: Any) -> None:
        """Exchange the default; shown where nobody gave a value."""
        self.default = default
        if self._given is _UNCHANGED:
            self.editor.set_value(default)
        self._mark()

    def show_unchanged(self, before: Mapping[str, Any]) -> None:
        """Exchange what it counts as changed from: what stands at its path here, else the default."""
        self._before = before.get(self.field.path, _UNCHANGED)
        self._mark()

    def complete(self) -> None:
        """Let what was typed count, though the person has not gone on yet."""
        self.editor.complete()

    def forget_value(self) -> None:
        """Back to the default."""
        self._given = _UNCHANGED
        self.editor.set_value(self.default)
        self._mark()

    def show_error(self, sentence: str) -> None:
        """Mark the field with what is wrong; an empty sentence takes the mark away."""
        self._error.setText(sentence)
        self._error.setVisible(bool(sentence))
        field = self.widget.line if isinstance(self.widget, PathEditor) else self.widget
        theme.restyle(field, invalid="true" if sentence else "false")
        self.widget.setAccessibleDescription(sentence or say(self.field.help))

    def show_suited(self, suited: SuitedSetting | None) -> None:
        """Say below it what suits, as long as its value is that or far from it; None says nothing."""
        self._suited = suited
        self._mark()

    @property
    def note(self) -> str:
        """What is said of its value besides errors."""
        return self._note.text()

    @property
    def error(self) -> str:
        """What is said to be wrong with it."""
        return self._error.text()

    def problem(self) -> str:
        """What is wrong with the value by the field's own range."""
        return say(self.field.problem(self.value))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit(self.field.path)
            if is_by_keyboard(cast("QFocusEvent", event).reason()):
                self.label.show_at_field(self)
        elif event.type() in (QEvent.Type.FocusOut, QEvent.Type.KeyPress):
            self.label.hide_card()
        return super().eventFilter(watched, event)

    def _describe(self) -> None:
        label, help_ = say(self.field.label), say(self.field.help)
        tip = f"{help_}. {self._range_words()}".strip().removesuffix(".").lstrip(". ") if help_ else label
        for widget in (self.label, self.widget):
            widget.setToolTip(plain_tip(tip))
        self.widget.setAccessibleName(label)
        self.widget.setAccessibleDescription(help_)
        self.widget.setObjectName(self.field.path)

    def _range_words(self) -> str:
        field = self.field
        low = field.low if field.low is not None else field.above
        high = field.high if field.high is not None else field.below
        if field.kind not in ("int", "float") or low is None or high is None:
            return ""
        return self.tr("{low} to {high}").format(low=setting_limit(low), high=setting_limit(high))

    def _lay_out(self) -> None:
        column = self._column
        column.setSpacing(4)
        self.set_compact(False)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self.label, 1)
        row.addWidget(self.reset_button)
        column.addLayout(row)
        if isinstance(self.widget, PathEditor):
            column.addWidget(self.widget)
        else:
            row.addWidget(self.widget, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self._note)
        column.addWidget(self._error)
        self.label.setBuddy(self.widget)
        theme.keep_length(self.label, QWidget.setMinimumHeight, 28)

    def _edited(self, value: Any) -> None:
        self._given = value
        self._mark()
        self.show_error(self.problem())
        self.edited.emit(self.field.path, value)

    def _put_back(self) -> None:
        self.editor.give_up()
        if self._before is _UNCHANGED:
            self.forget_value()
        else:
            self.show_value(self._before)
        self.show_error("")
        self.widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit(self.field.path, self.value)

    def _mark(self) -> None:
        changed = self.changed
        theme.restyle(self.label, role="strong" if changed else "body")
        self.label.updateGeometry()
        self._note.setText(say(self._suited.words(self.value)) if self._suited is not None else "")
        self._note.setVisible(bool(self._note.text()))
        self.reset_button.setVisible(changed)
        if changed:
            before, default = self._written(self._unchanged), self._written(self.default)
            words = self.tr("Put {label} back to {value}")
            if before != default:
                words = self.tr("Put {label} back to {value}, as it was before you changed it (usually {default})")
            self.reset_button.set_words(words.format(label=self.label.text(), value=before, default=default))

    def _written(self, value: Any) -> str:
        return say(self.field.empty) if value is None else _written(value)


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return list(a) == list(b)
    return bool(a == b)


def _written(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_written(part) for part in value)
    return number_text(value) if isinstance(value, float) else str(value)
