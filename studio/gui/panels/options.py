"""What else is to be said about a choice before it is used: how much data, where the teacher comes from, what is added."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studio.gui.panels.choice_list import ChoiceList
from studio.gui.panels.draft import Tables, put, take_away
from studio.gui.panels.facts import TABLE, Choice, Step, Values
from studio.gui.panels.settings import data_defaults, data_fields, method_defaults, method_fields, teacher_fields
from studio.gui.widgets.buttons import SegmentedControl, button
from studio.gui.widgets.editors import PathEditor
from studio.gui.widgets.fields import Field
from studio.gui.widgets.flow import FlowLayout
from studio.gui.widgets.form import SettingsForm
from studio.gui.widgets.labels import Label
from studio.gui.words import say


class Options(QWidget):
    """The options of one step: a form, and above it whatever the step needs besides.

    They hold a table in the making; ``table`` is what the draft gets. ``changed`` follows every edit.
    """

    changed = Signal()

    def __init__(self, step: Step, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table_name = TABLE[step]
        self._tables: Tables = {}
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
        self._tables = {self._table_name: {**kept, "key": choice.key}}
        self._show_table()
        self._refill()

    def table(self) -> Tables:
        """What the draft gets besides the key."""
        for group in {field.group for field in self.form.fields if field.group}:
            self._write_group(group)
        made: Tables = self._tables[self._table_name]
        return {name: value for name, value in made.items() if name != "key"}

    @property
    def any(self) -> bool:
        """Whether there is anything to say besides the choice itself."""
        return bool(self.form.fields) or self.column.count() > 1

    def key(self) -> str:
        """The key the draft gets."""
        return self._choice.key if self._choice else ""

    def problem(self) -> str:
        """Why it cannot be used yet; "" where it can."""
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
        given = {field.path: self._given(field.path) for field in fields}
        self.form.set_values({path: value for path, value in given.items() if value is not None})
        self.form.setVisible(bool(fields))

    def _given(self, path: str) -> Any:
        here: Any = self._tables
        for name in path.split("."):
            if isinstance(here, list):
                here = here[int(name)] if int(name) < len(here) else None
            else:
                here = here.get(name) if isinstance(here, dict) else None
        return here

    def _edited(self, path: str, value: Any) -> None:
        put(self._tables, path, value)
        self.changed.emit()

    def _write_group(self, group: str) -> None:
        """An optional table is given whole, or not at all."""
        rows = [self.form.row(field.path) for field in self.form.fields if field.group == group]
        whole = {row.field.path.removeprefix(group + "."): row.value for row in rows}
        if any(row.changed for row in rows):
            put(self._tables, group, whole)
        else:
            take_away(self._tables, group)


class DataOptions(Options):
    """How much of the data, how varied, and what the source itself asks for."""

    def _fields(self) -> Sequence[Field]:
        return data_fields(self.key())

    def _defaults(self) -> dict[str, Any]:
        return data_defaults(self.key())


class StudentOptions(Options):
    """A student is its network and nothing else."""


class TeacherOptions(Options):
    """Where the teacher comes from: trained first, the student of an earlier run, or a file."""

    def _lay_out(self) -> None:
        self.source = SegmentedControl(
            [("train", self.tr("Train it first")), ("run", self.tr("From a run")), ("file", self.tr("From a file"))],
            self.tr("Where the teacher comes from"),
        )
        self.source.chosen.connect(self._source_chosen)
        self.runs = ChoiceList(self.tr("Runs whose student could teach"))
        self.runs.setMinimumHeight(160)
        self.runs.pointed.connect(self._run_pointed)
        self.no_runs = Label(self.tr("No run has finished yet."), "explain")
        words = Field("teacher.source", self.tr("Weights"), self.tr("A file of weights that the studio saved"), "path")
        self.file = PathEditor(words, files=self.tr("Networks (*.safetensors)"))
        self.file.edited.connect(self._file_edited)
        row = QHBoxLayout()
        row.addWidget(self.source)
        row.addStretch()
        self.column.addWidget(Label(self.tr("Where it comes from"), "section"))
        self.column.addLayout(row)
        for widget in (self.runs, self.no_runs, self.file):
            self.column.addWidget(widget)

    def show_runs(self, runs: Sequence[Choice]) -> None:
        """The runs that could be the teacher."""
        self.runs.rows.set_choices(runs)
        self._show_table()

    def key(self) -> str:
        """A teacher from a run has the network of that run's student."""
        run = self.runs.current
        if self.source.current == "run" and run is not None and run.network:
            return run.network
        return super().key()

    def problem(self) -> str:
        source, run = self.source.current, self.runs.current
        if source == "run" and run is None:
            return self.tr("Choose a run.")
        if source == "run" and run is not None and run.refusal:
            return say(run.refusal)
        if source == "file" and not self.file.value_now():
            return self.tr("Choose a file.")
        return super().problem()

    def _show_table(self) -> None:
        if not self._tables:
            return
        source = str(self._tables["teacher"].get("source", "train"))
        kind = source.split(":", 1)[0]
        with QSignalBlocker(self.source), QSignalBlocker(self.runs):
            self.source.choose(kind if kind in ("run", "file") else "train")
            self.runs.setCurrentIndex(self.runs.rows.row_of(source))
        if kind == "file":
            self.file.set_value(source.removeprefix("file:"))
        self._show_source()

    def _show_source(self) -> None:
        source = self.source.current
        some = bool(self.runs.rows.choices)
        self.runs.setVisible(source == "run" and some)
        self.no_runs.setVisible(source == "run" and not some)
        self.file.setVisible(source == "file")
        self.form.setVisible(source == "train")

    def _refill(self) -> None:
        super()._refill()
        self._show_source()

    def _fields(self) -> Sequence[Field]:
        return teacher_fields()

    def _defaults(self) -> dict[str, Any]:
        training = self._values.get("training")
        epochs = training.get("epochs") if isinstance(training, dict) else None
        return {"teacher.epochs": epochs} if epochs else {}

    def _source_chosen(self, source: str) -> None:
        run = self.runs.current
        sources = {
            "train": "train",
            "run": run.key if run else "train",
            "file": f"file:{self.file.value_now() or ''}",
        }
        self._write(sources[source])

    def _run_pointed(self, run: Choice) -> None:
        if self.source.current == "run":
            self._write(run.key)

    def _file_edited(self, path: object) -> None:
        self._write(f"file:{path}")

    def _write(self, source: str) -> None:
        if self._tables:
            self._tables["teacher"]["source"] = source
        self._show_source()
        self.changed.emit()


class MethodOptions(Options):
    """The method's own settings, and other methods whose terms join it."""

    def _lay_out(self) -> None:
        self._chips: dict[str, QPushButton] = {}
        self._heading = Label(self.tr("Together with"), "section")
        self._row = FlowLayout()
        self.column.addWidget(self._heading)
        self.column.addLayout(self._row)

    def show_joining(self, choices: Sequence[Choice]) -> None:
        """The methods that can be added to another."""
        while (item := self._row.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self._chips = {}
        for choice in choices:
            chip = button(say(choice.title), "chip", clicked=self._chip_clicked)
            chip.setObjectName(choice.key)
            chip.setToolTip(say(choice.refusal) or say(choice.words))
            chip.setEnabled(not choice.refusal)
            self._chips[choice.key] = chip
            self._row.addWidget(chip)
        self._show_table()

    @property
    def added(self) -> list[str]:
        """The keys of the methods added."""
        return [str(table.get("key", "")) for table in self._tables.get("method", {}).get("also", ())]

    def _show_table(self) -> None:
        own = self._choice.key if self._choice else ""
        alone = self._choice is not None and not self._choice.extends
        shown = [chip for key, chip in self._chips.items() if key != own and not alone]
        for key, chip in self._chips.items():
            chip.setChecked(key in self.added)
            chip.setVisible(chip in shown)
        self._heading.setVisible(bool(shown))

    def _chip_clicked(self) -> None:
        chip = self.sender()
        if not isinstance(chip, QPushButton):
            return
        method = self._tables["method"]
        others = [table for table in method.get("also", ()) if table.get("key") != chip.objectName()]
        method["also"] = [*others, {"key": chip.objectName()}] if chip.isChecked() else others
        self._refill()
        self.changed.emit()

    def _fields(self) -> Sequence[Field]:
        return method_fields(self._tables)

    def _defaults(self) -> dict[str, Any]:
        return method_defaults(self._tables)


OPTIONS: dict[Step, type[Options]] = {
    "data": DataOptions,
    "teacher": TeacherOptions,
    "student": StudentOptions,
    "method": MethodOptions,
}
