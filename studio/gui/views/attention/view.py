"""The Attention view: do teacher and student look at the same places?"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSlider, QVBoxLayout, QWidget

from studio.core.arrays import Arrays
from studio.core.data_kinds import capabilities
from studio.gui.presenters.drawings import StrokeRole
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.text.tool_tip import plain_tip
from studio.gui.views.attention.attention_content import AttentionContent, GroupMaps, PictureCaption
from studio.gui.views.attention.attention_table import AttentionTable
from studio.gui.views.base import View
from studio.gui.views.charts.moments import SnapshotCurvesOfRuns, arrays_of, moment_at
from studio.gui.views.charts.naming import answer, class_name, group_name
from studio.gui.views.charts.probabilities import softmax
from studio.gui.views.charts.scale_bar import ScaleBar
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.charts.time_axis import ACTIVE
from studio.gui.views.empty_page import EmptyReason
from studio.gui.views.run_picker import RunPicker
from studio.gui.views.saving import CsvTable, Value
from studio.gui.widgets.buttons import SegmentedControl
from studio.gui.widgets.labels import ElidedLabel, Label
from studio.runs.files.history import RunHistory
from studio.runs.files.snapshot_check import CheckedArrays

#: The three maps of attention transfer, and how their formulas are written.
KINDS = (("sum", "Σ |A|"), ("sum2", "Σ |A|²"), ("max2", "max |A|²"))


class AttentionView(View):
    """Maps of teacher and student for some test pictures, group by group, and how alike they are over time."""

    key = "attention"
    title = str(QT_TRANSLATE_NOOP("views", "Attention"))
    question = str(QT_TRANSLATE_NOOP("views", "Do they look at the same places?"))
    how_to_read = str(
        QT_TRANSLATE_NOOP(
            "views",
            "Bright is where a group of layers answers strongly. The student copies the teacher when the difference "
            "column fades to its neutral middle.",
        )
    )
    help_page = "attention"
    roomy = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot_curves = SnapshotCurvesOfRuns()
        column = QVBoxLayout(self.page)
        column.setContentsMargins(0, 0, 0, 0)
        card = self.add_card(column, self.words(self.question), self.words(self.how_to_read), self._table)
        card.body.addLayout(self._make_controls())
        self.table = AttentionTable()
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.table)
        scroll.verticalScrollBar().valueChanged.connect(self.table.set_top)
        scroll.setAccessibleName(self.tr("Attention maps"))
        card.body.addWidget(scroll, 1)
        legend = QHBoxLayout()
        legend.setSpacing(24)
        legend.addWidget(ScaleBar("inferno", self.tr("looks away"), self.tr("looks here")))
        legend.addWidget(ScaleBar("difference", self.tr("student looks more"), self.tr("teacher looks more")))
        alike = ElidedLabel(self.tr("Alike: cosine"), "explain")
        alike.setAlignment(Qt.AlignmentFlag.AlignRight)
        alike.setAccessibleDescription(self.tr("The cosine of the two maps, its mean over up to 256 test pictures."))
        legend.addWidget(alike, 1)
        card.body.addLayout(legend)

    def _make_controls(self) -> QHBoxLayout:
        self.kind = SegmentedControl(KINDS, self.tr("Map"), "sum2")
        tips = (self.tr("sum of magnitudes"), self.tr("sum of squares"), self.tr("largest square"))
        for (key, _), tip in zip(KINDS, tips, strict=True):
            self.kind.segment(key).setToolTip(plain_tip(self.tr("Over the channels: {what}").format(what=tip)))
        self.kind.chosen.connect(self.refresh)
        self.picker = RunPicker(self.tr("Student shown"))
        self.picker.chosen.connect(self.refresh)
        self.overlay = QSlider(Qt.Orientation.Horizontal)
        self.overlay.setRange(0, 100)
        self.overlay.setValue(60)
        self.overlay.setMaximumWidth(110)
        self.overlay.setMinimumWidth(50)
        self.overlay.setAccessibleName(self.tr("From the picture to the map"))
        self.overlay.valueChanged.connect(self._on_overlay)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.kind)
        row.addSpacing(8)
        row.addWidget(self.picker)
        row.addSpacing(8)
        for part in (Label(self.tr("Picture"), "explain"), self.overlay, Label(self.tr("Map"), "explain")):
            row.addWidget(part)
        row.addStretch(1)
        return row

    def empty_reason(self) -> EmptyReason | None:
        """Nothing without a snapshot, or where the networks have no maps."""
        reason = super().empty_reason()
        if reason is not None:
            return reason
        self.picker.show_runs(self.runs, self.current)
        run = self._source()
        if not run.history.moments:
            return self.no_snapshot_reason(
                self.tr("Pictures of the inside are taken when training begins and after its epochs.")
            )
        arrays = self._arrays(run.history)
        if not any(key.startswith("attention/student/") for key in arrays):
            if arrays.lacks("attention/", "probe/inputs", "logits/student"):
                return self.damaged_reason()
            if arrays.get("probe/inputs", np.empty(0)).ndim == 2:
                return self._no_places(run)
            return EmptyReason(
                self.tr("No attention maps in this run."),
                self.tr("Maps need groups of layers that keep the picture's places; these networks have none."),
            )
        return None

    def _no_places(self, run: ShownRun) -> EmptyReason:
        """What is said of a run whose examples are no pictures."""
        if capabilities(run.history.examples).has_columns:
            what = self.tr("Rows of a table have no places to look at.")
            why = self.tr("This run learns from a table; attention maps need pictures.")
        else:
            what = self.tr("Points have no places to look at.")
            why = self.tr(
                "This run learns from points; attention maps need pictures. Its plane is in the view 2-D plane."
            )
        return EmptyReason(what, why, self.tr("Try it with pictures"), "pictures")

    def _source(self) -> ShownRun:
        """The student chosen; while it has not begun, the teacher or student alone that is trained for it."""
        run = self.picker.run
        assert run is not None
        if run.history.moments:
            return run
        live = (one for one in self.shown if one.role != "run" and one.history.state in ACTIVE)
        return next((one for one in live if one.history.moments), run)

    def remark(self) -> str:
        """Whose maps these are while the student has not begun."""
        role = self._source().role
        if role == "teacher":
            return self.tr("The teacher learns first: these are its own maps.")
        return self.tr("The student alone learns first: these are its own maps.") if role == "alone" else ""

    def left_out_words(self, drawn: int, ticked: int) -> str:
        """One student is shown at a time."""
        words = self.tr(
            "{drawn} of {ticked} ticked runs can be chosen here: the one in question and those ticked last."
        )
        return words.format(drawn=drawn, ticked=ticked)

    def forget_others(self) -> None:
        """The curves of other runs need not be kept."""
        self._snapshot_curves.keep_only(run.history for run in self.runs)

    def draw(self) -> None:
        """Bring the table up to date."""
        run = self._source()
        if not self._snapshot_curves.of(run.history).read_on(run.history):
            self.request_redraw()
        self.table.show_content(self._content(run))

    def _arrays(self, history: RunHistory) -> CheckedArrays:
        moment = moment_at(history, self.epoch)
        return CheckedArrays({}) if moment is None else arrays_of(moment)

    def _content(self, run: ShownRun) -> AttentionContent:
        arrays, kind = self._arrays(run.history), self.kind.current
        curves = self._snapshot_curves.of(run.history).curves
        groups = []
        for group in run.history.groups:
            teacher = arrays.get(f"attention/teacher/{group}/{kind}")
            student = arrays.get(f"attention/student/{group}/{kind}")
            if run.role != "run":  # in its own training a reference is the one that learns
                teacher, student = (student, None) if run.role == "teacher" else (None, student)
            if teacher is None and student is None:
                continue
            alike = arrays.get(f"alike/{group}/{kind}")
            course = curves.get(f"alike/{group}/{kind}")
            groups.append(
                GroupMaps(
                    group_name(group), teacher, student, None if alike is None else float(alike.item()),
                    np.empty(0) if course is None else course.y,
                )
            )  # fmt: skip
        moment = moment_at(run.history, self.epoch)
        return AttentionContent(
            (moment, kind),
            arrays["probe/inputs"],
            self._captions(arrays, run),
            tuple(groups),
            Stroke(run.role, run.color_index),
        )

    def _captions(self, arrays: Arrays, run: ShownRun) -> tuple[PictureCaption, ...]:
        classes = run.history.classes
        labels = arrays.get("probe/labels", np.zeros(len(arrays["probe/inputs"]), int))
        says: list[list[tuple[StrokeRole, str, bool]]] = [[] for _ in labels]
        roles: tuple[tuple[str, StrokeRole], ...] = (("teacher", "teacher"), ("student", run.role))
        for role, kind in roles:
            logits = arrays.get(f"logits/{role}")
            if logits is None:
                continue
            probabilities = softmax(logits)
            for i, label in enumerate(labels):
                best = int(probabilities[i].argmax())
                wrong = best != label
                words = answer(classes, best, probabilities[i, best])
                says[i].append((kind, self.tr("✗ {answer}").format(answer=words) if wrong else words, wrong))
        return tuple(
            PictureCaption(class_name(classes, int(label)), tuple(said))
            for label, said in zip(labels, says, strict=True)
        )

    def _on_overlay(self, percent: int) -> None:
        self.table.set_opacity(percent / 100)

    def _table(self) -> CsvTable:
        rows: list[list[Value]] = []
        for run in self.runs:
            read = self._snapshot_curves.of(run.history)
            read.read_on(run.history, budget=60.0)
            for key, series in read.curves.items():
                if key.startswith("alike/"):
                    _, group, kind = key.split("/")
                    rows += [
                        [run.history.run, run.history.label, group, kind, int(x), float(y)]
                        for x, y in zip(series.x, series.y, strict=True)
                    ]
        return CsvTable(["run", "name", "group", "map", "step", "alike"], rows)


VIEW = AttentionView
