"""One of the three columns: who was asked, the answer in a word, right or wrong, where it looked, milliseconds, bars."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from studio.core.answer_time import AnswerTime, Standing
from studio.core.errors import StudioError
from studio.core.format import percent
from studio.gui import theme
from studio.gui.presenters.drawings import StrokeRole
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip
from studio.gui.views.charts.colormaps import table
from studio.gui.views.charts.maps import brightness, pictures
from studio.gui.views.charts.naming import answer, group_name, group_of_block
from studio.gui.views.charts.own_pixels import pixmap_of_colors
from studio.gui.views.charts.strokes import Stroke
from studio.gui.views.try_it.answer_bars import AnswerBars, answer_rows
from studio.gui.widgets.buttons import IconButton
from studio.gui.widgets.labels import ClampedLabel, ElidedLabel, Label
from studio.gui.widgets.notice import Glyph
from studio.gui.widgets.swatch import Swatch
from studio.runs.inspect.asked_model import Example, ModelAnswer

#: Pixels of the map; how much of it lies over the picture.
MAP, COVER = 112, 0.6
#: Pixels of width from which on figures stand beside the map, and not below it.
BESIDE = 225


class AnswerColumn(GuardedOverrides, QFrame):
    """A column has the same rows as its neighbours, so that the eye compares across. ``choice_requested``: another model."""

    choice_requested = Signal()

    def __init__(self, name: str, role: StrokeRole, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._stroke = name, Stroke(role, solid=True)
        self._standing: Standing = "apart"
        self.setAccessibleName(name)
        self._swatch = Swatch(role)
        self.title = ElidedLabel(name, "strong")
        self.choose = IconButton("chevron-down", self.tr("Ask another network: {name}").format(name=name), size=20)
        self.choose.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.choose.clicked.connect(self.choice_requested)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._swatch)
        head.addWidget(self.title, 1)
        head.addWidget(self.choose)
        self.facts = ElidedLabel("", "explain")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.facts)
        column.addWidget(self._make_verdict())
        self._answer = QWidget()
        column.addWidget(self._answer)
        self._make_answer()
        self.trouble = ClampedLabel("", "explain", lines=6)
        column.addWidget(self.trouble)
        column.addStretch(1)
        self.show_nothing("")

    def _make_verdict(self) -> QFrame:
        self._verdict = QFrame()
        theme.keep_length(self._verdict, QWidget.setFixedHeight, 38)
        self._glyph = Glyph("check", "good")
        self.word = ElidedLabel("", "card")
        self.sure = ElidedLabel("", "explain")
        self.right = Label("", "section")
        row = QHBoxLayout(self._verdict)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(6)
        row.addWidget(self._glyph)
        row.addWidget(self.word, 3)
        row.addWidget(self.sure, 2)
        row.addWidget(self.right)
        return self._verdict

    def _make_answer(self) -> None:
        self.map = Label("", "explain")
        self.map.setWordWrap(True)
        self.map.setFixedSize(MAP, MAP)
        self.milliseconds, self.score, self.alike = Label("", "card"), Label("", "card"), Label("", "strong")
        self._milliseconds_words = ClampedLabel("", "explain", lines=2)
        self._score_words = ClampedLabel("", "explain", lines=2)
        self._alike_words = ClampedLabel("", "explain", lines=2)
        self._pairs: list[QBoxLayout] = []
        figures = QVBoxLayout()
        figures.setSpacing(4)
        for label, words in (
            (self.milliseconds, self._milliseconds_words),
            (self.score, self._score_words),
            (self.alike, self._alike_words),
        ):
            pair = QBoxLayout(QBoxLayout.Direction.TopToBottom)
            pair.setSpacing(0)
            pair.addWidget(label)
            pair.addWidget(words, 1)
            _keep_place(label)
            _keep_place(words)
            self._pairs.append(pair)
            figures.addLayout(pair)
        figures.addStretch(1)
        self._beside = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._beside.setSpacing(10)
        self._beside.addWidget(self.map, 0, Qt.AlignmentFlag.AlignTop)
        self._beside.addLayout(figures, 1)
        self.bars = AnswerBars()
        column = QVBoxLayout(self._answer)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(self._beside)
        column.addWidget(self.bars)
        self._answer.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """A narrow column has its figures below the map, a line each, and says how sure it is by the bars alone."""
        narrow = self.width() < BESIDE
        across, down = QBoxLayout.Direction.LeftToRight, QBoxLayout.Direction.TopToBottom
        self._beside.setDirection(down if narrow else across)
        for pair in self._pairs:
            pair.setDirection(across if narrow else down)
            pair.setSpacing(6 if narrow else 0)
        long = (self.tr("for one answer"), self.tr("of the test right"), self.tr("like the teacher's map"))
        short = (self.tr("an answer"), self.tr("tests right"), self.tr("maps alike"))
        if self._standing == "alike":
            long, short = (self.tr("for one answer, about the same"), *long[1:]), (self.tr("about alike"), *short[1:])
        elif self._standing == "busy":
            long, short = (
                (self.tr("time not measured: the computer is busy"), *long[1:]),
                (self.tr("computer busy"), *short[1:]),
            )
        labels = (self._milliseconds_words, self._score_words, self._alike_words)
        for words, said in zip(labels, short if narrow else long, strict=True):
            words.setText(said)
            words.set_lines(1 if narrow else 2)
            _keep_place(words)
        self.sure.setVisible(not narrow)

    def show_owner(self, name: str, role: StrokeRole, color: int) -> None:
        """Whose answers these are, and in which colour."""
        self._name, self._stroke = name, Stroke(role, color, solid=True)
        self.title.setText(name)
        self.setAccessibleName(name)
        self._swatch.show_run(role, color)

    def show_nothing(self, why: str) -> None:
        """There is nobody to ask, or no answer yet."""
        self.facts.setText("")
        self._verdict.hide()
        self._answer.hide()
        self.trouble.setText(why)
        self.trouble.setVisible(bool(why))

    def show_trouble(self, error: StudioError) -> None:
        """Why there is no answer."""
        self.show_nothing(" ".join(say(part) for part in (error.what, error.why, error.remedy) if part))

    def show_answer(self, example: Example, answered: ModelAnswer, place: str, alike: float | None) -> None:
        """An answer to an example.

        Args:
            place: the group or block whose map is shown; empty where it has none.
            alike: of its map and the teacher's.
        """
        given = answered.answer
        best = int(given.probabilities.argmax())
        truth = example.truth if example.truth in given.classes else ""
        self.facts.setText(say(answered.title))
        self.word.setText(given.classes[best])
        self.sure.setText(self.tr("{share} sure").format(share=percent(float(given.probabilities[best]), 0)))
        self._show_verdict(given.classes[best] == truth if truth else None)
        self._show_figure(self.score, self._score_words, answered.score.value if answered.score else None, 1)
        self._show_figure(self.alike, self._alike_words, alike, 0)
        self._show_map(example.values, answered, place)
        self.bars.show_rows(answer_rows(given.classes, given.probabilities, truth), self._stroke)
        self.setAccessibleDescription(answer(given.classes, best, float(given.probabilities[best])))
        self.trouble.hide()
        self._verdict.show()
        self._answer.show()

    def show_time(self, time: AnswerTime, standing: Standing) -> None:
        """How long an answer takes.

        Args:
            standing: what can be said of it beside the times of the others.
        """
        self._standing = standing
        said = {
            "apart": self.tr("{n} ms").format(n=_said_ms(time.milliseconds)),
            "alike": self.tr("≈ {n} ms").format(n=about_number(time.milliseconds)),
            "busy": self.tr("? ms"),
        }
        self.milliseconds.setText(said[standing])
        tip = self.tr(
            "The middle one of several answers in a row took {median} ms, half of them {low} to {high} ms. What else this "
            "computer does moves these times: of two that are close neither is the quicker one."
        )
        low, high = (_said_ms(each) for each in (time.low, time.high))
        tip = tip.format(median=_said_ms(time.milliseconds), low=low, high=high)
        if standing == "busy":
            tip = self.tr("Not measured: the computer is busy. Ask again when nothing else runs. {figures}").format(
                figures=tip
            )
        for label in (self.milliseconds, self._milliseconds_words):
            label.setToolTip(plain_tip(tip))
        self._arrange()

    def _show_map(self, values: np.ndarray, answered: ModelAnswer, place: str) -> None:
        """The map over the picture, or why a network has none; nothing of a model without an inside, and of no picture."""
        inside = bool(answered.answer.taps) and values.ndim == 3
        if place and inside:
            self.map.setPixmap(_overlaid(values, answered.answer.maps[place]))
            group, block = group_of_block(place)
            name = group_name(group) if block is None else f"{group_name(group)}, {block}"
            self.map.setAccessibleName(self.tr("Its map: {place}").format(place=name))
        elif inside:
            self.map.setText(self.tr("No such map: it has no such layers, or cannot say what speaks for its answer."))
        self.map.setVisible(inside)

    def _show_verdict(self, right: bool | None) -> None:
        """Right, wrong, or nobody knows."""
        tone = {True: "good", False: "error", None: "text2"}[right]
        theme.restyle(self._verdict, surface={True: "good", False: "error", None: "sunken"}[right])
        theme.restyle(self.right, tone=tone)
        self._glyph.show_icon("check" if right else "close", tone)
        self._glyph.setVisible(right is not None)
        self.right.setText({True: self.tr("right"), False: self.tr("wrong"), None: ""}[right])

    @staticmethod
    def _show_figure(label: Label, words: ClampedLabel, share: float | None, digits: int) -> None:
        label.setVisible(share is not None)
        words.setVisible(share is not None)
        if share is not None:
            label.setText(percent(share, digits))


def about_number(number: float) -> str:
    """A number to one figure, from ten on without what stands behind the point: what is said of it is no more exact."""
    return f"{number:.0f}" if number >= 9.5 else f"{number:.1g}"


def _said_ms(milliseconds: float) -> str:
    """A quick answer with two figures, a slow one with one behind the point."""
    return f"{milliseconds:.1f}" if milliseconds >= 1 else f"{milliseconds:.2g}"


def _keep_place(widget: QWidget) -> None:
    """What a column lacks keeps its place, so that bars stand beside bars."""
    policy = widget.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    widget.setSizePolicy(policy)


def _overlaid(values: np.ndarray, own: np.ndarray) -> QPixmap:
    """A map over the grey picture it is of, from its smallest to its largest value."""
    grey = pictures(values[None], MAP)[0].mean(2, keepdims=True)
    colors = table("inferno")[brightness(own[None], own[None], MAP)[0]]
    return pixmap_of_colors((COVER * colors + (1 - COVER) * grey).astype(np.uint8))
