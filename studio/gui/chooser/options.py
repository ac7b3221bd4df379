"""What else is to be said about a choice before it is used: how much data, where the teacher comes from, what is added."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.core import paths
from studio.core.suited_setting import SuitedSetting
from studio.gui.experiment.draft import Tables
from studio.gui.experiment.setting_fields import data_defaults, data_fields
from studio.gui.presenters.draft_info import TABLE, Choice, Step, Values
from studio.gui.presenters.opened_settings import unchanged_values
from studio.gui.presenters.suited_settings import method_table
from studio.gui.text.say import say
from studio.gui.widgets.fields import Field
from studio.gui.widgets.form import SettingsForm

_ABSENT = object()


class Options(QWidget):
    """The options of one step: a form, and above it whatever the step needs besides.

    They hold a table in the making; ``table`` is what the draft gets. ``changed`` follows every edit.
    """

    changed = Signal()

    def __init__(self, step: Step, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table_name = TABLE[step]
        self._tables: Tables = {}
        self._begun: Tables = {}
        self._values: Values = {}
        self._choice: Choice | None = None
        self.form = SettingsForm()
        self.form.value_changed.connect(self._edited)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(8)
        self._lay_out()
        self.column.addWidget(self.form)

    def show_choice(self, choice: Choice, values: Values) -> None:
        """Begin with a choice; the draft's own table where that choice is in force, else all defaults."""
        self._choice, self._values = choice, values
        table = values.get(self._table_name)
        kept = dict(table) if isinstance(table, dict) and table.get("key") == choice.key else {}
        begun = dict(choice.table) or kept or method_table(choice)
        self._tables = {self._table_name: {"key": choice.key, **copy.deepcopy(begun)}}
        self._begun = copy.deepcopy(self._tables)
        self._show_table()
        self._refill()

    def table(self) -> Tables:
        """What the draft gets besides the key; nothing before a choice is shown."""
        for group in {field.group for field in self.form.fields if field.group}:
            self._write_group(group)
        made: Tables = self._tables.get(self._table_name, {})
        return {name: value for name, value in made.items() if name != "key"}

    @property
    def has_options(self) -> bool:
        """Whether there is anything to say besides the choice itself."""
        return bool(self.form.fields) or self.column.count() > 1

    def key(self) -> str:
        """The key the draft gets."""
        return str(self._tables.get(self._table_name, {}).get("key", ""))

    def suited(self) -> dict[str, SuitedSetting]:
        """By path, the settings it begins with because they suit what was picked."""
        return {}

    def problem(self) -> str:
        """Why it cannot be used yet, what is being typed included; "" where it can."""
        self.form.complete()
        found = self.form.check()
        if not found:
            return ""
        path, sentence = next(iter(found.items()))
        return f"{say(self.form.row(path).field.label)}: {sentence}"

    # --- for the steps ------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        """Add widgets above the form."""

    def _show_table(self) -> None:
        """Show the table in the widgets above the form."""

    def _fields(self) -> Sequence[Field]:
        """The fields of the form."""
        return ()

    def _defaults(self) -> dict[str, Any]:
        """Defaults that follow from the choice."""
        return {}

    # --- the form -----------------------------------------------------------------------------------------------------

    def _refill(self) -> None:
        fields, defaults = self._fields(), self._defaults()
        self.form.set_fields(fields)
        for field in fields:
            self.form.set_default(field.path, defaults.get(field.path, field.default))
        given = {field.path: paths.get(self._tables, field.path, _ABSENT) for field in fields}
        filled = {path: one.value for path, one in self.suited().items() if paths.get(self._begun, path) == one.value}
        self.form.set_unchanged(filled | unchanged_values({**self._values, **self._tables}, given))
        self.form.set_values({path: value for path, value in given.items() if value is not _ABSENT})
        self.form.show_suited(self.suited())
        self.form.setVisible(bool(fields))

    def _edited(self, path: str, value: Any) -> None:
        paths.put(self._tables, path, copy.deepcopy(value))
        self.changed.emit()

    def _write_group(self, group: str) -> None:
        """An optional table is given whole, or not at all."""
        rows = [self.form.row(field.path) for field in self.form.fields if field.group == group]
        whole = {row.field.path.removeprefix(group + "."): row.value for row in rows}
        if any(row.is_given for row in rows):
            paths.put(self._tables, group, whole)
        else:
            paths.remove(self._tables, group)


#: What is said of single columns of a table.
_OF_COLUMNS = ("numeric", "nominal", "leave_out", "class_column")


class DataOptions(Options):
    """How much of the data, how varied, and what the source itself asks for."""

    def use_column(self, name: str, use: str) -> None:
        """Take a column of a table for numbers, names, the class or nothing, and all others as before."""
        table = self._tables[self._table_name]
        for place in ("numeric", "nominal", "leave_out"):
            others = [each for each in table.get(place, ()) if each != name]
            if use == {"leave_out": "unused"}.get(place, place):
                others.append(name)
            table[place] = others
            if not others:
                del table[place]
        if use == "class":
            table["class_column"] = name
        self._refill()
        self.changed.emit()

    def leave_out_copies(self, left_out: bool) -> None:
        """Learn without examples that stand in the test part too, or from all."""
        table = self._tables[self._table_name]
        table.pop("without_copies", None)
        if left_out:
            table["without_copies"] = True
        self._refill()
        self.changed.emit()

    def _edited(self, path: str, value: Any) -> None:
        super()._edited(path, value)
        said = [name for name in _OF_COLUMNS if name in self._tables[self._table_name]]
        if path == "dataset.path" and said:  # it was said of another file's columns
            for name in said:
                del self._tables[self._table_name][name]
            self._refill()
            self.changed.emit()

    def _fields(self) -> Sequence[Field]:
        return data_fields(self.key())

    def _defaults(self) -> dict[str, Any]:
        return data_defaults(self.key())
