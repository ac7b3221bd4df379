"""Labels that keep their place: one line elided, or a few lines with the last one elided."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QWidget

from studio.core.printable import printable
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip

#: Widths for which broken lines are kept.
MOST_WIDTHS = 50


class Label(QLabel):
    """A plain text label with a role of type and, if wanted, a tone. It shows words as they are, whoever wrote them."""

    def __init__(self, text: str = "", role: str = "body", tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        super().setText(printable(text))
        self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)

    def setText(self, text: str) -> None:
        super().setText(printable(text))


class ClampedLabel(GuardedOverrides, Label):
    """Wraps its text to at most ``lines`` lines and elides the rest, which a tool tip then shows whole."""

    def __init__(
        self, text: str = "", role: str = "explain", tone: str = "", lines: int = 3, parent: QWidget | None = None
    ) -> None:
        #: Lines by type and width, for the words and number of lines they were broken for: layouts ask again and again, and
        #: where the theme changes the type is another for a moment.
        self._broken: dict[tuple[str, int], list[str]] = {}
        self._broken_for: tuple[str, int] = ("", 0)
        self._lines = lines  # a layout may ask for its size while it is made
        super().__init__(text, role, tone, parent)
        self.set_lines(lines)

    def set_lines(self, lines: int) -> None:
        """Change how many lines it may take."""
        self._lines = lines
        # of a fixed height it would get no more than its size hint, which is for another width
        upright = QSizePolicy.Policy.Preferred if lines > 1 else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, upright)
        policy.setHeightForWidth(lines > 1)
        self.setSizePolicy(policy)
        self.updateGeometry()

    def setText(self, text: str) -> None:
        super().setText(text)
        self.updateGeometry()

    def broken(self, width: int) -> list[str]:
        """The lines it shows at this width, the last one elided where there is more."""
        now = (self.text(), self._lines)
        if now != self._broken_for or len(self._broken) > MOST_WIDTHS:
            self._broken_for = now
            self._broken.clear()
        place = (self.font().key(), width)
        if place not in self._broken:
            self._broken[place] = self._break(width)
        return self._broken[place]

    def _break(self, width: int) -> list[str]:
        layout = QTextLayout(self.text(), self.font())
        option = QTextOption()
        option.setWrapMode(QTextOption.WrapMode.WordWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        starts: list[int] = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(max(1, width))
            starts.append(line.textStart())
        layout.endLayout()
        text = self.text()
        shown = [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)][: self._lines]
        if len(starts) > self._lines:
            shown[-1] = text[starts[self._lines - 1] :]
        metrics = self.fontMetrics()
        return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in shown]

    def hasHeightForWidth(self) -> bool:
        return self._lines > 1

    def heightForWidth(self, width: int) -> int:
        return max(1, len(self.broken(width))) * self.fontMetrics().height()

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        whole = metrics.horizontalAdvance(self.text()) + 2
        width = whole if self._lines == 1 else min(whole, 24 * metrics.averageCharWidth())
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(4 * self.fontMetrics().averageCharWidth(), self.fontMetrics().height())

    @property
    def elided(self) -> bool:
        """Whether not all of the text is shown."""
        lines = self.broken(self.width())
        return bool(lines) and lines[-1].endswith("…") and not self.text().endswith("…")

    def event(self, event: QEvent) -> bool:
        """A tool tip shows the whole text where it is elided, before whatever else the tip says."""
        if event.type() == QEvent.Type.ToolTip and self.elided:
            tip = "\n".join(part for part in (self.text(), self.toolTip()) if part)
            QToolTip.showText(cast("QHelpEvent", event).globalPos(), plain_tip(tip), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        metrics = self.fontMetrics()
        lines = self.broken(self.width())
        for row, line in enumerate(lines):
            place = self.corner(row, line)
            painter.drawText(QPointF(place.x(), place.y() + metrics.ascent()), line)

    def corner(self, row: int, line: str) -> QPointF:
        """Where a line begins, its upper left corner."""
        metrics = self.fontMetrics()
        x = self.width() - metrics.horizontalAdvance(line) if self.alignment() & Qt.AlignmentFlag.AlignRight else 0
        top = 0.0 if self._lines > 1 else (self.height() - metrics.height()) / 2
        return QPointF(x, top + row * metrics.height())


class ElidedLabel(ClampedLabel):
    """One line, elided at its end."""

    def __init__(self, text: str = "", role: str = "body", tone: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, role, tone, 1, parent)
