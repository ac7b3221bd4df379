"""How the rows of a chooser are drawn: choices, the headings above them, and what stands in place of those not shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from studio.core.message import NOTHING, Text
from studio.gui import theme
from studio.gui.chooser.painted_line import paint_line
from studio.gui.presenters.draft_info import Choice
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say

#: Roles of a row: what it is, its words, and how large it is beside the others, from 0 (not known) to 1.
CHOICE = Qt.ItemDataRole.UserRole
WORDS = Qt.ItemDataRole.UserRole + 1
SIZE = Qt.ItemDataRole.UserRole + 2
RowIndex = QModelIndex | QPersistentModelIndex
_LINE = 17
_PADDING = 5
_SIDE = 10
#: Of the bar below a size: width and height.
_BAR, _THICK = 84, 4
_ROLES = {"teacher": Text("teacher"), "student": Text("student")}


@dataclass(frozen=True)
class Heading:
    """A row above the choices of a group; ``words`` are those all of them share."""

    title: str
    words: str = ""


@dataclass(frozen=True)
class Fold:
    """A row in place of choices that are not shown until it is asked for: the rest, or those that do not fit."""

    title: str
    what: Literal["more", "refused"]


def role_words(role: str) -> str:
    """What a network is in the draft, in a word; "" where it is nothing there."""
    return say(_ROLES.get(role, NOTHING))


class ChoiceDelegate(GuardedOverrides, QStyledItemDelegate):
    """Title and tag in one line, words in the next, and below, where it cannot be chosen, a lock and why."""

    def sizeHint(self, _option: QStyleOptionViewItem, index: RowIndex) -> QSize:
        row = index.data(CHOICE)
        lines = 1 + bool(index.data(WORDS)) + (isinstance(row, Choice) and bool(row.refusal))
        bar = _THICK if index.data(SIZE) and lines == 1 else 0
        return QSize(100, 2 * _PADDING + theme.scaled(_LINE) * lines + (bar if isinstance(row, Choice) else 4))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: RowIndex) -> None:
        row = index.data(CHOICE)
        area: QRect = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if isinstance(row, Choice):
            self._paint_back(painter, area, state)
            inside = area.adjusted(_SIDE, _PADDING, -_SIDE, -_PADDING)
            size: float = index.data(SIZE)
            self._paint_choice(painter, inside, row, index.data(WORDS), _BAR + 12 if size else 0)
            if size:
                self._paint_size(painter, inside, row, size)
        elif isinstance(row, Heading):
            line = QRect(area.left() + _SIDE, area.top() + 8, area.width() - 2 * _SIDE, theme.scaled(_LINE))
            paint_line(painter, line, row.title, "section", "text2")
            paint_line(painter, line.translated(0, theme.scaled(_LINE)), row.words, "axis", "text3")
        elif isinstance(row, Fold):
            self._paint_back(painter, area, state)
            line = area.adjusted(_SIDE, _PADDING, -_SIDE, -_PADDING)
            paint_line(painter, line, row.title, "choice", "accent")
        painter.restore()

    @staticmethod
    def _paint_back(painter: QPainter, area: QRect, state: QStyle.StateFlag) -> None:
        colors = theme.current()
        box = QRectF(area).adjusted(1, 1, -1, -1)
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(colors.color("accent"), 2))
            painter.setBrush(colors.color("accent_soft"))
            painter.drawRoundedRect(box, 4, 4)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colors.color("hover"))
            painter.drawRoundedRect(box, 4, 4)

    def _paint_choice(self, painter: QPainter, area: QRect, choice: Choice, words: str, beside: int) -> None:
        """``beside``: the room that its size takes at the right."""
        off = bool(choice.refusal)
        line = QRect(area.left(), area.top(), area.width(), theme.scaled(_LINE))
        tag = QFontMetrics(theme.font("axis")).horizontalAdvance(choice.tag) + 8 if choice.tag else 0
        room = self._paint_role(painter, line.adjusted(0, 0, -max(tag, beside), 0), choice.role)
        paint_line(painter, room, say(choice.title), "choice", "text3" if off else "text")
        if choice.tag:
            paint_line(painter, line, choice.tag, "axis", "text3", Qt.AlignmentFlag.AlignRight)
        if words:
            line.translate(0, theme.scaled(_LINE))
            paint_line(painter, line.adjusted(0, 0, -beside, 0), words, "explain", "text3" if off else "text2")
        if off:
            line.translate(0, theme.scaled(_LINE))
            lock = theme.pixmap("lock", theme.current().color("text3"), 12, painter.device().devicePixelRatio())
            painter.drawPixmap(line.left(), line.top() + 2, lock)
            paint_line(painter, line.adjusted(17, 0, 0, 0), say(choice.refusal), "axis", "text3")

    def _paint_role(self, painter: QPainter, line: QRect, role: str) -> QRect:
        """At the right what it is in the draft, behind a swatch; the room that is left for its name."""
        words = role_words(role)
        if not words:
            return line
        width = QFontMetrics(theme.font("axis")).horizontalAdvance(words)
        paint_line(painter, line, words, "axis", "text", Qt.AlignmentFlag.AlignRight)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_role_color(role))
        painter.drawRoundedRect(QRectF(line.right() - width - 17, line.top() + 5, 12, 7), 3, 3)
        return line.adjusted(0, 0, -width - 24, 0)

    @staticmethod
    def _paint_size(painter: QPainter, area: QRect, choice: Choice, size: float) -> None:
        """A bar as long as it is large, on a track."""
        track = QRectF(area.right() - _BAR, area.top() + theme.scaled(_LINE) + 1, _BAR, _THICK)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("alone_band"))
        painter.drawRoundedRect(track, 2, 2)
        track.setWidth(max(_THICK, size * _BAR))
        painter.setBrush(_role_color(choice.role))
        painter.drawRoundedRect(track, 2, 2)


def _role_color(role: str) -> QColor:
    """Of the teacher, of the first run's student, and of what is neither."""
    colors = theme.current()
    if role == "teacher":
        return colors.color("teacher")
    return colors.run_color(0) if role == "student" else colors.color("alone")
