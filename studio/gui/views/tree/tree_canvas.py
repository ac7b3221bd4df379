"""The tree itself: top down, branches as wide as the root of their cases, leaves in the colour of their class."""

from __future__ import annotations

from math import sqrt

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from studio.core.format import thousands
from studio.core.printable import printable
from studio.gui import theme
from studio.gui.presenters.tree_reading import DrawableTree
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip
from studio.gui.theme import scaled
from studio.gui.views.tree.class_colors import branch_color, class_color
from studio.gui.views.tree.tree_places import STEP, TreePlaces

#: Pixels: the widest branch, the boxes of a question and of a leaf, and the least room of each with words in it.
WIDEST, QUESTION, LEAF, LEAST_QUESTION, LEAST_LEAF = 18.0, 22.0, 22.0, 50.0, 30.0
#: How far down a branch its words stand, where those of its neighbour are well apart.
NEAR_ANSWER = 0.76
#: Pixels a node must have for itself for its branch to be a curve, and for a question to be a dot.
CURVED, DOTTED = 9.0, 4.0
#: Pixels from question to question from which on branches say what they ask, and leaves have their cases below them.
WORDS_DOWN, BOXES_DOWN = 46.0, 26.0
#: Pixels a press of an arrow key with Shift moves the tree, and how near a click must come to a small node.
MOVED, NEAR = 60, 12.0


class TreeCanvas(GuardedOverrides, QWidget):
    """Draws a tree. The wheel and + and − zoom, dragging and Shift with arrows move, 0 shows all of it.

    A click or the arrow keys choose a node: up to the question above, down to an answer, left and right along the level.
    ``chosen`` gives its number.
    """

    chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tree: DrawableTree | None = None
        self._places: TreePlaces | None = None
        self._selected = 0
        self._way: frozenset[int] = frozenset()
        self._pressed: QPointF | None = None
        self._dragged = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.keep_length(self, QWidget.setMinimumHeight, 170)
        self.setAccessibleName(
            self.tr("The tree; arrow keys go from question to answer, plus and minus zoom, 0 shows all of it")
        )
        theme.notifier().changed.connect(self.update)

    def show_tree(self, tree: DrawableTree) -> None:
        """Draw another tree, all of it, with its largest leaf chosen."""
        if tree is self._tree:
            return
        self._tree, self._places = tree, TreePlaces(tree)
        self._places.resize(self.width(), self.height())
        self.select(tree.largest_leaf)

    @property
    def selected(self) -> int:
        """The number of the chosen node."""
        return self._selected

    @property
    def places(self) -> TreePlaces | None:
        """Where everything stands."""
        return self._places

    def select(self, node: int) -> None:
        """Choose a node, and bring it into sight."""
        if self._tree is None or self._places is None:
            return
        self._selected = node
        self._way = frozenset(self._tree.way_to(node))
        self._places.bring_in(node)
        self.setAccessibleDescription(self._spoken(node))
        self.chosen.emit(node)
        self.update()

    def zoom_in(self) -> None:
        """One step nearer."""
        self._zoom(STEP)

    def zoom_out(self) -> None:
        """One step away."""
        self._zoom(1 / STEP)

    def show_all(self) -> None:
        """All of the tree."""
        if self._places is not None:
            self._places.show_all()
            self.update()

    def _zoom(self, factor: float, at: QPointF | None = None) -> bool:
        place = (at.x(), at.y()) if at is not None else None
        if place is None and self._places is not None:
            x, y = self._places.centres[self._selected]
            place = (float(x), float(y)) if self.rect().contains(int(x), int(y)) else None
        done = self._places is not None and self._places.zoom_by(factor, place)
        self.update()
        return done

    def sizeHint(self) -> QSize:
        return QSize(320, 170)

    # --- what a person does ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._places is not None:
            self._places.resize(self.width(), self.height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer; where it can go no further the page is scrolled."""
        steps = event.angleDelta().y() / 120
        if not steps or not self._zoom(STEP**steps, event.position()):
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class."""
        key, moves = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom_out()
        elif key == Qt.Key.Key_0:
            self.show_all()
        elif (way := _WAYS.get(Qt.Key(key))) is not None and self._tree is not None and self._places is not None:
            if moves:
                self._places.move_by(-MOVED * way[0], -MOVED * way[1])
                self.update()
            else:
                self.select(self._neighbour(*way))
        else:
            super().keyPressEvent(event)

    def _neighbour(self, across: int, down: int) -> int:
        assert self._tree is not None
        if down < 0:
            return max(int(self._tree.parents[self._selected]), 0)
        if down > 0:
            below = int(self._tree.tree.left[self._selected])
            return below if below >= 0 else self._selected
        x, level = self._tree.places[self._selected]
        places = self._tree.places
        beside = np.flatnonzero((places[:, 1] == level) & ((places[:, 0] - x) * across > 0))
        return int(beside[np.abs(places[beside, 0] - x).argmin()]) if len(beside) else self._selected

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the tree, once the pointer has moved enough that no click is meant."""
        if self._pressed is None or self._places is None:
            return
        moved = event.position() - self._pressed
        if self._dragged or moved.manhattanLength() > 6:
            self._dragged = True
            self._pressed = event.position()
            self._places.move_by(moved.x(), moved.y())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose what was clicked."""
        node = self.node_at(event.position())
        if not self._dragged and node is not None:
            self.select(node)
        self._pressed = None

    def node_at(self, at: QPointF) -> int | None:
        """The node at a place; None where there is none near enough."""
        if self._places is None:
            return None
        away = np.abs(self._places.centres - (at.x(), at.y()))
        reach = np.clip(self._places.room / 2, NEAR, 60.0)
        away[(away[:, 0] > reach) | (away[:, 1] > max(NEAR, QUESTION / 2 + 2))] = np.inf
        nearest = int(away.sum(1).argmin())
        return nearest if np.isfinite(away[nearest]).all() else None

    def event(self, event: QEvent) -> bool:
        """A tool tip tells all of a node."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            node = self.node_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), plain_tip(self._spoken(node)) if node is not None else "", self)
            return True
        return super().event(event)

    def _spoken(self, node: int) -> str:
        """A node in one sentence."""
        assert self._tree is not None
        tree = self._tree
        cases = thousands(round(float(tree.cases[node])))
        if not tree.is_leaf(node):
            return self.tr("Asks about {column}; {n} cases.").format(column=printable(tree.question(node)), n=cases)
        words = self.tr("Says {name}, which {share} of its {n} cases are.")
        return words.format(name=self._class_name(node), share=_share(tree, node), n=cases)

    def _class_name(self, node: int) -> str:
        assert self._tree is not None
        return printable(self._tree.tree.classes[int(self._tree.labels[node])])

    # --- painting ----------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Branches from the thinnest up, the way to what is chosen, then boxes and words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._tree is not None and self._places is not None:
            centres, room = self._places.centres, self._places.room
            nodes = self._in_sight(centres)
            for node in nodes:
                self._paint_branch(painter, node, centres, room)
            for node in nodes:
                self._paint_node(painter, node, centres[node], float(room[node]))
            if self._places.down >= WORDS_DOWN:
                for node in nodes:
                    self._paint_answer(painter, node, centres, float(room[node]))
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.current().color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _in_sight(self, centres: np.ndarray) -> list[int]:
        """Nodes that are, or whose branches may be, in the canvas; those on the way to what is chosen come last."""
        assert self._tree is not None
        above = centres[np.maximum(self._tree.parents, 0)]
        low, high = np.minimum(above, centres), np.maximum(above, centres)
        seen = (high >= -80.0).all(1) & (low[:, 0] <= self.width() + 80) & (low[:, 1] <= self.height() + 80)
        return sorted(np.flatnonzero(seen).tolist(), key=lambda node: node in self._way)

    def _paint_branch(self, painter: QPainter, node: int, centres: np.ndarray, room: np.ndarray) -> None:
        assert self._tree is not None
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
        assert self._tree is not None
        assert self._places is not None
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
        assert self._tree is not None
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
        assert self._tree is not None
        assert self._places is not None
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
        words = _share(self._tree, node)
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
        assert self._tree is not None
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


def _share(tree: DrawableTree, node: int) -> str:
    counts = tree.tree.counts[node]
    return f"{100 * float(counts.max()) / float(counts.sum()):.0f} %"


_WAYS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
