"""The Soft targets view: what does the teacher know besides the answer?"""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSlider, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip
from studio.gui.views.base import View
from studio.gui.views.charts.alone_arrays import alone_arrays
from studio.gui.views.charts.legend import Legend
from studio.gui.views.charts.moments import BUDGET, arrays_of_runs, moment_at
from studio.gui.views.charts.naming import answer, class_name
from studio.gui.views.charts.probabilities import entropy, runners_up, softmax
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.empty_page import EmptyReason
from studio.gui.views.saving import CsvTable, Value
from studio.gui.views.soft_targets.picture_strip import PictureStrip, StripContent
from studio.gui.views.soft_targets.probability_bars import ClassProbabilities, ProbabilityBars
from studio.gui.widgets.labels import Label
from studio.runs.files.snapshot_check import CheckedArrays

#: Tenths of a temperature on the slider, from 1 to 20; most work uses 3 to 5.
LOWEST, HIGHEST, USUAL = 10, 200, 40
#: More classes than this are not all shown: the likeliest ones, and the rest together.
MOST_CLASSES = 12


class SoftTargetsView(View):
    """Answers of teacher and students to probe pictures, softened by a temperature."""

    key = "soft_targets"
    title = str(QT_TRANSLATE_NOOP("views", "Soft targets"))
    question = str(QT_TRANSLATE_NOOP("views", "What does the teacher know besides the answer?"))
    how_to_read = str(
        QT_TRANSLATE_NOOP(
            "views",
            "Probability of each class, %. Raise the temperature, and what the teacher takes for possible comes into sight.",
        )
    )
    help_page = "soft-targets"
    needs = ("probe/", "logits/")
    fills_from = ("logits/",)
    most = 6

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawn: object = None
        self._read: dict[str, CheckedArrays] = {}
        column = QVBoxLayout(self.page)
        column.setContentsMargins(0, 0, 0, 0)
        card = self.add_card(column, self.words(self.question), self.words(self.how_to_read), self._table)
        card.body.addLayout(self._make_controls())
        self.strip = PictureStrip()
        self.strip.chosen.connect(self.refresh)
        card.body.addWidget(_scrolled(self.strip, self.tr("Pictures"), upright=False))
        row = QHBoxLayout()
        row.setSpacing(16)
        card.body.addLayout(row, 1)
        self.bars = ProbabilityBars()
        self._bars_place = _scrolled(self.bars, self.tr("Probabilities"), upright=True)
        row.addWidget(self._bars_place, 1)
        self.facts = Label("", "explain")
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.RichText)
        self.facts.setAlignment(Qt.AlignmentFlag.AlignTop)
        beside = _scrolled(self.facts, self.tr("In words"), upright=True)
        theme.keep_length(beside, QWidget.setMinimumWidth, 160)
        theme.keep_length(beside, QWidget.setMaximumWidth, 240)
        row.addWidget(beside)

    def _make_controls(self) -> QHBoxLayout:
        self.temperature = QSlider(Qt.Orientation.Horizontal)
        self.temperature.setRange(LOWEST, HIGHEST)
        self.temperature.setValue(USUAL)
        self.temperature.setSingleStep(5)
        self.temperature.setPageStep(10)
        self.temperature.setMinimumWidth(100)
        self.temperature.setMaximumWidth(220)
        self.temperature.valueChanged.connect(self._on_temperature)
        self._temperature_words = Label("", "strong")
        theme.keep_length(self._temperature_words, QWidget.setMinimumWidth, 54)
        self.legend = Legend()
        row = QHBoxLayout()
        row.setSpacing(8)
        named = Label(self.tr("Temperature shown"), "explain")
        apart = Label(self.tr("changes the drawing only"), "explain", "text3")
        for widget in (named, self.temperature, self._temperature_words, apart):
            widget.setToolTip(
                plain_tip(self.tr("The temperature of these bars. The run learns at the one in its settings."))
            )
            row.addWidget(widget, int(widget is self.temperature))
        row.addSpacing(8)
        row.addWidget(self.legend, 2)
        self._show_temperature()
        return row

    def lacking_words(self) -> str:
        """Answers are taken of networks alone."""
        return self.tr("no answers of networks in these runs")

    def empty_reason(self) -> EmptyReason | None:
        """Nothing without a snapshot."""
        reason = super().empty_reason()
        if reason is not None:
            return reason
        current = self.current
        self._read_arrays()
        if current is None or "logits/student" not in self._arrays(current):
            if current is not None and current.history.moments:
                return self.damaged_reason()
            return self.no_snapshot_reason(
                self.tr("Answers to test pictures are taken when training begins and after its epochs.")
            )
        return None

    def draw(self) -> None:
        """Bring strip, bars and sentences up to date."""
        current = self.current
        assert current is not None
        read = [run for run in self.runs if run.history.run in self._read]
        drawn_runs = [(run.history.label, run.color_index, moment_at(run.history, self.epoch)) for run in read]
        state = (self.temperature.value(), self.strip.index, current.history.run, drawn_runs, current.alone is not None)
        if state == self._drawn:
            return
        self._drawn = state
        arrays = self._arrays(current)
        classes = current.history.classes
        labels = arrays.get("probe/labels", np.zeros(len(arrays["logits/student"]), int))
        networks = self._networks(current, arrays)
        names = tuple(class_name(classes, int(label)) for label in labels)
        inputs = arrays.get("probe/inputs", np.zeros((len(labels), 2)))
        profiles = tuple((stroke, probabilities) for _, stroke, probabilities in networks)
        self.strip.show_strip(
            StripContent((current.history.run, inputs.shape, inputs[:, :1].tobytes()), inputs, names, profiles)
        )
        self.legend.show_names([(stroke, name) for name, stroke, _ in networks])
        i = self.strip.index
        answers = self._answers(classes, int(labels[i]), [(n, s, p[i]) for n, s, p in networks])
        self.bars.show_answers(answers)
        self._bars_place.ensureVisible(0, self.bars.middle_of(answers.label), 0, self.bars.fontMetrics().height())
        self.facts.setText(self._facts(classes, int(labels[i]), [(n, s, p[i]) for n, s, p in networks]))

    def _read_arrays(self, budget: float = BUDGET) -> None:
        """The arrays of all runs at the moment shown, as many as there is time for; the rest comes in the next refresh."""
        in_order = sorted(self.runs, key=lambda run: run is not self.current)
        self._read, complete = arrays_of_runs((run.history for run in in_order), self.epoch, budget)
        if not complete:
            self.request_redraw()

    def _arrays(self, run: ShownRun) -> CheckedArrays:
        return self._read.get(run.history.run, CheckedArrays({}))

    def _networks(self, current: ShownRun, arrays: CheckedArrays) -> list[tuple[str, Stroke, np.ndarray]]:
        """Name, stroke and probabilities (P, K): the teacher, the current run, the student alone, others of the same pictures."""
        t = self.temperature.value() / 10
        is_single = len(self.runs) == 1
        found: list[tuple[str, Stroke, np.ndarray]] = []
        if "logits/teacher" in arrays:
            found.append((self.tr("Teacher"), Stroke("teacher"), softmax(arrays["logits/teacher"], t)))
        for run in sorted(self.runs, key=lambda run: run is not current):
            theirs = arrays if run is current else self._arrays(run)
            same = run is current or (
                run.history.classes == current.history.classes
                and "logits/student" in theirs
                and np.array_equal(theirs.get("probe/inputs", np.empty(0)), arrays.get("probe/inputs", np.empty(1)))
            )
            if same:
                name = self.tr("Student") if is_single else run.history.label
                found.append((name, Stroke("run", run.color_index), softmax(theirs["logits/student"], t)))
            if run is current and (alone := self._alone(current, arrays)) is not None:
                found.append((self.tr("Alone"), Stroke("alone"), softmax(alone, t)))
        return found

    def _alone(self, current: ShownRun, arrays: CheckedArrays) -> np.ndarray | None:
        """What the student alone answered to the same pictures at the same epoch, (P, K) logits; None without it."""
        found = alone_arrays(current, self.epoch, "probe/inputs", arrays)
        logits = found.get("logits/student") if found is not None else None
        return logits if logits is not None and logits.shape == arrays["logits/student"].shape else None

    def remark(self) -> str:
        """Also why the student alone is missing."""
        words = say(self.current.alone_words) if self.current is not None else ""
        return " ".join(part for part in (super().remark(), words) if part)

    def _answers(
        self, classes: tuple[str, ...], label: int, networks: list[tuple[str, Stroke, np.ndarray]]
    ) -> ClassProbabilities:
        """All classes, or the likeliest and the rest together."""
        k = len(networks[0][2])
        if k <= MOST_CLASSES:
            return ClassProbabilities(tuple(class_name(classes, c) for c in range(k)), label, tuple(networks))
        order = np.argsort(-networks[0][2], kind="stable")[: MOST_CLASSES - 1]
        shown = [int(c) for c in order]
        if label not in shown:
            shown[-1] = label
        names = (*(class_name(classes, c) for c in shown), self.tr("{n} others").format(n=k - len(shown)))
        cut = tuple((name, stroke, np.append(p[shown], max(0.0, 1 - p[shown].sum()))) for name, stroke, p in networks)
        return ClassProbabilities(names, shown.index(label), cut)

    def _facts(self, classes: tuple[str, ...], label: int, networks: list[tuple[str, Stroke, np.ndarray]]) -> str:
        """What the first network knows besides the answer, and how undecided each one is, as rich text."""
        name, _, p = networks[0]
        best = int(p.argmax())
        t = self.temperature.value() / 10
        others = ", ".join(answer(classes, c, p[c]) for c in runners_up(p, best))
        lines = [
            _bold(self.tr("{who} at T = {t:g}").format(who=_html(name), t=t)),
            self.tr("It answers {answer}.").format(answer=_bold(_html(answer(classes, best, p[best])))),
            self.tr("Besides that it thinks of {others}.").format(others=_html(others))
            if others
            else self.tr("It thinks of nothing else: raise the temperature to see its doubts."),
        ]
        if best != label:
            lines.append(self.tr("It is wrong: this is {name}.").format(name=_html(class_name(classes, label))))
        lines.append("")
        lines.append(_bold(self.tr("How undecided")))
        lines += [
            self.tr("{who}: {bits:.2f} bits").format(who=_html(n), bits=float(entropy(q))) for n, _, q in networks[:4]
        ]
        lines.append(self.tr("Not at all is 0, all {k} alike is {most:.2f}.").format(k=len(p), most=math.log2(len(p))))
        return "<br>".join(lines).replace(" %", "\N{NO-BREAK SPACE}%")

    def _on_temperature(self, _tenths: int) -> None:
        self._show_temperature()
        self.refresh()

    def _show_temperature(self) -> None:
        words = self.tr("T = {t:.1f}").format(t=self.temperature.value() / 10)
        self._temperature_words.setText(words)
        self.temperature.setAccessibleName(self.tr("Temperature, now {words}").format(words=words))

    def _table(self) -> CsvTable:
        current = self.current
        self._read_arrays(budget=60.0)
        rows: list[list[Value]] = []
        if current is not None:
            arrays = self._arrays(current)
            t = self.temperature.value() / 10
            labels = arrays.get("probe/labels", np.empty(0, int))
            for name, _, probabilities in self._networks(current, arrays):
                for i, label in enumerate(labels):
                    rows += [
                        [
                            name,
                            i + 1,
                            class_name(current.history.classes, int(label)),
                            t,
                            class_name(current.history.classes, c),
                            float(p),
                        ]
                        for c, p in enumerate(probabilities[i])
                    ]
        return CsvTable(["network", "picture", "label", "temperature", "class", "probability"], rows)


def _scrolled(widget: QWidget, name: str, upright: bool) -> QScrollArea:
    """A widget that may be larger than its place, in one direction."""
    scroll = QScrollArea()
    scroll.setFrameShape(QFrame.Shape.NoFrame)
    scroll.setWidget(widget)
    scroll.setAccessibleName(name)
    scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    never = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
    if upright:
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(never)
    else:
        scroll.setVerticalScrollBarPolicy(never)
        theme.keep_length(scroll, QWidget.setFixedHeight, 104)
    return scroll


def _html(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;")


def _bold(words: str) -> str:
    return f'<span style="font-weight:600">{words}</span>'


VIEW = SoftTargetsView
