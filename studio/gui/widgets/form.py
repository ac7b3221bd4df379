"""A form made from settings models: a row a field, changed values marked, errors at their field, two levels of detail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from studio.core.suited_setting import SuitedSetting
from studio.gui.text.say import say
from studio.gui.widgets.field_row import FieldRow
from studio.gui.widgets.fields import Field, SettingsLevel
from studio.gui.widgets.labels import Label
from studio.gui.widgets.layouts import forget_places


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
        self._level: SettingsLevel = "expert"
        self._compact = False
        self._shown_anyway: set[str] = set()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.set_fields(fields)

    # --- fields -------------------------------------------------------------------------------------------------------

    def set_fields(self, fields: Sequence[Field]) -> None:
        """Exchange the fields; rows of fields that stay keep their values and the focus."""
        staying = {field.path: self._rows.pop(field.path) for field in fields if self._stays(field)}
        for row in self._rows.values():
            row.hide()
            row.deleteLater()
        for heading in self._headings.values():
            heading.hide()
            heading.deleteLater()
        self._headings = {}
        self._rows = {}
        forget_places(self._column)
        for field in fields:
            if field.section and field.section not in self._headings:
                self._add_heading(field.section)
            row = staying.get(field.path) or self._make_row(field)
            self._rows[field.path] = row
            self._column.addWidget(row)
        self._filter()

    def _stays(self, field: Field) -> bool:
        row = self._rows.get(field.path)
        return row is not None and row.set_field(field)

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
        """Show these values by path; fields not named go back to their default. No signal is emitted."""
        for path, row in self._rows.items():
            if path in values:
                row.show_value(values[path])
            else:
                row.forget_value()
            row.show_error(row.problem() if row.is_given else "")
        self._filter()

    def set_unchanged(self, before: Mapping[str, Any]) -> None:
        """Tell by path what the values were before they were changed by hand; of fields not named it is their default."""
        for row in self._rows.values():
            row.show_unchanged(before)
        self._filter()

    def set_default(self, path: str, value: Any) -> None:
        """Exchange the default of a field, where it follows from another choice."""
        if path in self._rows:
            self._rows[path].show_default(value)

    def values(self, changed_only: bool = False) -> dict[str, Any]:
        """The values by path; only those that differ from their default if asked so."""
        return {path: row.value for path, row in self._rows.items() if row.is_given or not changed_only}

    def _edited(self, path: str, value: Any) -> None:
        self._shown_anyway.add(path)  # a row never vanishes under the hand that puts it back
        self.value_changed.emit(path, value)

    def show_suited(self, suited: Mapping[str, SuitedSetting]) -> None:
        """Say beside these fields what suits; beside the others nothing."""
        for path, row in self._rows.items():
            row.show_suited(suited.get(path))

    # --- errors -------------------------------------------------------------------------------------------------------

    def set_errors(self, errors: Mapping[str, str]) -> None:
        """Mark these fields with these sentences, unless their own range says it; the others by that alone."""
        for path, row in self._rows.items():
            row.show_error((row.problem() if row.is_given else "") or errors.get(path, ""))
        self._filter()

    def complete(self) -> None:
        """Let what a person is typing count, though it was not left yet: somebody is about to use the values."""
        for row in tuple(self._rows.values()):
            row.complete()

    def check(self) -> dict[str, str]:
        """Mark every field that cannot stand as it is; the sentences by path."""
        found = {path: sentence for path, row in self._rows.items() if (sentence := row.problem())}
        self.set_errors(found)
        return found

    # --- levels -------------------------------------------------------------------------------------------------------

    def set_level(self, level: SettingsLevel) -> None:
        """Show the main fields ("beginner") or all of them."""
        self._level = level
        self._shown_anyway.clear()
        self._filter()

    def shown(self) -> list[str]:
        """The paths of the rows on show, in order."""
        return [path for path, row in self._rows.items() if self._is_shown(row)]

    def _is_shown(self, row: FieldRow) -> bool:
        main = self._level == "expert" or row.field.level == "beginner"
        in_hand = row.isAncestorOf(focus) if (focus := QApplication.focusWidget()) is not None else False
        return main or row.is_given or row.changed or bool(row.error) or row.field.path in self._shown_anyway or in_hand

    def _filter(self) -> None:
        for row in self._rows.values():
            row.setVisible(self._is_shown(row))
        for section, heading in self._headings.items():
            inside = any(row.field.section == section and self._is_shown(row) for row in self._rows.values())
            heading.setVisible(self._level == "expert" and inside and len(self._headings) > 1)
