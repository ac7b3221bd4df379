"""A square to draw on, with pen, rubber and undo; in other ways of giving a picture it shows that picture."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides

Tool = Literal["pen", "rubber"]
#: Pixels of the sheet, whatever size it is shown in; of the pen, a twelfth of it as in handwriting; of the rubber.
SHEET, PEN, RUBBER = 280, 22, 44
#: Strokes that can be taken back.
MOST_STEPS = 50
#: Milliseconds without a movement after which a stroke that goes on is told.
REST = 60
PAPER, INK = QColor("white"), QColor("black")


class DrawingCanvas(GuardedOverrides, QWidget):
    """Tells ``changed`` while something is drawn, not more often than ten times a second, and ``emptied`` when all is gone.

    The sheet is white and the pen black in both themes: it is what a network is given.
    """

    changed = Signal()
    emptied = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = _blank()
        self._steps: list[QImage] = []
        self._shown: QPixmap | None = None
        self._last: QPointF | None = None
        self.tool: Tool = "pen"
        self._tell = QTimer(self, singleShot=True, interval=REST)
        self._tell.timeout.connect(self.changed)
        self.setMinimumSize(150, 150)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Picture"))
        self.setCursor(Qt.CursorShape.CrossCursor)

    @property
    def drawing(self) -> QImage:
        """The sheet, 280 x 280."""
        return self._sheet

    @property
    def is_blank(self) -> bool:
        """Whether nothing is drawn."""
        return self._sheet == _blank()

    @property
    def can_undo(self) -> bool:
        """Whether there is a stroke to take back."""
        return bool(self._steps)

    @property
    def shows_picture(self) -> bool:
        """Whether there is a picture, or the empty place of one, instead of the sheet."""
        return self._shown is not None

    def show_picture(self, picture: QPixmap | None) -> None:
        """Show a picture instead of the sheet, a null one for an empty place; None for the sheet, to draw on."""
        self._shown = picture
        self.setCursor(Qt.CursorShape.CrossCursor if picture is None else Qt.CursorShape.ArrowCursor)
        self.update()

    def undo(self) -> None:
        """Take the last stroke back."""
        if self._steps:
            self._sheet = self._steps.pop()
            self._told()

    def clear(self) -> None:
        """A blank sheet; it can be taken back as well."""
        if not self.is_blank:
            self._keep()
            self._sheet = _blank()
            self._told()

    def _keep(self) -> None:
        self._steps = [*self._steps[-MOST_STEPS + 1 :], self._sheet.copy()]

    def _told(self) -> None:
        self.update()
        self._tell.stop()
        (self.emptied if self.is_blank else self.changed).emit()

    def sizeHint(self) -> QSize:
        return QSize(220, 220)

    def heightForWidth(self, width: int) -> int:
        return min(width, 260)

    @property
    def _square(self) -> QRectF:
        """Where the sheet is, in the middle."""
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) / 2, (self.height() - side) / 2, side, side)

    def _place(self, at: QPointF) -> QPointF:
        square = self._square
        return (at - square.topLeft()) * (SHEET / max(1.0, square.width()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A stroke begins with a dot."""
        if self._shown is None and event.button() == Qt.MouseButton.LeftButton:
            self._keep()
            self._last = self._place(event.position())
            self._draw_to(self._last)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """It goes on."""
        if self._last is not None:
            self._draw_to(self._place(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """It ends, and is told."""
        if self._last is not None and event.button() == Qt.MouseButton.LeftButton:
            self._last = None
            self._told()

    def _draw_to(self, place: QPointF) -> None:
        assert self._last is not None
        rubber = self.tool == "rubber"
        painter = QPainter(self._sheet)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(PAPER if rubber else INK, RUBBER if rubber else PEN)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        painter.drawLine(self._last, place) if place != self._last else painter.drawPoint(place)
        painter.end()
        self._last = place
        if not self._tell.isActive():
            self._tell.start()
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete clears the sheet."""
        if self._shown is None and event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.clear()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The sheet or the picture, in a frame."""
        painter = QPainter(self)
        square = self._square
        smooth = QPainter.RenderHint.SmoothPixmapTransform
        painter.setRenderHint(smooth)
        if self._shown is not None:
            painter.drawPixmap(square.toRect(), self._shown)
        else:
            painter.drawImage(square, self._sheet)
            if self.is_blank:
                painter.setPen(QColor("#626B77"))
                painter.setFont(theme.font("explain"))
                painter.drawText(square, int(Qt.AlignmentFlag.AlignCenter), self.tr("Draw here"))
        colors = theme.current()
        painter.setPen(
            QPen(colors.color("accent" if self.hasFocus() else "button_border"), 2 if self.hasFocus() else 1)
        )
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(square.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()


def _blank() -> QImage:
    sheet = QImage(SHEET, SHEET, QImage.Format.Format_RGB32)
    sheet.fill(PAPER)
    return sheet
