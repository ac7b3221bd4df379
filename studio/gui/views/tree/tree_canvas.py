"""The tree as a widget: zoomed, moved, and gone through from question to answer."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
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
from studio.gui.text.tool_tip import plain_tip
from studio.gui.views.tree.tree_painter import QUESTION, TreePainter, share_words
from studio.gui.views.tree.tree_places import STEP, TreePlaces

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
        self._painter: TreePainter | None = None
        self._selected = 0
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
        self._painter = TreePainter(tree, self._places)
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
        if self._painter is None or self._places is None:
            return
        self._selected = node
        self._painter.choose(node)
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
        return words.format(name=self._class_name(node), share=share_words(tree, node), n=cases)

    def _class_name(self, node: int) -> str:
        assert self._tree is not None
        return printable(self._tree.tree.classes[int(self._tree.labels[node])])

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The tree, in a frame where it has the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._painter is not None:
            self._painter.paint(painter, self.size())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.current().color("accent"), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()


_WAYS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip
