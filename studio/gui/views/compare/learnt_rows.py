"""Examples that only one of two gets: how many, as bars, and which, as pictures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.core.format import thousands
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.views.charts.case_strip import CaseStrip, ShownCase
from studio.gui.views.charts.naming import class_name
from studio.gui.views.charts.strokes import Stroke
from studio.gui.widgets.labels import ClampedLabel, Label
from studio.gui.widgets.swatch import Swatch
from studio.runs.comparison.case_inputs import CaseInputs
from studio.runs.comparison.learnt_difference import LearntDifference
from studio.runs.comparison.run_comparison import RunComparison

#: Examples that are shown of each side, those of the clearest difference.
MOST = 40


class CountBar(GuardedOverrides, QWidget):
    """A share of a track."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._share, self._stroke = 0.0, Stroke()
        self.setFixedHeight(12)
        theme.notifier().changed.connect(self.update)

    def show_share(self, share: float, stroke: Stroke) -> None:
        """How much of it is filled, 0 to 1, in whose colour."""
        self._share, self._stroke = share, stroke
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(110, 12)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), theme.current().color("alone_band"))
        painter.fillRect(QRectF(0, 0, self._share * self.width(), self.height()), self._stroke.color)
        painter.end()


class LearntRows(QWidget):
    """Two rows, one a side. ``chosen`` gives the side, 0 or 1, and the place of an example in the test part."""

    chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._learnt: LearntDifference | None = None
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        self.counts: list[Label] = []
        self.strips: list[CaseStrip] = []
        self._swatches: list[Swatch] = []
        self._words: list[ClampedLabel] = []
        self._bars: list[CountBar] = []
        for row in range(2):
            grid.addWidget(self._make_count(), row, 0, Qt.AlignmentFlag.AlignTop)
            strip = CaseStrip(self.tr("Examples"))
            scroll = QScrollArea()
            scroll.setFrameShape(QFrame.Shape.NoFrame)
            scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            scroll.setWidget(strip)
            theme.keep_length(scroll, QWidget.setFixedHeight, 118)
            scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            scroll.setAccessibleName(self.tr("Examples only one of them gets"))
            self.strips.append(strip)
            grid.addWidget(scroll, row, 1)
        self.strips[0].chosen.connect(self._choose_first)
        self.strips[1].chosen.connect(self._choose_second)

    def _make_count(self) -> QWidget:
        box = QWidget()
        theme.keep_length(box, QWidget.setFixedWidth, 118)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(3)
        head = QHBoxLayout()
        head.setSpacing(6)
        swatch, number, words, bar = Swatch(), Label("", "page"), ClampedLabel("", "explain", lines=2), CountBar()
        head.addWidget(swatch)
        head.addWidget(number, 1)
        column.addLayout(head)
        column.addWidget(words)
        column.addWidget(bar)
        self._swatches.append(swatch)
        self.counts.append(number)
        self._words.append(words)
        self._bars.append(bar)
        return box

    def show_comparison(self, told: RunComparison, learnt: LearntDifference, strokes: Sequence[Stroke]) -> None:
        """Show the counts; the pictures follow by :meth:`show_inputs`."""
        self._learnt = learnt
        counts = learnt.counts[1:3]
        most = max(1, *counts)
        for row, (side, count, stroke) in enumerate(zip((told.first, told.second), counts, strokes, strict=True)):
            self._swatches[row].show_run(stroke.role, stroke.index)
            self.counts[row].setText(thousands(count))
            self._words[row].setText(self.tr("only {name}").format(name=side.name))
            self._bars[row].show_share(count / most, stroke)
            self.strips[row].show_cases(self._cases(row, None))

    @property
    def rows(self) -> np.ndarray:
        """The places in the test part of all that is to be shown."""
        return np.concatenate([self._side(0), self._side(1)])

    def show_inputs(self, inputs: CaseInputs) -> None:
        """The pictures of :attr:`rows`."""
        split = len(self._side(0))
        for row, part in enumerate((slice(0, split), slice(split, None))):
            self.strips[row].show_cases(self._cases(row, inputs.in_words[part]), inputs.inputs[part])

    def _side(self, row: int) -> np.ndarray:
        if self._learnt is None:
            return np.zeros(0, np.int64)
        cases = self._learnt.first_cases if row == 0 else self._learnt.second_cases
        return cases[:MOST]

    def _cases(self, side: int, words: Sequence[str] | None) -> list[ShownCase]:
        learnt = self._learnt
        assert learnt is not None
        others = learnt.second_answers if side == 0 else learnt.first_answers
        return [
            ShownCase(
                int(row),
                class_name(learnt.classes, int(learnt.labels[row])),
                self.tr("not {name}"),
                {"name": class_name(learnt.classes, int(others[row]))},
                words[place] if words else "",
            )
            for place, row in enumerate(self._side(side))
        ]

    def _choose_first(self, row: int) -> None:
        self.chosen.emit(0, row)

    def _choose_second(self, row: int) -> None:
        self.chosen.emit(1, row)
