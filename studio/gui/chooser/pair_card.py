"""A teacher and a student beside each other: drawn, counted, timed, and which methods fit them."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLayout, QPushButton, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.chooser.pair_drawing import PairDrawing
from studio.gui.presenters.draft_info import Presenter, Values
from studio.gui.presenters.pair_info import PairFigure, PairInfo, PairRemedy
from studio.gui.system.background_jobs import Submit
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.buttons import button
from studio.gui.widgets.labels import Label
from studio.gui.widgets.notice import Glyph

#: The most methods of a heading that are named.
_NAMED = 3
#: From this width on the figures stand in one row.
_IN_A_ROW = 560


class PairCard(GuardedOverrides, QWidget):
    """Asks a presenter about the pair of a draft and shows what it says; hidden while there is nothing to say.

    Signals:
        answered: it is shown, or hidden.
        remedied: a setting of the draft's method is to be changed for the pair: its dotted place and the value.

    Attributes:
        pair: what is shown; None where it is hidden.
    """

    answered = Signal()
    remedied = Signal(str, object)

    def __init__(self, presenter: Presenter, submit: Submit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter, self._submit = presenter, submit
        self._forgets: dict[str, object] = {}
        self._asked: Values | None = None
        self.pair: PairInfo | None = None
        self._shown: list[tuple[QWidget, ...]] = []
        self.drawing = PairDrawing()
        self.figures = QGridLayout()
        self._measured = Label(self.tr("times measured on this computer"), "axis", "text3")
        self.fits = QVBoxLayout()
        self.refused = QVBoxLayout()
        self._lay_out()
        self.hide()

    def ask(self, values: Values) -> None:
        """Ask about the pair of this draft; what is measured comes after what is counted."""
        if values == self._asked:
            return
        self._asked = values
        self.forget()
        self._forgets["pair"] = self._submit(partial(self._presenter.pair, values), self._counted)

    def forget(self) -> None:
        """No answer is wanted any more."""
        for forget in self._forgets.values():
            if callable(forget):
                forget()
        self._forgets.clear()

    def _counted(self, pair: PairInfo | None) -> None:
        self.show_pair(pair)
        if pair is not None and self._asked is not None:
            self._forgets["timed"] = self._submit(partial(self._presenter.timed_pair, self._asked), self._timed)

    def _timed(self, pair: PairInfo | None) -> None:
        if pair is not None:
            self.show_pair(pair)

    def show_pair(self, pair: PairInfo | None) -> None:
        """Show it, or nothing."""
        self.pair = pair
        self.setVisible(pair is not None)
        if pair is not None:
            self._fill(pair)
        self.answered.emit()

    def _fill(self, pair: PairInfo) -> None:
        self.drawing.show_pair(pair)
        self._measured.setVisible(pair.timed)
        _empty(self.figures)
        self._shown = [
            (Label(say(figure.ratio), "choice", "text"), Label(say(figure.what), "axis", "text3"), _Bars(figure))
            for figure in pair.figures
        ]
        self._arrange()
        self._show_fitting(pair)
        self._show_refused(pair)

    def _arrange(self) -> None:
        """All figures in a row, or two where there is less room."""
        columns = 4 if self.width() >= _IN_A_ROW else 2
        for number, widgets in enumerate(self._shown):
            for line, widget in enumerate(widgets):
                self.figures.addWidget(widget, 3 * (number // columns) + line, number % columns)
        for column in range(4):
            self.figures.setColumnStretch(column, 1 if column < columns else 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _show_fitting(self, pair: PairInfo) -> None:
        _empty(self.fits)
        words = self.tr("{n} of {all} fit").format(n=pair.fits, all=pair.asked)
        self.fits.addLayout(_headed("check", "good", words))
        for group in pair.fitting:
            named = ", ".join(group.titles[:_NAMED])
            more = len(group.titles) - _NAMED
            listed = self.tr("{names}, and {n} more").format(names=named, n=more) if more > 0 else named
            self._add(self.fits, say(group.heading), listed, ", ".join(group.titles))
        self.fits.addStretch()

    def _show_refused(self, pair: PairInfo) -> None:
        _empty(self.refused)
        if not pair.refused:
            return
        words = self.tr("{n} do not, and why").format(n=pair.asked - pair.fits)
        self.refused.addLayout(_headed("lock", "text2", words))
        for group in pair.refused:
            self._add(self.refused, ", ".join(group.titles), say(group.reason), "")
            if group.remedy is not None and group.remedy.path:
                self.refused.addWidget(self._remedy(group.remedy), 0, Qt.AlignmentFlag.AlignLeft)
        self.refused.addStretch()

    def _remedy(self, remedy: PairRemedy) -> QPushButton:
        words = self.tr("Turn on “{setting}”") if remedy.value else self.tr("Turn off “{setting}”")
        return button(
            words.format(setting=remedy.label),
            "link",
            clicked=lambda: self.remedied.emit(remedy.path, remedy.value),
        )

    @staticmethod
    def _add(column: QVBoxLayout, title: str, words: str, tip: str) -> None:
        for text, role, tone in ((title, "section", "text"), (words, "explain", "text2")):
            label = Label(text, role, tone)
            label.setWordWrap(True)
            label.setToolTip(plain_tip(tip))
            column.addWidget(label)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(_card(self.tr("Where they can be compared"), self._drawn()))
        self.figures.setHorizontalSpacing(16)
        self.figures.setVerticalSpacing(2)
        column.addWidget(_card(self.tr("How much smaller is the student?"), self.figures, self._measured))
        both = QHBoxLayout()
        both.setSpacing(24)
        for side in (self.fits, self.refused):
            side.setSpacing(2)
            both.addLayout(side, 1)
        column.addWidget(_card(self.tr("Which methods fit this pair?"), both))

    def _drawn(self) -> QVBoxLayout:
        inside = QVBoxLayout()
        words = Label(
            self.tr(
                "A ring is a place where a method may compare the two. Height of a block: its map; width: its channels."
            ),
            "explain",
            "text2",
        )
        words.setWordWrap(True)
        inside.addWidget(words)
        inside.addWidget(self.drawing)
        return inside


class _Bars(GuardedOverrides, QWidget):
    """Both values as bars on one scale, each with its number."""

    def __init__(self, figure: PairFigure) -> None:
        super().__init__()
        self._figure = figure
        self.setFixedHeight(36)
        self.setMinimumWidth(96)
        self.setAccessibleName(f"{figure.teacher_words}, {figure.student_words}")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(theme.font("axis"))
        room = max(10.0, self.width() - 60.0)
        most = max(self._figure.teacher, self._figure.student, 1e-12)
        colors = theme.current()
        rows = (
            (self._figure.teacher, self._figure.teacher_words, colors.color("teacher")),
            (self._figure.student, self._figure.student_words, colors.run_color(0)),
        )
        for row, (value, words, color) in enumerate(rows):
            length = int(max(2.0, room * value / most))
            painter.fillRect(0, 3 + 17 * row, length, 10, color)
            painter.setPen(colors.color("text"))
            painter.drawText(length + 5, 13 + 17 * row, words)


def _card(title: str, inside: QVBoxLayout | QHBoxLayout | QGridLayout, beside: QWidget | None = None) -> QFrame:
    """``beside`` stands at the right of the title."""
    card = QFrame()
    card.setProperty("surface", "card")
    column = QVBoxLayout(card)
    column.setContentsMargins(16, 10, 16, 12)
    column.setSpacing(6)
    head = QHBoxLayout()
    head.addWidget(Label(title, "section"))
    head.addStretch()
    if beside is not None:
        head.addWidget(beside)
    column.addLayout(head)
    column.addLayout(inside)
    return card


def _headed(icon: str, tone: str, words: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    row.addWidget(Glyph(icon, tone))
    row.addWidget(Label(words, "choice", tone), 1)
    return row


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        if (inner := item.layout()) is not None:
            _empty(inner)
        if (old := item.widget()) is not None:
            old.hide()
            old.deleteLater()
