"""The columns of a table, a row each: what it is taken for, how often it is missing, how its values are spread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from studio.core.format import thousands
from studio.core.table_preview import ColumnPreview, ColumnUse
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.text.tool_tip import plain_tip
from studio.gui.theme import scaled
from studio.gui.widgets.plain_table import PlainTable

_Index = QModelIndex | QPersistentModelIndex
USES: tuple[ColumnUse, ...] = ("numeric", "nominal", "class", "unused")
_NAME, _USE, _MISSING, _VALUES = range(4)
#: Rows in view before the table scrolls, and the height of one.
_MOST_ROWS, _ROW = 12, 30
#: Room of the bars in a cell, and the space beside them.
_BARS, _GAP = 72, 8
#: Of the names of columns, and of what they hold where there is little room.
_NARROWEST, _WIDEST, _LEAST_VALUES = 80, 150, 110
#: Room of a cell from which on the bars stand beside the words, and the height of a row where they stand above them.
_BESIDE, _TALL_ROW = _BARS + _GAP + 80, 46


class ColumnModel(GuardedOverrides, QAbstractTableModel):
    """The columns as Qt wants them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[ColumnPreview, ...] = ()
        self._heads = (self.tr("Column"), self.tr("Taken for"), self.tr("Missing"), self.tr("Values"))

    def set_columns(self, columns: Sequence[ColumnPreview]) -> None:
        """Exchange all columns."""
        self.beginResetModel()
        self.columns = tuple(columns)
        self.endResetModel()

    def use_words(self, use: ColumnUse) -> str:
        """What a column is taken for."""
        return {
            "numeric": self.tr("numbers"),
            "nominal": self.tr("names"),
            "class": self.tr("the class"),
            "unused": self.tr("not used"),
        }[use]

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        column = self.columns[index.row()]
        words = (
            column.name,
            self.use_words(column.use) if column.use is not None else "",
            "" if column.missing is None else thousands(column.missing),
            say(column.words),
        )[index.column()]
        return plain_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words


class ColumnTable(PlainTable):
    """Shows columns; where they can be changed, a click or Return on what one is taken for asks what else it may be.

    Signals:
        use_picked: the name of a column, and what it is to be taken for.
    """

    use_picked = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW, selects=True, parent=parent)
        self.rows = ColumnModel(self)
        self._is_own = False
        self._wanted = _NARROWEST
        self.setModel(self.rows)
        self.setItemDelegateForColumn(_VALUES, _SpreadDelegate(self))
        self.setAccessibleName(self.tr("Columns of the table"))
        head = self.horizontalHeader()
        head.setSectionResizeMode(_VALUES, QHeaderView.ResizeMode.Stretch)
        self.clicked.connect(self._clicked)
        self.activated.connect(self.ask_use)

    def show_columns(self, columns: Sequence[ColumnPreview], is_own: bool) -> None:
        """Show these; ``is_own`` says whether their uses can be changed."""
        self._is_own = is_own
        self.rows.set_columns(columns)
        self.setColumnWidth(_USE, self.fontMetrics().horizontalAdvance(self.rows.use_words("class")) + 44)
        self.setColumnWidth(_MISSING, self.fontMetrics().horizontalAdvance(self.tr("Missing")) + 30)
        self.resizeColumnToContents(_NAME)
        self._wanted = self.columnWidth(_NAME)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Where there is little room names are cut first, and bars stand above the words that tell what they count."""
        rest = self.viewport().width() - self.columnWidth(_USE) - self.columnWidth(_MISSING)
        names = max(_NARROWEST, min(_WIDEST, self._wanted, rest - _LEAST_VALUES))
        self.setColumnWidth(_NAME, names)
        row = scaled(_ROW if rest - names >= _BESIDE else _TALL_ROW)
        self.verticalHeader().setDefaultSectionSize(row)
        shown = min(_MOST_ROWS, len(self.rows.columns))
        self.setFixedHeight(shown * row + self.horizontalHeader().sizeHint().height() + 4)

    def menu(self, row: int) -> QMenu:
        """What the column in this row can be taken for."""
        column, menu = self.rows.columns[row], QMenu(self)
        for use in USES:
            action = menu.addAction(self.rows.use_words(use))
            action.setCheckable(True)
            action.setChecked(use == column.use)
            action.setEnabled(use == "class" or column.use != "class")  # first another column becomes the class
            action.setData(use)
        menu.triggered.connect(lambda action: self.use_picked.emit(column.name, action.data()))
        return menu

    def ask_use(self, index: QModelIndex) -> None:
        """Ask what the column of this row is to be taken for."""
        if self._is_own and index.isValid():
            box = self.visualRect(index.siblingAtColumn(_USE))
            self.menu(index.row()).popup(self.viewport().mapToGlobal(box.bottomLeft()))

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == _USE:
            self.ask_use(index)


class _SpreadDelegate(GuardedOverrides, QStyledItemDelegate):
    """Bars for the counts of a column, and its range or its names beside them."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        assert isinstance(model, ColumnModel)
        column = model.columns[index.row()]
        words = say(column.words)
        super().paint(painter, option, index)
        area = option.rect.adjusted(8, 5, -8, -5)
        if option.rect.width() >= _BESIDE:
            bars, room = QRect(area), area.adjusted(_BARS + _GAP, 0, 0, 0)
        else:
            bars, room = area.adjusted(0, 0, 0, -area.height() // 2), area.adjusted(0, area.height() // 2, 0, 0)
        bars.setWidth(min(_BARS, area.width()))
        self._paint_bars(painter, QRectF(bars), column.counts)
        painter.setPen(theme.current().color("text2"))
        elided = option.fontMetrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), elided)

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        """Bars and words are drawn apart, so Qt draws the ground alone."""
        super().initStyleOption(option, index)
        option.text = ""

    @staticmethod
    def _paint_bars(painter: QPainter, area: QRectF, counts: Sequence[int]) -> None:
        most = max(counts, default=0)
        if not most:
            return
        painter.save()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().mixed(theme.current().color("accent"), 0.55))
        width = area.width() / max(8, len(counts))
        for place, count in enumerate(counts):
            height = area.height() * count / most if count else 0
            bar = QRectF(area.x() + place * width, area.bottom() - max(height, 1.0 if count else 0), width - 1, height)
            painter.drawRect(bar)
        painter.restore()
