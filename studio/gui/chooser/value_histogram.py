"""How bright own pictures are: how many of their values lie where between black and white."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.core.format import percent
from studio.core.picture_preview import ValueSpread
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides

#: Pixels: the bars, and a line of words above and below them.
BARS, LINE = 56, 18
#: Of the values that are exactly black or white, from this share on it is said.
MANY = 0.05


class ValueHistogram(GuardedOverrides, QWidget):
    """Bars from black to white, and an upright line at the mean. Hidden where nothing is known."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: ValueSpread | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Values from black to white"))
        theme.keep_length(self, QWidget.setFixedHeight, BARS + 2 * LINE)
        theme.notifier().changed.connect(self.update)
        self.hide()

    def show_values(self, values: ValueSpread | None) -> None:
        """Show others; None for none."""
        self._values = values
        self.setAccessibleDescription(self.words)
        self.setVisible(values is not None)
        self.update()

    @property
    def words(self) -> str:
        """What the bars say, in words."""
        if self._values is None:
            return ""
        words = [self.tr("mean {value}").format(value=round(self._values.mean))]
        for share, said in (
            (self._values.black, self.tr("{share} are pure black")),
            (self._values.white, self.tr("{share} are pure white")),
        ):
            if share >= MANY:
                words.append(said.format(share=percent(share, 0)))
        return ", ".join(words)

    def sizeHint(self) -> QSize:
        return QSize(240, theme.scaled(BARS + 2 * LINE))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The words, the bars, what their ends are."""
        if self._values is None:
            return
        painter, colors, line = QPainter(self), theme.current(), theme.scaled(LINE)
        painter.setFont(theme.font("axis"))
        painter.setPen(colors.color("text2"))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(0, 0, self.width(), line), int(middle | Qt.AlignmentFlag.AlignLeft), self.words)
        area = QRectF(0, line, self.width(), self.height() - 2 * line)
        counts = self._values.counts
        wide, most = area.width() / len(counts), max(1, int(counts.max()))
        for number, count in enumerate(counts):
            high = area.height() * int(count) / most
            left, right = round(number * wide), round((number + 1) * wide)
            painter.fillRect(QRectF(left, area.bottom() - high, max(1, right - left - 1), high), colors.color("alone"))
        painter.fillRect(QRectF(0, area.bottom(), area.width(), 1), colors.color("button_border"))
        at = area.width() * self._values.mean / 255
        painter.fillRect(QRectF(at, area.top(), 1, area.height()), colors.color("text"))
        below = QRectF(0, area.bottom() + 1, self.width(), line)
        painter.setPen(colors.color("text3"))
        painter.drawText(below, int(middle | Qt.AlignmentFlag.AlignLeft), self.tr("0, black"))
        painter.drawText(below, int(middle | Qt.AlignmentFlag.AlignRight), self.tr("white, 255"))
        painter.end()
