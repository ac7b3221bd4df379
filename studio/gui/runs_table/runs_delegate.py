"""Draws the cells of the runs table: ticks, swatches, the bar of the gap, the progress of what trains."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QAbstractItemModel, QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from studio.core.format import percent
from studio.gui import theme
from studio.gui.runs_table.elided_names import begin_apart, elided_name
from studio.gui.runs_table.run_cells import Column
from studio.gui.runs_table.runs_model import ROW, ModelIndex, RunsModel
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.widgets.swatch import paint_swatch
from studio.runs.results.table import Row

PAD = 8
SWATCH = 30
BAR = 78
STATE_BAR = 52
#: Width of the sign that unfolds a chain, and how far what stands below it is moved in.
FOLD = 18
_RIGHT = (Column.ACCURACY, Column.PARAMETERS, Column.TIME)


class RunsDelegate(GuardedOverrides, QStyledItemDelegate):
    """One delegate for all columns, so that a row is one look.

    Args:
        height: of a row, 28, or 26 where the window is small.
    """

    def __init__(self, model: RunsModel, height: int = 28) -> None:
        super().__init__(model)
        self._model = model
        self.height = height
        self._apart: Mapping[str, int] | None = None
        model.run_store.listed.connect(self._forget_names)

    def sizeHint(self, option: QStyleOptionViewItem, index: ModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), self.height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: ModelIndex) -> None:
        colors = theme.current()
        area = QRectF(option.rect)
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, colors.color("accent_soft"))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(area, colors.color("hover"))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), colors.color("border"))
        row: Row = index.data(ROW)
        column = Column(index.column())
        if column == Column.TICK:
            self._paint_tick(painter, area, index)
        elif column == Column.RUN:
            self._paint_name(painter, area, row)
        elif column == Column.GAP:
            self._paint_gap(painter, area, row)
        elif column == Column.STATE:
            self._paint_state(painter, area, row)
        else:
            strong = "text" if column == Column.ACCURACY else "text2"
            self._write(painter, area, self._model.cells.words(row, column), strong, right=column in _RIGHT)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(colors.color("accent"), 2))
            painter.drawRect(area.adjusted(1, 1, -1, -2))

    def _paint_tick(self, painter: QPainter, area: QRectF, index: ModelIndex) -> None:
        """The tick box of the theme, by hand: a style sheet's box costs ten times as much."""
        colors = theme.current()
        box = QRectF(area.center().x() - 5.5, area.center().y() - 7.5, 15, 15)
        state = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole))
        on = state != Qt.CheckState.Unchecked
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        off = not self._model.run_store.is_comparable(index.data(ROW).first.id)
        painter.setPen(QPen(colors.color("accent" if on else "border" if off else "field_border"), 1))
        painter.setBrush(colors.color("accent" if on else "sunken" if off else "surface"))
        painter.drawRoundedRect(box, 3, 3)
        if on:
            name = "check" if state == Qt.CheckState.Checked else "minus"
            painter.drawPixmap(
                QPointF(box.left() + 1.5, box.top() + 1.5), theme.pixmap(name, colors.color("on_accent"), 12, 2.0)
            )
        painter.restore()

    def _paint_name(self, painter: QPainter, area: QRectF, row: Row) -> None:
        run_store = self._model.run_store
        area = area.adjusted(self._indent(row), 0, 0, 0)
        if row.children:
            name = "chevron-down" if self._model.is_unfolded(row) else "chevron-right"
            sign = theme.pixmap(name, theme.current().color("text2"), 12, 2.0)
            painter.drawPixmap(QPointF(area.left() - FOLD + PAD, area.center().y() - 6.5), sign)
        kind = row.kind if row.kind != "run" else run_store.roles().get(row.first.id, "run")
        drawn = any(run_store.is_drawn(run) for run in row.ids)
        color = next((index for run in row.ids if (index := run_store.color(run)) is not None), None)
        swatch = QRectF(area.left(), area.top(), SWATCH, area.height())
        if color is not None or kind != "run":
            paint_swatch(painter, swatch, kind, color or 0, filled=drawn)
        left = area.left() + SWATCH
        if row.first.favourite:
            star = theme.pixmap("star-filled", theme.current().color("text2"), 12, 2.0)
            painter.drawPixmap(QPointF(left, area.center().y() - 6.5), star)
            left += 18
        strong = theme.font("section") if run_store.current in row.ids else None
        rest = QRectF(left - PAD, area.top(), area.right() - left + PAD, area.height())
        name = self._model.cells.words(row, Column.RUN)
        metrics = QFontMetricsF(strong or theme.font("table"))
        short = elided_name(name, self._begins_apart(name), metrics, rest.width() - 2 * PAD)
        self._write(painter, rest, short, "text", font=strong)

    def _begins_apart(self, name: str) -> int:
        """From where on a name differs from those of the other runs."""
        if self._apart is None:
            run_store = self._model.run_store
            self._apart = begin_apart(run_store.name(info.id) for info in run_store.runs)
        return self._apart.get(name, 0)

    def _forget_names(self) -> None:
        self._apart = None

    def _indent(self, row: Row) -> int:
        """How far a name is moved in: for the sign of a chain, and further below one."""
        if not self._model.has_chains:
            return 0
        return 2 * FOLD if self._model.chain_of(row) is not None else FOLD

    def is_at_fold(self, x: float, cell: QRect, index: ModelIndex) -> bool:
        """Whether a place in the cell of a name is the sign that unfolds its row."""
        return index.column() == Column.RUN and bool(index.data(ROW).children) and x - cell.left() < FOLD + PAD

    def _paint_gap(self, painter: QPainter, area: QRectF, row: Row) -> None:
        words = self._model.cells.words(row, Column.GAP)
        if row.gap is None or row.gap < 0:
            whole = self._model.cells.below(row)
            room = QFontMetricsF(theme.font("table")).horizontalAdvance(whole) <= area.width() - 2 * PAD
            self._write(painter, area, whole if whole and room else words, "text3")
            return
        widest = QFontMetricsF(theme.font("table")).horizontalAdvance(percent(1.0, 0)) + 2 * PAD
        number = QRectF(area.left(), area.top(), max(54.0, widest), area.height())
        self._write(painter, number, words, "text", right=True)
        width = min(BAR, area.right() - number.right() - PAD)
        color = self._model.run_store.color(row.first.id) or 0
        if width > 16:
            bar = QRectF(number.right(), area.top(), width, area.height() - 1)
            _paint_bar(painter, bar, row.gap, theme.current().run_color(color))

    def _paint_state(self, painter: QPainter, area: QRectF, row: Row) -> None:
        done = self._model.cells.progress(row)
        words = self._model.cells.words(row, Column.STATE)
        if done is None:
            self._write(painter, area, words, "error" if row.first.state == "failed" or row.first.problem else "text2")
            return
        colors = theme.current()
        track = QRectF(area.left() + PAD, area.center().y() - 2.5, STATE_BAR, 4)
        painter.fillRect(track, colors.color("button_border"))
        painter.fillRect(QRectF(track.left(), track.top(), STATE_BAR * min(1.0, done), 4), colors.color("accent"))
        self._write(painter, area.adjusted(STATE_BAR + PAD, 0, 0, 0), words, "text2")

    @staticmethod
    def _write(
        painter: QPainter,
        area: QRectF,
        words: str,
        color: str,
        right: bool = False,
        font: QFont | None = None,
    ) -> None:
        painter.setFont(font or theme.font("table"))
        painter.setPen(theme.current().color(color))
        room = area.adjusted(PAD, 0, -PAD, -1)
        short = QFontMetricsF(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(room, int(side | Qt.AlignmentFlag.AlignVCenter), short)

    def editorEvent(
        self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: ModelIndex
    ) -> bool:
        """A click anywhere in the first cell ticks, not on the small box alone; one on the sign of a chain unfolds it."""
        if not isinstance(event, QMouseEvent) or event.button() != Qt.MouseButton.LeftButton:
            return False
        if event.type() != QEvent.Type.MouseButtonRelease:
            return False
        if self.is_at_fold(event.position().x(), option.rect, index):
            row: Row = index.data(ROW)
            self._model.unfold(row, on=not self._model.is_unfolded(row))
            return True
        return index.column() == Column.TICK and toggle(model, index)


def toggle(model: QAbstractItemModel, index: ModelIndex) -> bool:
    """Tick a row, or no longer."""
    ticked = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
    state = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
    return model.setData(index, state, Qt.ItemDataRole.CheckStateRole)


def _paint_bar(painter: QPainter, area: QRectF, closed: float, color: QColor) -> None:
    """How much of the gap is closed as a small bar: 0..1 drawn, more or less cut off at the ends."""
    track = QRectF(area.left(), area.center().y() - 3, area.width(), 6)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.current().color("alone_band"))
    painter.drawRect(track)
    painter.setBrush(color)
    painter.drawRect(
        QRectF(track.left(), track.top(), max(1.0, track.width() * min(1.0, max(0.0, closed))), track.height())
    )
    painter.restore()
