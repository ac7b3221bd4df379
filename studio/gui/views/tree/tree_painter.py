"""How a tree is drawn: branches as wide as the root of their cases, questions in frames, leaves in the colour of their class."""

from __future__ import annotations

from collections.abc import Collection
from math import sqrt

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPen

from studio.core.format import thousands
from studio.core.printable import printable
from studio.gui import theme
from studio.gui.presenters.tree_reading import DrawableTree
from studio.gui.text.say import say
from studio.gui.theme import scaled
from studio.gui.views.tree.class_colors import branch_color, class_color
from studio.gui.views.tree.tree_places import TreePlaces

#: Pixels: the widest branch, the boxes of a question and of a leaf, and the least room of each with words in it.
WIDEST, QUESTION, LEAF, LEAST_QUESTION, LEAST_LEAF = 18.0, 22.0, 22.0, 50.0, 30.0
#: How far down a branch its words stand, where those of its neighbour are well apart.
NEAR_ANSWER = 0.76
#: Pixels a node must have for itself for its branch to be a curve, and for a question to be a dot.
CURVED, DOTTED = 9.0, 4.0
#: Pixels from question to question from which on branches say what they ask, and leaves have their cases below them.
WORDS_DOWN, BOXES_DOWN = 46.0, 26.0


class TreePainter:
    """Draws one tree where its nodes stand.

    Args:
        places: of the nodes of ``tree``; where they stand may change.
    """

    def __init__(self, tree: DrawableTree, places: TreePlaces) -> None:
        self._tree, self._places = tree, places
        self._selected = 0
        self._way: Collection[int] = ()

    def choose(self, node: int) -> None:
        """Draw this node as the chosen one, and the way to it from the root."""
        self._selected = node
        self._way = frozenset(self._tree.way_to(node))

    def paint(self, painter: QPainter, size: QSize) -> None:
        """Branches from the thinnest up, the way to what is chosen, then boxes and words.

        Args:
            size: of the canvas; what does not reach into it is left out.
        """
        centres, room = self._places.centres, self._places.room
        nodes = self._in_sight(centres, size)
        for node in nodes:
            self._paint_branch(painter, node, centres, room)
        for node in nodes:
            self._paint_node(painter, node, centres[node], float(room[node]))
        if self._places.down >= WORDS_DOWN:
            for node in nodes:
                self._paint_answer(painter, node, centres, float(room[node]))

    def _in_sight(self, centres: np.ndarray, size: QSize) -> list[int]:
        """Nodes that are, or whose branches may be, in the canvas; those on the way to what is chosen come last."""
        above = centres[np.maximum(self._tree.parents, 0)]
        low, high = np.minimum(above, centres), np.maximum(above, centres)
        seen = (high >= -80.0).all(1) & (low <= (size.width() + 80.0, size.height() + 80.0)).all(1)
        return sorted(np.flatnonzero(seen).tolist(), key=lambda node: node in self._way)

    def _paint_branch(self, painter: QPainter, node: int, centres: np.ndarray, room: np.ndarray) -> None:
        above = int(self._tree.parents[node])
        if above < 0:
            return
        begin, end = QPointF(*centres[above]), QPointF(*centres[node])
        wide = WIDEST * sqrt(max(0.0, float(self._tree.tree.share[node])))
        pen = QPen(branch_color(int(self._tree.labels[node])), min(max(1.0, wide), max(1.5, 0.7 * float(room[node]))))
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        if room[node] < CURVED and node not in self._way:
            painter.drawLine(begin, end)
            return
        path = QPainterPath(begin)
        middle = (begin.y() + end.y()) / 2
        path.cubicTo(QPointF(begin.x(), middle), QPointF(end.x(), middle), end)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(path)
        if node in self._way:
            painter.setPen(QPen(theme.current().color("accent"), 1.5))
            painter.drawPath(path)

    def _paint_node(self, painter: QPainter, node: int, centre: np.ndarray, room: float) -> None:
        at = QPointF(*centre)
        least = LEAST_LEAF if self._tree.is_leaf(node) else LEAST_QUESTION
        with_words = room >= least and self._places.down >= BOXES_DOWN
        if self._tree.is_leaf(node):
            self._paint_leaf(painter, node, at, room, with_words)
        elif with_words:
            self._paint_question(painter, node, at, room)
        else:
            if room < DOTTED and node not in self._way:
                return
            self._frame(painter, node, "text3")
            painter.setBrush(theme.current().color("surface"))
            size = min(3.5, max(1.0, room / 4)) + (node == self._selected)
            painter.drawEllipse(at, size, size)

    def _paint_question(self, painter: QPainter, node: int, at: QPointF, room: float) -> None:
        painter.setFont(theme.font("section"))
        metrics = painter.fontMetrics()
        words = printable(self._tree.question(node))
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, round(max(14.0, min(room - 6, 160.0) - 16)))
        width = metrics.horizontalAdvance(words) + 20
        box = QRectF(at.x() - width / 2, at.y() - QUESTION / 2, width, QUESTION)
        self._frame(painter, node, "button_border")
        painter.setBrush(theme.current().color("surface"))
        painter.drawRoundedRect(box, QUESTION / 2, QUESTION / 2)
        painter.setPen(theme.current().color("text"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)

    def _paint_leaf(self, painter: QPainter, node: int, at: QPointF, room: float, with_words: bool) -> None:
        colors = theme.current()
        width = min(52.0, room - 6) if with_words else min(6.0, max(1.0, room - 1))
        height = LEAF if with_words else min(10.0, max(4.0, self._places.down / 2))
        box = QRectF(at.x() - width / 2, at.y() - height / 2, width, height)
        color = class_color(int(self._tree.labels[node]))
        if with_words:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color)
            painter.drawRoundedRect(box, 4, 4)
        else:
            painter.fillRect(box, color)
        if node == self._selected:
            painter.setPen(QPen(colors.color("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(-3, -3, 3, 3), 6, 6)
        if not with_words:
            return
        painter.setFont(theme.font("axis"))
        metrics = painter.fontMetrics()
        words = share_words(self._tree, node)
        if metrics.horizontalAdvance(words) + 2 > width:
            words = words.removesuffix(" %")
        painter.setPen(colors.color("surface"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)
        cases = thousands(round(float(self._tree.cases[node])))
        if self._places.down >= WORDS_DOWN and metrics.horizontalAdvance(cases) < room + 8:
            painter.setPen(colors.color("text3"))
            below = QRectF(at.x() - scaled(40), box.bottom() + 2, scaled(80), scaled(15))
            painter.drawText(below, int(Qt.AlignmentFlag.AlignCenter), cases)

    def _paint_answer(self, painter: QPainter, node: int, centres: np.ndarray, room: float) -> None:
        """What the branch to a node says, near that node."""
        above = int(self._tree.parents[node])
        if above < 0 or room < LEAST_QUESTION:
            return
        painter.setFont(theme.font("axis"))
        metrics = painter.fontMetrics()
        words = printable(say(self._tree.branch(node)))
        words = metrics.elidedText(words, Qt.TextElideMode.ElideRight, round(min(NEAR_ANSWER * room, 160.0) - 8))
        width = metrics.horizontalAdvance(words) + 6
        x = NEAR_ANSWER * centres[node][0] + (1 - NEAR_ANSWER) * centres[above][0]
        y = 0.42 * centres[above][1] + 0.58 * centres[node][1]
        box = QRectF(float(x) - width / 2, float(y) - scaled(15) / 2, width, scaled(15))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("surface"))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(theme.current().color("accent" if node in self._way else "text"))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), words)

    def _frame(self, painter: QPainter, node: int, tone: str) -> None:
        """The pen around a question."""
        chosen = node in self._way
        painter.setPen(QPen(theme.current().color("accent" if chosen else tone), 2 if node == self._selected else 1.2))


def share_words(tree: DrawableTree, node: int) -> str:
    """How much of the cases of a node are of its class."""
    counts = tree.tree.counts[node]
    return f"{100 * float(counts.max()) / float(counts.sum()):.0f} %"
