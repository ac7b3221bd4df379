"""What a student begins with, and how many of its blocks are kept."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout

from studio.core.ensemble_keys import is_ensemble
from studio.core.message import translatable
from studio.core.prefixed_key import PrefixedKey
from studio.gui.chooser.choice_list import ChoiceList
from studio.gui.chooser.options import Options
from studio.gui.chooser.weights_folder import PRETRAINED, WeightsFolder
from studio.gui.experiment.setting_fields import student_fields
from studio.gui.presenters.draft_info import Choice
from studio.gui.widgets.buttons import SegmentedControl
from studio.gui.widgets.editors import PathEditor
from studio.gui.widgets.fields import Field
from studio.gui.widgets.labels import Label

_FILE_LABEL = translatable("Weights")
_FILE_HELP = translatable("A file of weights of this network")
_RANDOM = "random"


class StudentOptions(Options):
    """The weights it begins with: random ones, those of an earlier run's student, of a file, or published; and where it is cut."""

    def _lay_out(self) -> None:
        self.start = SegmentedControl(
            [
                (_RANDOM, self.tr("Random weights")),
                ("run", self.tr("A run")),
                ("file", self.tr("A file")),
                (PRETRAINED, self.tr("Published")),
            ],
            self.tr("What the student begins with"),
        )
        self.start.chosen.connect(self._start_chosen)
        self.runs = ChoiceList(self.tr("Runs whose student it could begin as"))
        self.runs.setMinimumHeight(160)
        self.runs.pointed.connect(self._run_pointed)
        self.no_runs = Label(self.tr("No run of this network has finished yet."), "explain")
        words = Field("student.init", _FILE_LABEL, _FILE_HELP, "path")
        self.file = PathEditor(words, files=self.tr("Networks (*.safetensors *.pth *.pt *.pt7 *.tar *.bin *.ckpt)"))
        self.file.edited.connect(self._file_edited)
        self.weights_folder = WeightsFolder("student.init")
        self.weights_folder.edited.connect(self._folder_edited)
        self._offered: Sequence[Choice] = ()
        row = QHBoxLayout()
        row.addWidget(self.start)
        row.addStretch()
        self.column.addWidget(Label(self.tr("What it begins with"), "section"))
        self.column.addLayout(row)
        for widget in (self.runs, self.no_runs, self.file, self.weights_folder):
            self.column.addWidget(widget)

    def show_runs(self, runs: Sequence[Choice]) -> None:
        """The runs on these data that have finished; those of the network pointed at are offered."""
        self._offered = runs
        self._show_table()

    @property
    def has_options(self) -> bool:
        """A student that is made from the teacher begins as that does."""
        return self._choice is not None and bool(self._choice.drawing) and bool(self._fields())

    def problem(self) -> str:
        start = self.start.current
        if start == "run" and self.runs.current is None:
            return self.tr("Choose a run.")
        if start == "file" and not self.file.value_now():
            return self.tr("Choose a file.")
        if start == PRETRAINED and (problem := self.weights_folder.problem(self._choice)):
            return problem
        return super().problem()

    def _show_table(self) -> None:
        if not self._tables:
            return
        init = str(self._tables["student"].get("init", _RANDOM))
        key = PrefixedKey.parse(init)
        with QSignalBlocker(self.start), QSignalBlocker(self.runs):
            self.runs.rows.set_choices([run for run in self._offered if run.network == self.key()])
            self.start.choose(key.kind or _RANDOM)
            self.runs.setCurrentIndex(self.runs.rows.row_of(init))
        if key.kind == "file":
            self.file.set_value(key.name)
        if key.kind == PRETRAINED:
            self.weights_folder.folder.set_value(key.name)
        self._show_start()

    def _show_start(self) -> None:
        start, some = self.start.current, bool(self.runs.rows.choices)
        self.runs.setVisible(start == "run" and some)
        self.no_runs.setVisible(start == "run" and not some)
        self.file.setVisible(start == "file")
        self.weights_folder.setVisible(start == PRETRAINED)

    def _refill(self) -> None:
        super()._refill()
        self._show_start()

    def _fields(self) -> Sequence[Field]:
        return () if self._choice is None or is_ensemble(self.key()) else student_fields(self.key())

    def _start_chosen(self, start: str) -> None:
        run = self.runs.current
        if start == "file":
            self._set_init(str(PrefixedKey("file", str(self.file.value_now() or ""))))
        elif start == PRETRAINED:
            self._set_init(self.weights_folder.key())
        else:
            self._set_init(run.key if start == "run" and run is not None else _RANDOM)

    def _run_pointed(self, run: Choice) -> None:
        if self.start.current == "run":
            self._set_init(run.key)

    def _file_edited(self, path: object) -> None:
        self._set_init(str(PrefixedKey("file", str(path))))

    def _folder_edited(self) -> None:
        self._set_init(self.weights_folder.key())

    def _set_init(self, init: str) -> None:
        if self._tables:
            table = self._tables["student"]
            if init == _RANDOM:
                table.pop("init", None)
            else:
                table["init"] = init
        self._show_start()
        self.changed.emit()
