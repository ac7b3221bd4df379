"""Where a teacher comes from: trained first, the student of an earlier run, several of them together, or a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QWidget

from studio.core.ensemble_keys import ENSEMBLE, ensemble_key, is_ensemble
from studio.core.message import translatable
from studio.core.prefixed_key import PrefixedKey
from studio.gui.chooser.choice_list import ChoiceList
from studio.gui.chooser.options import Options
from studio.gui.chooser.weights_folder import PRETRAINED, WeightsFolder
from studio.gui.experiment.setting_fields import teacher_fields
from studio.gui.presenters.draft_info import Choice
from studio.gui.text.say import say
from studio.gui.widgets.buttons import SegmentedControl
from studio.gui.widgets.check_list import CheckItem, CheckList
from studio.gui.widgets.editors import PathEditor
from studio.gui.widgets.fields import Field
from studio.gui.widgets.labels import Label

_FILE_LABEL = translatable("Weights")
_FILE_HELP = translatable("A file of weights, of the studio or of another program")


class TeacherOptions(Options):
    """Where the teacher comes from: trained first, the student of an earlier run, several of them, or a file."""

    def _lay_out(self) -> None:
        self.source = SegmentedControl(
            [
                ("train", self.tr("Train it")),
                ("run", self.tr("A run")),
                (ENSEMBLE, self.tr("Several runs")),
                ("file", self.tr("A file")),
                (PRETRAINED, self.tr("Published")),
            ],
            self.tr("Where the teacher comes from"),
        )
        self.source.chosen.connect(self._source_chosen)
        self.runs = ChoiceList(self.tr("Runs whose student could teach"))
        self.runs.setMinimumHeight(160)
        self.runs.pointed.connect(self._run_pointed)
        self.no_runs = Label(self.tr("No run has finished yet."), "explain")
        self.members = CheckList(self.tr("Runs that teach together"))
        self.members.setMinimumHeight(160)
        self.members.changed.connect(self._members_changed)
        self.ticked = Label("", "explain", tone="text2")
        self.mean = SegmentedControl(
            [("probabilities", self.tr("Mean of probabilities")), ("logits", self.tr("Mean of logits"))],
            self.tr("What of an ensemble’s answers is averaged"),
        )
        self.mean.chosen.connect(self._members_changed)
        words = Field("teacher.source", _FILE_LABEL, _FILE_HELP, "path")
        self.file = PathEditor(words, files=self.tr("Networks (*.safetensors *.pth *.pt *.pt7 *.tar *.bin *.ckpt)"))
        self.file.edited.connect(self._file_edited)
        self.weights_folder = WeightsFolder("teacher.source")
        self.weights_folder.edited.connect(self._folder_edited)
        row = QHBoxLayout()
        row.addWidget(self.source)
        row.addStretch()
        self.column.addWidget(Label(self.tr("Where it comes from"), "section"))
        self.column.addLayout(row)
        for widget in (*self._of_sources, self.no_runs):
            self.column.addWidget(widget)

    @property
    def _of_sources(self) -> tuple[QWidget, ...]:
        """What is shown for one source or another."""
        return (self.runs, self.members, self.ticked, self.mean, self.file, self.weights_folder)

    def show_runs(self, runs: Sequence[Choice]) -> None:
        """The runs that could be the teacher."""
        self.runs.rows.set_choices(runs)
        single = [run for run in runs if not is_ensemble(run.network)]
        self.members.set_items([CheckItem(run.key, say(run.title), say(run.refusal or run.words)) for run in single])
        self._show_table()

    def key(self) -> str:
        """A teacher from a run has the network of that run's student; one of several that of their ensemble."""
        run = self.runs.current
        if self.source.current == ENSEMBLE:
            networks = {run.key: run.network for run in self.runs.rows.choices}
            members = [networks[key] for key in self.members.ticked]
            return ensemble_key(members, "logits" if self.mean.current == "logits" else "probabilities")
        if self.source.current == "run" and run is not None and run.network:
            return run.network
        return super().key()

    def problem(self) -> str:
        source, run = self.source.current, self.runs.current
        if source == "run" and run is None:
            return self.tr("Choose a run.")
        if source == "run" and run is not None and run.refusal:
            return say(run.refusal)
        if source == ENSEMBLE and (problem := self._problem_of_members()):
            return problem
        if source == "train" and is_ensemble(super().key()):
            return self.tr("An ensemble is made of finished runs: choose them.")
        if source == "file" and not self.file.value_now():
            return self.tr("Choose a file.")
        if source == PRETRAINED and (problem := self.weights_folder.problem(self._choice)):
            return problem
        return super().problem()

    def _problem_of_members(self) -> str:
        ticked, gone = self.members.ticked, self._gone()
        refused = [run for run in self.runs.rows.choices if run.key in ticked and run.refusal]
        if refused:
            return f"{say(refused[0].title)}: {say(refused[0].refusal)}"
        if gone:
            return self.tr("{n} of the runs that were chosen cannot teach any longer: tick anew.").format(n=gone)
        return self.tr("Tick two runs or more.") if len(ticked) < 2 else ""

    def _show_table(self) -> None:
        if not self._tables:
            return
        source = str(self._tables["teacher"].get("source", "train"))
        key = PrefixedKey.parse(source)
        with QSignalBlocker(self.source), QSignalBlocker(self.runs), QSignalBlocker(self.mean):
            self.source.choose(ENSEMBLE if source == ENSEMBLE else key.kind or "train")
            self.members.tick(self._tables["teacher"].get("members", ()))
            self.mean.choose(str(self._tables["teacher"].get("mean", "probabilities")))
            self.runs.setCurrentIndex(self.runs.rows.row_of(source))
        if key.kind == "file":
            self.file.set_value(key.name)
        if key.kind == PRETRAINED:
            self.weights_folder.folder.set_value(key.name)
        self._show_source()

    def _show_source(self) -> None:
        source = self.source.current
        some = bool(self.runs.rows.choices)
        self.runs.setVisible(source == "run" and some)
        several = bool(self.members.count())
        self.members.setVisible(source == ENSEMBLE and several)
        for below in (self.ticked, self.mean):
            below.setVisible(source == ENSEMBLE and several)
        words = self.tr("{n} of {all} ticked")
        self.ticked.setText(words.format(n=len(self.members.ticked), all=self.members.count()))
        self.no_runs.setVisible((source == "run" and not some) or (source == ENSEMBLE and not several))
        self.file.setVisible(source == "file")
        self.weights_folder.setVisible(source == PRETRAINED)

    def _refill(self) -> None:
        super()._refill()
        self._show_source()

    def _fields(self) -> Sequence[Field]:
        source = self.source.current
        return teacher_fields(trained=source == "train", from_file=source == "file")

    def _defaults(self) -> dict[str, Any]:
        training = self._values.get("training")
        epochs = training.get("epochs") if isinstance(training, dict) else None
        return {"teacher.epochs": epochs} if epochs else {}

    def _source_chosen(self, source: str) -> None:
        run = self.runs.current
        sources = {
            "train": "train",
            "run": run.key if run else "train",
            "file": str(PrefixedKey("file", str(self.file.value_now() or ""))),
            PRETRAINED: self.weights_folder.key(),
        }
        if source == ENSEMBLE:
            self._members_changed()
        else:
            self._set_source(sources[source])
        self._refill()

    def _run_pointed(self, run: Choice) -> None:
        if self.source.current == "run":
            self._set_source(run.key)

    def _members_changed(self, _change: object = None) -> None:
        if self.source.current == ENSEMBLE:
            self._set_source(ENSEMBLE, members=self.members.ticked, mean=self.mean.current)

    def _gone(self) -> int:
        """How many members of the draft are not in the list: deleted, or without what they had learnt."""
        listed = {run.key for run in self.runs.rows.choices}
        members = self._tables.get("teacher", {}).get("members", ())
        return sum(member not in listed for member in members) if listed else 0

    def _file_edited(self, path: object) -> None:
        self._set_source(str(PrefixedKey("file", str(path))))

    def _folder_edited(self) -> None:
        self._set_source(self.weights_folder.key())

    def _set_source(self, source: str, **ensemble: Any) -> None:
        """Put it into the table, with ``members`` and ``mean`` where several runs teach."""
        if self._tables:
            table = self._tables["teacher"]
            table["source"] = source
            for name in ("members", "mean"):
                table.pop(name, None)
            table.update(ensemble)
        self._show_source()
        self.changed.emit()
