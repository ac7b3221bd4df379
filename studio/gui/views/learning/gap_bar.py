"""The signature of the studio: how far the student got on the way from alone to its teacher."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.core.score_scale import ACCURACY_SCALE, ScoreScale
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.swatch import reference_pen

#: Pixels: the whole, the track's top, the base line of the value above it.
HEIGHT, TRACK, VALUE = 52, 22, 11
#: Least pixels between two captions.
APART = 8.0


@dataclass(frozen=True)
class Mark:
    """A score on the bar, an accuracy as a fraction in [0, 1], with its spread (plus or minus) where known."""

    value: float
    spread: float | None = None
    scale: ScoreScale = ACCURACY_SCALE

    @property
    def words(self) -> str:
        """``84.9 %`` or ``78.2 ± 0.6 %``."""
        return self.scale.words(self.value, self.spread)

    @property
    def place(self) -> float:
        """Where it stands on the bar: the better, the greater."""
        return self.scale.gain(self.value, 0.0)


class GapBar(GuardedOverrides, QWidget):
    """A bar from *alone* (a grey tick) to *teacher* (a dashed tick) with the student on it.

    What was gained is filled; what is lacking to *alone* is a dotted outline.

    Where there is no gap to close it shows a sentence instead.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._student: Mark | None = None
        self._teacher: Mark | None = None
        self._alone: Mark | None = None
        self._color: QColor | int = 0
        self._sentence = ""
        self._shown: object = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.notifier().changed.connect(self._restyle)
        self.show_values(None)

    def show_values(
        self,
        student: Mark | float | None,
        teacher: Mark | float | None = None,
        alone: Mark | float | None = None,
        color: QColor | int = 0,
        sentence: str = "",
    ) -> None:
        """Show where the student stands.

        Args:
            student, teacher, alone: scores, of a number alone an accuracy; None where not known (yet).
            color: of the student's run, or the index of its run colour.
            sentence: why there is no gap to close; shown in place of the bar.
        """
        marks = tuple(Mark(mark) if isinstance(mark, float) else mark for mark in (student, teacher, alone))
        if (marks, color, sentence) == self._shown:
            return
        self._shown = (marks, color, sentence)
        self._student, self._teacher, self._alone = marks
        self._color, self._sentence = color, sentence
        self.setAccessibleName(self.tr("Gap closed"))
        self.setAccessibleDescription(sentence or self._spoken())
        self.setToolTip(plain_tip(sentence))
        self.update()

    def _spoken(self) -> str:
        marks = (
            (self.tr("alone"), self._alone),
            (self.tr("student"), self._student),
            (self.tr("teacher"), self._teacher),
        )
        return ", ".join(f"{name} {mark.words}" for name, mark in marks if mark is not None)

    def sizeHint(self) -> QSize:
        return QSize(280, theme.scaled(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(180, theme.scaled(HEIGHT))

    def _restyle(self) -> None:
        self.updateGeometry()
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        known = [mark.place for mark in (self._student, self._teacher, self._alone) if mark is not None]
        if self._sentence:
            self._paint_sentence(painter)
        elif known:
            self._paint_bar(painter, self._lowest(min(known)), max(known))

    def _lowest(self, least: float) -> float:
        """Where the bar begins: a student far below alone stands at its end, so that both captions keep their room."""
        if self._alone is None or self._teacher is None or self._teacher.place <= self._alone.place:
            return least
        return max(least, self._alone.place - (self._teacher.place - self._alone.place) / 4)

    def _paint_sentence(self, painter: QPainter) -> None:
        painter.setFont(theme.font("explain"))
        painter.setPen(theme.current().color("text2"))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.drawText(QRectF(self.rect()), int(flags), self._sentence)

    def _paint_bar(self, painter: QPainter, low: float, high: float) -> None:
        if high - low < 1e-9 * max(1.0, abs(high)):
            low, high = low - 0.01, high + 0.01
        alone = f"{self.tr('alone')} {self._alone.words}" if self._alone else ""
        teacher = f"{self.tr('teacher')} {self._teacher.words}" if self._teacher else ""
        left, right = self._margin(alone), self._margin(teacher)
        track = QRectF(left, theme.scaled(TRACK), max(1.0, self.width() - left - right), 8)
        scale = track.width() / (high - low)
        start = track.left() + (self._alone.place - low) * scale if self._alone else track.left()

        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("alone_band"))
        painter.drawRect(track)
        if self._student is not None:
            end = track.left() + max(0.0, self._student.place - low) * scale
            gained = end >= start
            painter.setBrush(self._run_color() if gained else Qt.BrushStyle.NoBrush)
            painter.setPen(Qt.PenStyle.NoPen if gained else QPen(self._run_color(), 1, Qt.PenStyle.DotLine))
            painter.drawRect(QRectF(min(start, end), track.top(), abs(end - start), track.height()))
        if self._alone is not None:
            self._paint_tick(painter, track, start, QPen(theme.current().color("alone"), 2), 6)
        teacher_at = track.right()
        if self._teacher is not None:
            teacher_at = track.left() + (self._teacher.place - low) * scale
            self._paint_tick(painter, track, teacher_at, reference_pen("teacher"), 9)
        self._paint_captions(painter, track, (alone, start), (teacher, teacher_at))
        if self._student is not None:
            x = track.left() + max(0.0, self._student.place - low) * scale
            self._paint_student(painter, track, x, self._student)

    def _margin(self, caption: str) -> float:
        """Room at one end, for half the value above the dot and a part of the caption below the tick."""
        return max(24.0, min(0.4 * QFontMetricsF(theme.font("axis")).horizontalAdvance(caption), self.width() / 6))

    @staticmethod
    def _paint_tick(painter: QPainter, track: QRectF, x: float, pen: QPen, above: float) -> None:
        painter.setPen(pen)
        painter.drawLine(QPointF(x, track.top() - above), QPointF(x, track.bottom() + above - 2))

    def _paint_captions(
        self, painter: QPainter, track: QRectF, alone: tuple[str, float], teacher: tuple[str, float]
    ) -> None:
        """Captions below their ticks (words, x): kept inside the widget, and side by side where ticks are close."""
        painter.setFont(theme.font("axis"))
        painter.setPen(theme.current().color("text2"))
        metrics = QFontMetricsF(painter.font())
        lefts = captions_at(
            (alone[1], metrics.horizontalAdvance(alone[0])),
            (teacher[1], metrics.horizontalAdvance(teacher[0])),
            self.width(),
        )
        for left, (caption, _) in zip(lefts, (alone, teacher), strict=True):
            painter.drawText(QPointF(left, track.bottom() + 7 + metrics.ascent()), caption)

    def _paint_student(self, painter: QPainter, track: QRectF, x: float, student: Mark) -> None:
        painter.setPen(QPen(theme.current().color("surface"), 2))
        painter.setBrush(self._run_color())
        painter.drawEllipse(QPointF(x, track.center().y()), 7, 7)
        painter.setFont(theme.font("section"))
        painter.setPen(theme.current().color("text"))
        value = student.words
        width = QFontMetricsF(painter.font()).horizontalAdvance(value)
        painter.drawText(QPointF(min(max(0.0, x - width / 2), self.width() - width), theme.scaled(VALUE)), value)

    def _run_color(self) -> QColor:
        return theme.current().run_color(self._color) if isinstance(self._color, int) else self._color


def captions_at(first: tuple[float, float], second: tuple[float, float], room: float) -> tuple[float, float]:
    """The left edges of two captions.

    Args:
        first, second: the x of the tick each stands below, and its width; 0 where there is none.
        room: the width there is.
    """
    one, other = (
        min(max(0.0, x - before * width), room - width) for (x, width), before in ((first, 0.4), (second, 0.6))
    )
    if not first[1] or not second[1]:
        return one, other
    if one <= other:
        other = min(max(other, one + first[1] + APART), room - second[1])
        return max(0.0, min(one, other - APART - first[1])), other
    one = min(max(one, other + second[1] + APART), room - first[1])
    return one, max(0.0, min(other, one - APART - second[1]))
