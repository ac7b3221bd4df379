"""A form made from settings models: a row a field, changed values marked, errors at their field, two levels of detail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.widgets.buttons import IconButton
from studio.gui.widgets.editors import Editor, PathEditor, editor_for
from studio.gui.widgets.fields import Field, Level
from studio.gui.widgets.labels import ElidedLabel, Label
from studio.gui.words import say

_UNCHANGED = object()


class FieldRow(QWidget):
    """A label, a put-back arrow while the value is changed, the editor, and below what is wrong with it."""

    edited = Signal(str, object)
    entered = Signal(str)

    def __init__(self, field: Field, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.field = field
        self.default = field.default
        self._given: Any = _UNCHANGED
        self._column = QVBoxLayout(self)
        self._label = ElidedLabel(say(field.label))
        self.widget = editor_for(field)
        self.editor = cast("Editor", self.widget)
        self._reset = IconButton("reset", "", self._put_back, 22, "accent")
        self._error = Label(role="axis", tone="error")
        self._error.setWordWrap(True)
        self._describe()
        self._lay_out()
        self.editor.edited.connect(self._edited)
        for watched in (self.widget, *self.widget.findChildren(QWidget)):
            watched.installEventFilter(self)
        self.show_default(field.default)
        self.show_error("")

    @property
    def value(self) -> Any:
        """The value in force: given by the person, else the default."""
        return self.default if self._given is _UNCHANGED else self._given

    @property
    def changed(self) -> bool:
        """Whether it differs from the default."""
        return self._given is not _UNCHANGED and not _same(self._given, self.default)

    def set_compact(self, compact: bool) -> None:
        """Stand closer to the other rows, for small windows."""
        space = 2 if compact else 4
        self._column.setContentsMargins(0, space, 0, space)

    def show_value(self, value: Any) -> None:
        """Show a value; it counts as changed where it differs from the default."""
        self._given = value
        self.editor.set_value(value)
        self._mark()

    def show_default(self, default: Any) -> None:
        """Exchange the default; shown where nobody gave a value."""
        self.default = default
        if self._given is _UNCHANGED:
            self.editor.set_value(default)
        self._mark()

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

    @property
    def error(self) -> str:
        """What is said to be wrong with it."""
        return self._error.text()

    def problem(self) -> str:
        """What is wrong with the value by the field's own range."""
        value = self.value
        if self.field.kind in ("ints", "floats") and isinstance(value, str):
            return self.tr("Give numbers with commas between.")
        return say(self.field.problem(value))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn:
            self.entered.emit(self.field.path)
        return super().eventFilter(watched, event)

    def _describe(self) -> None:
        label, help_ = say(self.field.label), say(self.field.help)
        tip = f"{help_}. {self._range_words()}".strip().removesuffix(".").lstrip(". ") if help_ else label
        for widget in (self._label, self.widget):
            widget.setToolTip(tip)
        self.widget.setAccessibleName(label)
        self.widget.setAccessibleDescription(help_)
        self.widget.setObjectName(self.field.path)

    def _range_words(self) -> str:
        field = self.field
        low = field.low if field.low is not None else field.above
        high = field.high if field.high is not None else field.below
        if field.kind not in ("int", "float") or low is None or high is None:
            return ""
        return self.tr("{low} to {high}").format(low=f"{low:,.10g}", high=f"{high:,.10g}")

    def _lay_out(self) -> None:
        column = self._column
        column.setSpacing(4)
        self.set_compact(False)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self._label, 1)
        row.addWidget(self._reset)
        column.addLayout(row)
        if isinstance(self.widget, PathEditor):
            column.addWidget(self.widget)
        else:
            row.addWidget(self.widget, 0, Qt.AlignmentFlag.AlignRight)
        column.addWidget(self._error)
        self._label.setBuddy(self.widget)
        self._label.setMinimumHeight(28)

    def _edited(self, value: Any) -> None:
        self._given = value
        self._mark()
        self.show_error(self.problem())
        self.edited.emit(self.field.path, value)

    def _put_back(self) -> None:
        self.forget_value()
        self.show_error("")
        self.widget.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edited.emit(self.field.path, self.default)

    def _mark(self) -> None:
        changed = self.changed
        theme.restyle(self._label, role="strong" if changed else "body")
        self._label.updateGeometry()
        self._reset.setVisible(changed)
        if changed:
            shown = say(self.field.empty) if self.default is None else _written(self.default)
            self._reset.set_words(self.tr("Put {label} back to {value}").format(label=self._label.text(), value=shown))


class SettingsForm(QWidget):
    """Rows for fields, in order, under their section headings.

    ``value_changed`` tells the path and the new value of a field a person changed; ``field_entered`` the path of the
    field that has the focus. The lower level hides fields, never values that were changed.
    """

    value_changed = Signal(str, object)
    field_entered = Signal(str)

    def __init__(self, fields: Sequence[Field] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: dict[str, FieldRow] = {}
        self._headings: dict[str, Label] = {}
        self._level: Level = "expert"
        self._compact = False
        self._shown_anyway: set[str] = set()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.set_fields(fields)

    # --- fields -------------------------------------------------------------------------------------------------------

    def set_fields(self, fields: Sequence[Field]) -> None:
        """Exchange the fields; rows of fields that stay keep their values and the focus."""
        kept = {field.path: self._rows.pop(field.path) for field in fields if self._is_kept(field)}
        for row in self._rows.values():
            row.hide()
            row.deleteLater()
        for heading in self._headings.values():
            heading.hide()
            heading.deleteLater()
        self._headings = {}
        self._rows = {}
        while self._column.takeAt(0) is not None:
            pass
        for field in fields:
            if field.section and field.section not in self._headings:
                self._add_heading(field.section)
            row = kept.get(field.path) or self._make_row(field)
            self._rows[field.path] = row
            self._column.addWidget(row)
        self._filter()

    def _is_kept(self, field: Field) -> bool:
        row = self._rows.get(field.path)
        return row is not None and row.field == field

    def _make_row(self, field: Field) -> FieldRow:
        row = FieldRow(field, self)
        row.set_compact(self._compact)
        row.edited.connect(self._edited)
        row.entered.connect(self.field_entered)
        return row

    def set_compact(self, compact: bool) -> None:
        """Put the rows closer together, for small windows."""
        self._compact = compact
        for row in self._rows.values():
            row.set_compact(compact)

    def _add_heading(self, section: str) -> None:
        heading = Label(say(section), "section")
        heading.setContentsMargins(0, 8, 0, 2)
        self._headings[section] = heading
        self._column.addWidget(heading)

    @property
    def fields(self) -> tuple[Field, ...]:
        """All fields, shown or not."""
        return tuple(row.field for row in self._rows.values())

    def row(self, path: str) -> FieldRow:
        """The row of a field; KeyError if there is none."""
        return self._rows[path]

    def editor(self, path: str) -> QWidget:
        """The editor of a field; KeyError if there is none."""
        return self._rows[path].widget

    # --- values -------------------------------------------------------------------------------------------------------

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show these values by path; fields not named go back to their default. Nothing is told."""
        for path, row in self._rows.items():
            if path in values:
                row.show_value(values[path])
            else:
                row.forget_value()
            row.show_error(row.problem() if row.changed else "")
        self._filter()

    def set_default(self, path: str, value: Any) -> None:
        """Exchange the default of a field, where it follows from another choice."""
        if path in self._rows:
            self._rows[path].show_default(value)

    def values(self, changed_only: bool = False) -> dict[str, Any]:
        """The values by path; only those that differ from their default if asked so."""
        return {path: row.value for path, row in self._rows.items() if row.changed or not changed_only}

    def _edited(self, path: str, value: Any) -> None:
        self._shown_anyway.add(path)  # a row never vanishes under the hand that puts it back
        self.value_changed.emit(path, value)

    # --- errors -------------------------------------------------------------------------------------------------------

    def set_errors(self, errors: Mapping[str, str]) -> None:
        """Mark these fields with these sentences; the others by their own range alone."""
        for path, row in self._rows.items():
            row.show_error(errors.get(path) or (row.problem() if row.changed else ""))
        self._filter()

    def check(self) -> dict[str, str]:
        """Mark every field that cannot stand as it is; the sentences by path."""
        found = {path: sentence for path, row in self._rows.items() if (sentence := row.problem())}
        self.set_errors(found)
        return found

    # --- levels -------------------------------------------------------------------------------------------------------

    def set_level(self, level: Level) -> None:
        """Show the main fields ("beginner") or all of them."""
        self._level = level
        self._shown_anyway.clear()
        self._filter()

    def shown(self) -> list[str]:
        """The paths of the rows on show, in order."""
        return [path for path, row in self._rows.items() if self._is_shown(row)]

    def _is_shown(self, row: FieldRow) -> bool:
        main = self._level == "expert" or row.field.level == "beginner"
        return main or row.changed or bool(row.error) or row.field.path in self._shown_anyway

    def _filter(self) -> None:
        for row in self._rows.values():
            row.setVisible(self._is_shown(row))
        for section, heading in self._headings.items():
            inside = any(row.field.section == section and self._is_shown(row) for row in self._rows.values())
            heading.setVisible(self._level == "expert" and inside and len(self._headings) > 1)


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, (list, tuple)) and isinstance(b, (list, tuple)):
        return list(a) == list(b)
    return bool(a == b)


def _written(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_written(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
