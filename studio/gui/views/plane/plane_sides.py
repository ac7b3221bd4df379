"""The planes of teacher, student and student alone beside each other; without room for three, two of them take turns."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QSignalBlocker
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.core.arrays import Arrays
from studio.core.format import percent
from studio.gui.presenters.drawings import StrokeRole
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.plane.plane_plot import PlaneDrawing, PlanePlot
from studio.gui.views.plane.plane_walks import Walks
from studio.gui.widgets.buttons import SegmentedControl
from studio.gui.widgets.labels import ElidedLabel, Label
from studio.gui.widgets.swatch import Swatch
from studio.runs.files.history import RunHistory

#: Above all planes alike, so that they stand side by side: room for the choice of a run.
HEAD = 30
GAP = 16
#: Pixels a plane needs, so that its lines can be told apart.
LEAST_PLANE = 250


class PlaneSide(QWidget):
    """One network: its sign and name, what is known of it, its plane.

    Args:
        turn: stands in the place of the name where two networks take turns.
        extra: what stands at the end of the line above the plane.
    """

    def __init__(
        self, role: StrokeRole, name: str, turn: SegmentedControl | None = None, extra: Sequence[QWidget] = ()
    ) -> None:
        super().__init__()
        self._name, self.turn = Label(name, "strong"), turn
        self.swatch, self.words, self.plot = Swatch(role), ElidedLabel("", "explain"), PlanePlot()
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.setSpacing(6)
        head.addWidget(self.swatch)
        head.addWidget(self._name)
        if turn is not None:
            head.addWidget(turn)
            turn.hide()
        head.addWidget(self.words, 1)
        for part in extra:
            head.addWidget(part)
        top = QWidget()
        top.setLayout(head)
        top.setFixedHeight(HEAD)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(top)
        column.addWidget(self.plot, 1)
        self.plot.setAccessibleName(self.tr("Plane of the {network}").format(network=name))

    def offer_turn(self, crowded: bool) -> None:
        """Whether whose turn it is can be chosen here."""
        if self.turn is not None:
            self.turn.setVisible(crowded)
            self._name.setVisible(not crowded)

    def show_plane(self, drawing: PlaneDrawing, stroke: Stroke, arrays: Arrays, walks: Walks | None = None) -> None:
        """Show a network's plane with the points that ``arrays`` hold, and the walks of some."""
        points, labels = points_of(arrays)
        self.swatch.show_run(stroke.role, stroke.index)
        self.plot.show_drawing(drawing, stroke, points, labels, walks)

    def say_facts(self, arrays: Arrays, role: str, accuracy: float | None) -> None:
        """Say how many neurons are drawn and how well the network does; ``role`` is what the arrays call it."""
        widths = [str(len(value)) for key, value in sorted(arrays.items()) if key.startswith(f"plane/{role}/layer/")]
        words = [self.tr("{widths} neurons").format(widths=" + ".join(widths))] if widths else []
        words += [percent(accuracy)] if accuracy is not None else []
        self.words.setText(", ".join(words))


class PlaneSides(QWidget):
    """The three, moved and enlarged together."""

    def __init__(self, picker: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.teacher = PlaneSide("teacher", self.tr("Teacher"))
        self.student = PlaneSide("run", self.tr("Student"), self._make_turn("student"), [picker])
        self.alone = PlaneSide("alone", self.tr("Alone"), self._make_turn("alone"))
        self._turn = "student"
        self._wanted = (True, True, False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for side in self.all:
            row.addWidget(side, 1)
            side.plot.box.sigResized.connect(self._arrange)
        for side in (self.student, self.alone):
            side.plot.box.setXLink(self.teacher.plot.box)
            side.plot.box.setYLink(self.teacher.plot.box)
        self._arrange()

    @property
    def all(self) -> tuple[PlaneSide, PlaneSide, PlaneSide]:
        """Teacher, student and student alone."""
        return self.teacher, self.student, self.alone

    def show_sides(self, *, teacher: bool, student: bool, alone: bool) -> None:
        """Which networks there are to be seen."""
        self._wanted = (teacher, student, alone)
        self._arrange()

    def _arrange(self, *_: object) -> None:
        teacher, student, alone = self._wanted
        crowded = teacher and student and alone and self.width() < 3 * LEAST_PLANE + 2 * GAP
        self.teacher.setVisible(teacher)
        for side, there, key in ((self.student, student, "student"), (self.alone, alone, "alone")):
            side.offer_turn(crowded)
            side.setVisible(there and (not crowded or self._turn == key))

    def _make_turn(self, key: str) -> SegmentedControl:
        """Over both that take turns: it stands where the eye is."""
        words = (("student", self.tr("Student")), ("alone", self.tr("Alone")))
        turn = SegmentedControl(words, self.tr("Beside the teacher"), key)
        turn.chosen.connect(self._take_turn)
        return turn

    def _take_turn(self, key: str) -> None:
        """Show the other one; each control goes on saying whose plane is below it."""
        self._turn = key
        self._arrange()
        for side, own in ((self.student, "student"), (self.alone, "alone")):
            if side.turn is not None:
                with QSignalBlocker(side.turn):
                    side.turn.choose(own)
                if own == key:
                    side.turn.segment(own).setFocus()


def points_of(arrays: Arrays) -> tuple[np.ndarray, np.ndarray]:
    """The points of a snapshot that are drawn, (n, 2), and their classes, (n,)."""
    points = arrays.get("plane/points", np.zeros((0, 2)))
    return points, arrays.get("plane/labels", np.zeros(len(points), int))


def accuracy_at(history: RunHistory, epoch: float | None) -> float | None:
    """The share of the test part a run answers right at an epoch, None is the latest; None where that is not known."""
    test = history.test_labelled
    if not len(test):
        return None
    return float(test.y[-1]) if epoch is None else test.at(epoch * history.steps_per_epoch + 1e-6)
