"""The examples of one cell: what they are, what was answered, and their pictures once they have been read."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from studio.core.errors import StudioError
from studio.core.format import thousands
from studio.gui.system.background_jobs import Submit
from studio.gui.text.say import say
from studio.gui.views.charts.case_strip import CaseStrip, ShownCase
from studio.gui.views.charts.naming import class_name
from studio.gui.views.mixups.matrix_content import MatrixContent
from studio.gui.widgets.labels import ClampedLabel
from studio.gui.widgets.scrolling import frame_focus
from studio.runs.comparison.case_inputs import CaseInputs, read_case_inputs
from studio.runs.comparison.confusion import RunAnswers
from studio.runs.run_info import RunInfo

#: The most examples of a cell that are shown.
MOST = 60


class CellPanel(QWidget):
    """Words and pictures. ``chosen`` gives the place of an example in the test part."""

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: object = None
        self.words = ClampedLabel("", "explain", lines=4)
        self.strip = CaseStrip(self.tr("Examples of the chosen cell"), wraps=True)
        self.strip.chosen.connect(self.chosen)
        scroll = QScrollArea()
        frame_focus(scroll)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.strip)
        scroll.setMinimumHeight(96)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setAccessibleName(self.tr("Examples"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.words)
        column.addWidget(scroll, 1)

    def show_cell(
        self,
        info: RunInfo,
        told: RunAnswers,
        content: MatrixContent,
        pair: tuple[str, str],
        cell: tuple[int, int],
        submit: Submit | None,
    ) -> None:
        """Show the examples of a cell, those the network was surest of first.

        Args:
            pair: whose matrix it is, and whose is taken from it; empty for nothing.
            cell: row and column of the matrix as it is drawn.
            submit: where their pictures are read.
        """
        label, answer = (int(content.classes[place]) for place in cell)
        shown = (told, pair, label, answer)
        if shown == self._shown:
            return
        self._shown = shown
        first, second = pair
        cases = told.parted_cases(first, second, label, answer) if second else told.cases(first, label, answer)
        rows = cases[:MOST]
        self.words.setText(self._words(content, cell, len(cases)))
        self.strip.show_cases(self._cases(told, pair, rows, ()))
        if len(rows) and submit is not None:
            job = partial(read_case_inputs, info, rows, told.labels)
            submit(job, partial(self._show_inputs, shown, told, pair), partial(self._say_no_inputs, shown))

    def _words(self, content: MatrixContent, cell: tuple[int, int], found: int) -> str:
        words = f"{content.words(*cell)}."
        if content.second is not None and found:
            words = self.tr("{words} Below: the {n} that only one of the two answered so.").format(words=words, n=found)
        if found > MOST:
            told = self.tr("{words} The first {most} of {n} are shown.")
            words = told.format(words=words, most=MOST, n=thousands(found))
        return words

    def _cases(
        self, told: RunAnswers, pair: tuple[str, str], rows: np.ndarray, words: tuple[str, ...]
    ) -> list[ShownCase]:
        ours, theirs = told.network(pair[0]), told.network(pair[1])
        assert ours is not None
        cases = []
        for place, row in enumerate(rows):
            said, answers = self.tr("right"), dict[str, str]()
            answer = class_name(told.classes, int(ours.answers[row]))
            if theirs is not None:
                answers = {"first": answer, "second": class_name(told.classes, int(theirs.answers[row]))}
                said = self.tr("{first}, {second}")
            elif ours.answers[row] != told.labels[row]:
                said, answers = self.tr("not {name}"), {"name": answer}
            label = class_name(told.classes, int(told.labels[row]))
            cases.append(ShownCase(int(row), label, said, answers, words[place] if words else ""))
        return cases

    def _show_inputs(self, shown: object, told: RunAnswers, pair: tuple[str, str], inputs: CaseInputs) -> None:
        if shown == self._shown:
            self.strip.show_cases(self._cases(told, pair, inputs.rows, inputs.in_words), inputs.inputs)

    def _say_no_inputs(self, shown: object, error: StudioError) -> None:
        if shown == self._shown:
            self.words.setText(f"{self.words.text()} {say(error.paragraph())}")
