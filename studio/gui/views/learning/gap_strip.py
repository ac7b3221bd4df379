"""The strip above the curves: how much of the gap is closed, on a bar; the best so far; the pace."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from studio.core.data_kinds import capabilities
from studio.core.format import NBSP, UNKNOWN, percent, thousands
from studio.core.message import NOTHING, Text
from studio.core.score_scale import ScoreScale
from studio.gui import theme
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.views.charts.time_axis import ACTIVE
from studio.gui.views.learning.chain_headline import best_step, chain_headline
from studio.gui.views.learning.gap_bar import GapBar, Mark
from studio.gui.views.learning.score_plot import mark, not_measured
from studio.gui.widgets.buttons import button
from studio.gui.widgets.explained_label import ExplainedLabel
from studio.gui.widgets.labels import Label
from studio.runs.files.history import Reference, RunHistory
from studio.runs.results.seed_group import SeedGroup, SeedMean

#: Below these widths the pace, then the best so far, give way to the bar.
PACE_WIDTH, BEST_WIDTH = 720, 600
#: Height of a line of its captions at the usual size of type.
LINE = 15


class GapStrip(GuardedOverrides, QFrame):
    """The headline of a run: ``headline`` in words, ``student`` the score it speaks of, ``offer`` the button."""

    wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "card")
        self.student: float | None = None
        self.headline = ""
        self._grows, self._of_seeds = True, False
        self._share, self._share_words = Label("", "big"), Label("", "explain")
        self._bar = GapBar()
        self.offer = button(self.tr("Train the student alone"), clicked=self._want_alone)
        self._best, self._best_epoch = Label("", "card"), Label("", "explain")
        self._pace, self._pace_unit = Label("", "card"), Label("", "explain")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 16, 6)
        row.setSpacing(12)
        self._number = QWidget()
        number = QVBoxLayout(self._number)
        number.setContentsMargins(0, 0, 0, 0)
        number.setSpacing(0)
        number.addWidget(self._share)
        number.addWidget(self._share_words)
        self._rule = _rule()
        row.addWidget(self._number)
        row.addWidget(self._rule)
        row.addWidget(self._bar, 1)
        row.addWidget(self.offer)
        self._best_title = ExplainedLabel(self.tr("Best so far"))
        self._best_part = _labelled(self._best_title, self._best, self._best_epoch)
        self._pace_part = _labelled(ExplainedLabel(self.tr("Pace")), self._pace, self._pace_unit)
        row.addWidget(self._best_part)
        row.addWidget(self._pace_part)
        theme.keep_length(self, QWidget.setFixedHeight, 76)
        self.setMinimumWidth(360)  # its parts give way; their own widths must not keep it wide

    def show_run(self, run: ShownRun, epoch: float | None) -> None:
        """Draw the numbers of a run at an epoch; None is now."""
        history = run.history
        test = history.test_labelled
        self.student = test.at(epoch * history.steps_per_epoch + 1e-6) if epoch is not None else _last(test.y)
        student = self.student
        live = epoch is None
        seeds = run.seeds if live and run.role == "run" else None
        share, interval, reason = self._gap(run, student, live) if seeds is None else self._gap_of(seeds)
        if share is None:
            reason = self._of_several(run, epoch) or reason
        self._number.setVisible(share is not None)
        self._rule.setVisible(share is not None)
        if share is not None:
            below = share < (0 if interval is None else -1)  # beyond the whole gap how far says nothing
            self._share.setText(f"< 0{NBSP}%" if below else percent(share, 0))
            words = self.tr("of the gap closed") if share >= 0 else self.tr("of the gap: less than alone")
            if (
                below and interval is None
            ):  # how far below is noise until the run has ended and was measured against both
                early = live and history.state == "running"
                words = self.tr("of the gap: still below alone") if early else self.tr("of the gap: below alone here")
            if interval and not below:
                words = f"{words}, {interval}"
            if seeds is not None:
                words = self.tr("{words}, {n} seeds").format(words=words, n=seeds.n)
            self._share_words.setText(words)
        self.headline = reason if share is None else f"{self._share.text()} {self._share_words.text()}"
        teacher, alone, scale = history.teacher, history.alone, history.scale
        self._bar.show_values(
            (None if student is None else Mark(student, scale=scale)) if seeds is None else _mean_mark(seeds.student),
            (None if teacher is None else mark(teacher, scale)) if seeds is None else _mean_mark(seeds.teacher),
            (None if alone is None else mark(alone, scale)) if seeds is None else _mean_mark(seeds.alone),
            color=run.color_index,
            sentence=reason,
        )
        ended = history.state in ("finished", "early_stop") if history.is_chain else history.state != "running"
        self.offer.setVisible(alone is None and teacher is not None and ended and not _why_failed(run))
        self._grows = history.state in ACTIVE
        self._of_seeds = seeds is not None
        self._show_best_and_pace(history)
        self._fit()

    @staticmethod
    def _gap_of(seeds: SeedGroup) -> tuple[float | None, str | None, str]:
        """The mean share over the seeds and its interval in words, or what is known instead."""
        gap = seeds.gap
        return (gap.value, gap.interval_words, "") if gap is not None else (None, None, say(seeds.sentence))

    def _gap(self, run: ShownRun, student: float | None, live: bool) -> tuple[float | None, str | None, str]:
        """The share closed, its interval in words where measured, or the reason why there is none."""
        if live and (why := _why_failed(run)):
            return None, None, say(why)
        if run.role != "run":
            return None, None, self._as_reference(run, student)
        teacher, alone, scale = run.history.teacher, run.history.alone, run.history.scale
        if live and run.gap is not None:
            return run.gap.value, run.gap.interval_words, ""
        if live and run.gap_words:
            return None, None, self._reached(student, scale) + say(run.gap_words)
        if teacher is None:
            return None, None, self._reached(student, scale) + self._without_teacher(run.history)
        if alone is None:
            return (
                None,
                None,
                self._reached(student, scale)
                + self.tr("How much of that is the teacher's doing shows only beside the student trained alone."),
            )
        if student is None:
            return None, None, not_measured(scale)
        if _at_least(teacher, scale) <= _at_most(alone, scale):
            return (
                None,
                None,
                self._reached(student, scale)
                + self.tr(
                    "No gap to close: teacher ({teacher}) and student alone ({alone}) are within noise of each other."
                ).format(teacher=mark(teacher, scale).words, alone=mark(alone, scale).words),
            )
        return (student - alone.value) / (teacher.value - alone.value), None, ""

    def _of_several(self, run: ShownRun, epoch: float | None) -> str:
        """What is said where there is no gap: of a chain of trainings, and of networks whose answers are averaged."""
        if run.averaged is not None:
            words = self.tr("The mean answer of {n} networks is right for {accuracy}. Nothing was trained for it.")
            return words.format(n=run.averaged.networks, accuracy=percent(run.averaged.accuracy.value))
        return chain_headline(run.history, epoch, self.student) if run.history.is_chain else ""

    def _without_teacher(self, history: RunHistory) -> str:
        if history.step == 0 and history.state == "running":
            return say(history.phase) or self.tr("The student has not begun yet.")
        if history.step == 0 and history.state != "finished":
            return self.tr("This run ended before its student had begun to learn.")
        if any(term.kind == "transfer" for term in history.terms.values()):
            return self.tr("How good its teacher is was not measured yet.")
        return self.tr("This run has no teacher, so there is no gap to close.")

    def _as_reference(self, run: ShownRun, score: float | None) -> str:
        who = self.tr("This is the teacher") if run.role == "teacher" else self.tr("This is the student alone")
        reached = self.tr(", at {accuracy}").format(accuracy=run.history.scale.told(score)) if score is not None else ""
        return self.tr("{who}{reached}. Every student is compared with it.").format(who=who, reached=reached)

    def _reached(self, student: float | None, scale: ScoreScale) -> str:
        words = self.tr("The student is at {accuracy}. ")
        return words.format(accuracy=scale.told(student)) if student is not None else ""

    def _show_best_and_pace(self, history: RunHistory) -> None:
        self._best_title.setText(self.tr("Best so far") if self._grows else self.tr("Best"))
        test, scale = history.test_labelled, history.scale
        step = best_step(history) if history.is_chain else None
        if step is not None:
            self._best.setText(scale.words(step[0]))
            self._best_epoch.setText(step[1])
        elif len(test):
            best = int(np.argmax(scale.gain(1.0, 0.0) * test.y))
            self._best.setText(scale.words(float(test.y[best])))
            self._best_epoch.setText(self.tr("epoch {n}").format(n=round(test.x[best] / history.steps_per_epoch)))
        else:
            self._best.setText(UNKNOWN)
            self._best_epoch.setText("")
        pace = _last(history.speed.y)
        self._pace.setText(thousands(pace))
        units = {"pictures": self.tr("pictures/s"), "points": self.tr("points/s"), "rows": self.tr("rows/s")}
        unit = units[capabilities(history.examples).noun]
        self._pace_unit.setText("" if pace is None else unit)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The bar keeps its room."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        larger = max(1.0, self._share_words.fontMetrics().height() / LINE)  # than the type the widths are for
        self._pace_part.setVisible(self.width() >= larger * PACE_WIDTH and self._is_told(self._pace))
        self._best_part.setVisible(self.width() >= larger * BEST_WIDTH and self._is_told(self._best))

    def _is_told(self, number: Label) -> bool:
        """Whether it is known, or will be, and is of what the bar tells of: the best and the pace are of one seed."""
        return (number.text() != UNKNOWN or self._grows) and not self._of_seeds

    def _want_alone(self) -> None:
        self.wanted.emit("alone")


def _why_failed(run: ShownRun) -> Text:
    """Why it ended by an error, which is what counts then; empty of any other."""
    info = run.info
    return (info.reason or info.sentence) if info is not None and info.state == "failed" else NOTHING


def _rule() -> QFrame:
    rule = QFrame()
    rule.setProperty("surface", "line")
    rule.setFixedWidth(1)
    return rule


def _labelled(title: ExplainedLabel, value: Label, unit: Label) -> QWidget:
    """A caption over a number with its unit, behind an upright rule."""
    part = QWidget()
    row = QHBoxLayout(part)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(12)
    row.addWidget(_rule())
    column = QVBoxLayout()
    column.setSpacing(0)
    numbers = QHBoxLayout()
    numbers.setSpacing(6)
    numbers.addWidget(value)
    numbers.addWidget(unit)
    numbers.addStretch()
    column.addStretch()
    column.addWidget(title)
    column.addLayout(numbers)
    column.addStretch()
    row.addLayout(column)
    return part


def _mean_mark(mean: SeedMean | None) -> Mark | None:
    return Mark(mean.value, mean.deviation, mean.scale) if mean is not None else None


def _last(values: np.ndarray) -> float | None:
    """The last reading; None where there is none, or it is none."""
    return float(values[-1]) if len(values) and np.isfinite(values[-1]) else None


def _at_least(reference: Reference, scale: ScoreScale) -> float:
    """How good it surely is: the greater, the better."""
    return min(_places(reference, scale))


def _at_most(reference: Reference, scale: ScoreScale) -> float:
    """How good it is at the most: the greater, the better."""
    return max(_places(reference, scale))


def _places(reference: Reference, scale: ScoreScale) -> list[float]:
    ends = (reference.value, reference.low, reference.high)
    return [scale.gain(end, 0.0) for end in ends if end is not None]
