"""The matrix as a widget, zoomed, moved, and gone through cell by cell: rows are what a picture is, columns what was answered."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.theme import scaled
from studio.gui.views.mixups.matrix_content import MatrixContent
from studio.gui.views.mixups.matrix_painter import STRIP, Marks, MatrixPainter
from studio.gui.views.mixups.matrix_places import STEP, MatrixPlaces

#: Pixels of the widest head.
HEAD = 116.0
#: Pixels a press of an arrow key with Shift moves the matrix.
MOVED = 60
_WAYS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}


class MatrixCanvas(GuardedOverrides, QWidget):
    """Draws a matrix. The wheel and + and − zoom, dragging and Shift with arrows move, 0 shows all of it.

    A click or the arrow keys choose a cell: ``chosen`` gives its row and column. ``pointed`` tells in words what the
    pointer is on; nothing where it is on no cell.
    """

    chosen = Signal(int, int)
    pointed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content: MatrixContent | None = None
        self.places = MatrixPlaces()
        self._painter = MatrixPainter(self.places)
        self._selected = (0, 0)
        self._under: tuple[int, int] | None = None
        self._pressed: QPointF | None = None
        self._dragged = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.keep_length(self, QWidget.setMinimumSize, 220, 260)
        self.setAccessibleName(
            self.tr("Confusion matrix; arrow keys go from cell to cell, plus and minus zoom, 0 shows all of it")
        )
        theme.notifier().changed.connect(self._restyle)

    # --- what is shown -----------------------------------------------------------------------------------------------

    def show_content(self, content: MatrixContent) -> None:
        """Draw another matrix; the chosen cell stays where there are as many classes."""
        fresh = self._content is None or self._content.count != content.count
        self._content = content
        self.places.show(content.count)
        self._make_room()
        self._restyle()
        if fresh:
            self._selected = self._most_mixed()
        self._say()

    @property
    def content(self) -> MatrixContent | None:
        """What is drawn."""
        return self._content

    @property
    def selected(self) -> tuple[int, int]:
        """The row and column of the chosen cell."""
        return self._selected

    def select(self, row: int, column: int) -> None:
        """Choose a cell, and bring it into sight."""
        if self._content is None:
            return
        last = self._content.count - 1
        self._selected = (min(max(0, row), last), min(max(0, column), last))
        self.places.bring_in(*self._selected)
        self._say()
        self.update()
        self.chosen.emit(*self._selected)

    def zoom_in(self) -> None:
        """One step nearer."""
        self._zoom(STEP)

    def zoom_out(self) -> None:
        """One step away."""
        self._zoom(1 / STEP)

    def show_all(self) -> None:
        """All of it."""
        self.places.show_all()
        self.update()

    def _most_mixed(self) -> tuple[int, int]:
        assert self._content is not None
        strong = abs(self._content.strengths())
        at = int(strong.argmax()) if strong.size else 0
        return divmod(at, max(1, self._content.count))

    def _say(self) -> None:
        if self._content is not None and self._content.count:
            self.setAccessibleDescription(self._content.words(*self._selected))

    def _zoom(self, factor: float, at: QPointF | None = None) -> bool:
        half = self.places.cell / 2
        x, y = self.places.place(*self._selected)
        place = (at.x(), at.y()) if at is not None else (x + half, y + half)
        done = self.places.zoom_by(factor, place)
        self.update()
        return done

    def _restyle(self) -> None:
        if self._content is not None and self._content.count:
            self._painter.restyle(self._content)
        self.update()

    def _make_room(self) -> None:
        """The heads take what their names need, up to :data:`HEAD`."""
        metrics = QFontMetricsF(theme.font("axis"))
        names: list[str] = []
        if self._content is not None:
            names = [*self._content.names, *(band.name for band in self._content.bands)]
        strip = STRIP + 2 if self._content is not None and self._content.bands else 0.0
        wished = 8 + max((metrics.horizontalAdvance(name) for name in names), default=0.0)
        most = 0.3 * self.width()
        top = min(min(scaled(HEAD), wished) + strip, most)
        beside = max(
            0.0, self.width() - self.height()
        )  # a matrix is square: what a wide place has left goes to its names
        left = min(min(scaled(HEAD) + beside, wished) + strip, most)
        self.places.resize(self.width() - 2, self.height() - 2, left, top)

    def sizeHint(self) -> QSize:
        return QSize(420, 420)

    # --- what a person does ------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the pointer; where it can go no further the page is scrolled."""
        steps = event.angleDelta().y() / 120
        if not steps or not self._zoom(STEP**steps, event.position()):
            event.ignore()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """See the class."""
        key, moves = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        row, column = self._selected
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.zoom_out()
        elif key == Qt.Key.Key_0:
            self.show_all()
        elif key == Qt.Key.Key_Home:
            self.select(row, row)
        elif (way := _WAYS.get(Qt.Key(key))) is not None:
            if moves:
                self.places.move_by(-MOVED * way[1], -MOVED * way[0])
                self.update()
            else:
                self.select(row + way[0], column + way[1])
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed, self._dragged = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what is under the pointer; drag, once it has moved enough that no click is meant."""
        at = event.position()
        if self._pressed is not None:
            moved = at - self._pressed
            if self._dragged or moved.manhattanLength() > 6:
                self._dragged, self._pressed = True, at
                self.places.move_by(moved.x(), moved.y())
                self.update()
            return
        self._point(self.places.cell_at(at.x(), at.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose what was clicked."""
        cell = self.places.cell_at(event.position().x(), event.position().y())
        if not self._dragged and cell is not None:
            self.select(*cell)
        self._pressed = None

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def _point(self, cell: tuple[int, int] | None) -> None:
        if cell != self._under and self._content is not None:
            self._under = cell
            self.pointed.emit(self._content.words(*cell) if cell is not None else "")
            self.update()

    # --- Qt ----------------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The matrix, in a frame where it has the focus."""
        content = self._content
        if content is None or not content.count:
            return
        painter = QPainter(self)
        self._painter.paint(painter, self.size(), content, Marks(self._under, self._selected))
        if self.hasFocus():
            painter.setPen(QPen(theme.current().color("accent"), 2))
            painter.drawRect(self.rect().adjusted(1, 1, -1, -1))
        painter.end()
