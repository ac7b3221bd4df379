"""The 2-D plane view: where does each network draw the line?"""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QT_TRANSLATE_NOOP, QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studio.core.arrays import Arrays
from studio.core.data_kinds import capabilities
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip
from studio.gui.views.base import View
from studio.gui.views.charts.alone_arrays import alone_arrays, alone_moment
from studio.gui.views.charts.moments import BUDGET, arrays_of, moment_at
from studio.gui.views.charts.naming import class_name
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.charts.time_axis import ACTIVE
from studio.gui.views.empty_page import EmptyReason
from studio.gui.views.plane.plane_legend import PlaneLegend
from studio.gui.views.plane.plane_plot import PlanePlot, drawing_of
from studio.gui.views.plane.plane_sides import PlaneSides, accuracy_at, points_of
from studio.gui.views.plane.plane_walks import Walks, walks_of
from studio.gui.views.run_picker import RunPicker
from studio.gui.views.saving import CsvTable, Value
from studio.gui.widgets.buttons import button
from studio.gui.widgets.flow import FlowLayout
from studio.gui.widgets.labels import Label
from studio.runs.files.history import RunHistory
from studio.runs.files.snapshot_check import CheckedArrays

#: Of a run whose snapshots have not been looked at.
_NO_PLANE = (None, False)


class PlaneView(View):
    """Class regions and neuron boundaries of teacher and student, for points in the plane."""

    key = "plane"
    title = str(QT_TRANSLATE_NOOP("views", "2-D plane"))
    question = str(QT_TRANSLATE_NOOP("views", "Where does each network draw the line?"))
    how_to_read = str(
        QT_TRANSLATE_NOOP(
            "views",
            "Tint is the class it would answer, paler where it is unsure. A thin line is where one neuron switches from off "
            "to on; the thick one is the decision. Drag to move all planes, double-click to see all.",
        )
    )
    how_to_read_walks = str(
        QT_TRANSLATE_NOOP(
            "views",
            "Tint is the class it would answer; a thin line is where one neuron switches, the thick one is the decision. A "
            "ringed point is pushed towards the teacher's decision, a dot a step, to the cross.",
        )
    )
    help_page = "plane"
    needs = ("plane/extent", "plane/points", "plane/labels", "plane/teacher/", "plane/student/", "plane/walks/")
    fills_from = ("plane/extent",)
    roomy = True

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self.page)
        column.setContentsMargins(0, 0, 0, 0)
        card = self.add_card(column, self.words(self.question), self.words(self.how_to_read), self._table)
        self._card = card
        self._planes: dict[str, tuple[RunHistory | None, bool]] = {}
        self._meaning: tuple[int, Stroke, tuple[str, ...]] | None = None
        self.chips: dict[str, QPushButton] = {}
        self._walks_chosen = False
        self._chip_row = FlowLayout(6)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(Label(self.tr("Show"), "explain"))
        row.addLayout(self._chip_row, 1)
        for part, words in (
            ("regions", self.tr("Class regions")),
            ("points", self.tr("Points")),
            ("decision", self.tr("Decision line")),
            ("walks", self.tr("Walks to the boundary")),
        ):
            self._add_chip(part, words)
        self.chips["walks"].setToolTip(self.tr("Points pushed, step by step, to where the teacher changes its mind"))
        self.chips["walks"].clicked.connect(self._walks_clicked)
        card.body.addLayout(row)
        self.picker = RunPicker(self.tr("Student shown"))
        self.picker.chosen.connect(self.refresh)
        self.sides = PlaneSides(self.picker)
        self.teacher, self.student, self.alone = (side.plot for side in self.sides.all)
        card.body.addWidget(self.sides, 1)
        self.legend = PlaneLegend()
        card.body.addWidget(self.legend)

    def off_words(self) -> str:
        """A run that waits for its references learns from what they learn from, and they tell as soon as they begin."""
        waits = self.current is not None and not self.current.history.moments
        if waits and not any(capabilities(run.history.examples).is_planar for run in self.shown if run.history.steps):
            return self.lacking_words()
        return super().off_words()

    def lacking_words(self) -> str:
        """What lies in no plane."""
        return self.tr("needs points of two numbers each")

    def empty_reason(self) -> EmptyReason | None:
        """Only points in the plane can be drawn."""
        reason = super().empty_reason()
        if reason is not None:
            return reason
        if self._learns_first() is not None:
            return None
        on_plane = self._on_plane()
        if on_plane:
            self.picker.show_runs(on_plane, self.current)
            run = self.picker.run
            moment = moment_at(run.history, self.epoch) if run is not None else None
            return None if moment is not None and drawing_of(moment, "student") else self.damaged_reason()
        current = self.current
        if current is not None and not current.history.moments:
            return self.no_snapshot_reason(self.tr("The plane is drawn when training begins and after its epochs."))
        return EmptyReason(
            self.tr("This run learns from a table.")
            if current is not None and capabilities(current.history.examples).has_columns
            else self.tr("This run learns from pictures."),
            self.tr("Only points with two numbers each lie in a plane. Two moons, spirals and rings are such data."),
            self.tr("Try it with points"),
            "points",
        )

    def left_out_words(self, drawn: int, ticked: int) -> str:
        """One student is shown at a time."""
        words = self.tr(
            "{drawn} of {ticked} ticked runs can be chosen here: the one in question and those ticked last."
        )
        return words.format(drawn=drawn, ticked=ticked)

    def forget_others(self) -> None:
        """What other runs have need not be known."""
        shown = {run.history.run for run in self.runs}
        self._planes = {run: known for run, known in self._planes.items() if run in shown}

    def draw(self) -> None:
        """Bring the planes up to date."""
        first = self._learns_first()
        if first is not None:
            self._draw_first(first)
            return
        run = self.picker.run
        assert run is not None
        moment = moment_at(run.history, self.epoch)
        assert moment is not None
        arrays, sides = self._arrays(run), self.sides
        walks = walks_of(moment)
        self._offer_walks(walks)
        teacher, student = drawing_of(moment, "teacher"), drawing_of(moment, "student")
        alone = self._draw_alone(run, arrays, walks)
        sides.show_sides(teacher=teacher is not None, student=True, alone=alone)
        if teacher is not None:
            sides.teacher.show_plane(teacher, Stroke("teacher"), arrays, walks)
            sides.teacher.say_facts(arrays, "teacher", run.history.teacher.value if run.history.teacher else None)
        if student is not None:
            sides.student.show_plane(student, Stroke("run", run.color_index), arrays, walks)
            sides.student.say_facts(arrays, "student", accuracy_at(run.history, self.epoch))
        self._offer_layers(max(self.teacher.layers if teacher is not None else 0, self.student.layers))
        self._explain(run, Stroke("run", run.color_index), self.student, arrays)

    def _draw_alone(self, run: ShownRun, arrays: CheckedArrays, walks: Walks | None) -> bool:
        """Draw the student alone at the same epoch; whether there is one that learnt from the same points."""
        moment, found = alone_moment(run, self.epoch), alone_arrays(run, self.epoch, "plane/extent", arrays)
        drawing = drawing_of(moment, "student") if moment is not None and found is not None else None
        if drawing is None or found is None or run.alone is None:
            return False
        self.sides.alone.show_plane(drawing, Stroke("alone"), arrays, walks)
        self.sides.alone.say_facts(found, "student", accuracy_at(run.alone, self.epoch))
        return True

    def _explain(self, run: ShownRun, stroke: Stroke, plot: PlanePlot, arrays: Arrays) -> None:
        """Say below the planes what their lines and points mean."""
        _, labels = points_of(arrays)
        classes = tuple(class_name(run.history.classes, c) for c in range(int(labels.max()) + 1 if len(labels) else 0))
        self._meaning = (plot.layers, stroke, classes)
        self._show_parts()

    def _learns_first(self) -> ShownRun | None:
        """The teacher, or the student alone, that is trained for a run which has not begun, where it lies in the plane."""
        current = self.current
        if current is None or current.history.moments:
            return None
        live = (run for run in self.shown if run.role != "run" and run.history.state in ACTIVE and run.history.moments)
        return next((run for run in live if "plane/extent" in self._arrays(run)), None)

    def remark(self) -> str:
        """Whose plane this is while the student has not begun."""
        first = self._learns_first()
        if first is None:
            run = self.picker.run
            return " ".join(
                part for part in (super().remark(), say(run.alone_words) if run is not None else "") if part
            )
        if first.role == "teacher":
            return self.tr("The teacher learns first: this is its own plane.")
        return self.tr("The student alone learns first: this is its own plane.")

    def _draw_first(self, run: ShownRun) -> None:
        """The plane of a reference while it is trained: in its own training it is the one that learns."""
        moment = moment_at(run.history, self.epoch)
        drawing = drawing_of(moment, "student") if moment is not None else None
        if drawing is None:
            return
        is_teacher, arrays = run.role == "teacher", self._arrays(run)
        side = self.sides.teacher if is_teacher else self.sides.student
        self.sides.show_sides(teacher=is_teacher, student=not is_teacher, alone=False)
        self._offer_walks(None)
        side.show_plane(drawing, Stroke(run.role), arrays)
        side.say_facts(arrays, "student", accuracy_at(run.history, self.epoch))
        self._offer_layers(side.plot.layers)
        self._explain(run, Stroke(run.role), side.plot, arrays)

    def _add_chip(self, part: str, words: str) -> None:
        chip = button(words, "chip")
        chip.setChecked(True)
        chip.setAccessibleName(self.tr("Show: {part}").format(part=words))
        chip.toggled.connect(self._show_parts)
        self.chips[part] = chip
        self._chip_row.addWidget(chip)

    def _offer_layers(self, layers: int) -> None:
        for i in range(layers):
            if f"layer {i + 1}" not in self.chips:
                self._add_chip(f"layer {i + 1}", self.tr("Layer {n}").format(n=i + 1))
                self.chips[f"layer {i + 1}"].setToolTip(
                    plain_tip(self.tr("Where the neurons of layer {n} switch").format(n=i + 1))
                )
        for part, chip in self.chips.items():
            if part.startswith("layer "):
                chip.setVisible(int(part.removeprefix("layer ")) <= layers)

    def _offer_walks(self, walks: Walks | None) -> None:
        """Offer the walks where there are any. Unless somebody chose, they show where the run teaches on such samples."""
        chip = self.chips["walks"]
        chip.setVisible(walks is not None)
        if walks is not None and not self._walks_chosen:
            with QSignalBlocker(chip):
                chip.setChecked(walks.taught)

    def _walks_clicked(self) -> None:
        self._walks_chosen = True

    def _show_parts(self) -> None:
        parts = {part: chip.isChecked() for part, chip in self.chips.items()}
        for plot in (self.teacher, self.student, self.alone):
            plot.show_parts(parts)
        walking = parts["walks"] and not self.chips["walks"].isHidden()
        self._card.set_how_to_read(self.words(self.how_to_read_walks if walking else self.how_to_read))
        if self._meaning is not None:
            self.legend.show_meaning(*self._meaning, walks=walking)

    def _on_plane(self) -> list[ShownRun]:
        """The runs whose snapshots hold a plane; one snapshot of each is read, a few at a time, the current run's first."""
        end = time.perf_counter() + BUDGET
        for run in sorted(self.runs, key=lambda run: not run.current):
            known = self._planes.get(run.history.run)
            if not run.history.moments or (known is not None and known[0] is run.history):
                continue
            if time.perf_counter() > end:
                self.request_redraw()
                break
            self._planes[run.history.run] = (run.history, self._is_plane(run))
        return [run for run in self.runs if run.history.moments and self._planes.get(run.history.run, _NO_PLANE)[1]]

    def _is_plane(self, run: ShownRun) -> bool:
        """Whether a run's examples lie in a plane, as its plan says and a snapshot of it does, be it a damaged one."""
        arrays = self._arrays(run)
        return "plane/extent" in arrays or (capabilities(run.history.examples).is_planar and arrays.lacks("plane/"))

    def _arrays(self, run: ShownRun) -> CheckedArrays:
        moment = moment_at(run.history, self.epoch)
        return CheckedArrays({}) if moment is None else arrays_of(moment)

    def _table(self) -> CsvTable:
        """The answer of both networks at every place of the grid."""
        rows: list[list[Value]] = []
        run = self.picker.run
        if run is not None:
            arrays = self._arrays(run)
            x0, x1, y0, y1 = (float(value) for value in arrays.get("plane/extent", np.zeros(4)))
            for role in ("teacher", "student"):
                p = arrays.get(f"plane/{role}/probabilities")
                if p is None:
                    continue
                xs, ys = np.linspace(x0, x1, p.shape[2]), np.linspace(y0, y1, p.shape[1])
                rows += [
                    [role, float(x), float(y), int(p[:, i, j].argmax()), float(p[:, i, j].max())]
                    for i, y in enumerate(ys)
                    for j, x in enumerate(xs)
                ]
        return CsvTable(["network", "x", "y", "class", "probability"], rows)


VIEW = PlaneView
