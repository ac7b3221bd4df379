"""The classes of own pictures, a row each: its name, its first pictures, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from studio.core.format import thousands
from studio.core.picture_preview import ClassPreview
from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.plain_table import PlainTable

if TYPE_CHECKING:
    import numpy as np

_Index = QModelIndex | QPersistentModelIndex
_NAME, _SAMPLES, _PICTURES, _TRAIN, _TEST = range(5)
#: Rows in view before the table scrolls, and the height of one.
_MOST_ROWS, _ROW = 14, 34
#: Of a sample, and between two.
_SAMPLE, _GAP = 28, 3
#: Of the names of classes, and of a bar with its number.
_NARROWEST, _WIDEST, _BAR, _COUNT = 70, 150, 56, 46

#: From this width on the pictures of each part are counted apart.
_ROOMY = 480


class ClassModel(GuardedOverrides, QAbstractTableModel):
    """The classes as Qt wants them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.classes: tuple[ClassPreview, ...] = ()
        self._images: dict[int, list[QImage]] = {}
        self._heads = (
            self.tr("Class"),
            self.tr("Samples"),
            self.tr("Pictures"),
            self.tr("To learn"),
            self.tr("To test"),
        )

    def set_classes(self, classes: Sequence[ClassPreview]) -> None:
        """Exchange all classes."""
        self.beginResetModel()
        self.classes = tuple(classes)
        self._images = {}
        self.endResetModel()

    def images(self, row: int) -> list[QImage]:
        """The samples of a class."""
        if row not in self._images:
            self._images[row] = [_image(sample) for sample in self.classes[row].samples]
        return self._images[row]

    @property
    def most(self) -> int:
        """Pictures of the largest class."""
        return max((one.pictures for one in self.classes), default=1)

    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.classes)

    def columnCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._heads)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._heads[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(section)
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(index.column())
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return None
        one = self.classes[index.row()]
        words = (
            one.name,
            "",
            thousands(one.pictures),
            thousands(one.train),
            thousands(one.test) if one.test is not None else "",
        )[index.column()]
        return plain_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words


class ClassTable(PlainTable):
    """Shows classes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_ROW, parent=parent)
        self.rows = ClassModel(self)
        self._has_test = False
        self.setModel(self.rows)
        self.setItemDelegateForColumn(_SAMPLES, _SamplesDelegate(self))
        self.setItemDelegateForColumn(_PICTURES, _CountDelegate(self))
        self.setAccessibleName(self.tr("Classes of the pictures"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = self.horizontalHeader()
        head.setSectionResizeMode(_SAMPLES, QHeaderView.ResizeMode.Stretch)

    def show_classes(self, classes: Sequence[ClassPreview]) -> None:
        """Show these."""
        self.rows.set_classes(classes)
        self._has_test = any(one.test is not None for one in classes)
        self._hide_parts()
        room = min(_MOST_ROWS, len(classes)) * _ROW
        self.setFixedHeight(room + self.horizontalHeader().sizeHint().height() + 4)
        self.resizeColumnToContents(_NAME)
        self.setColumnWidth(_NAME, min(_WIDEST, max(_NARROWEST, self.columnWidth(_NAME))))
        self.setColumnWidth(_PICTURES, _BAR + _COUNT + 16)
        for column in (_TRAIN, _TEST):
            self.resizeColumnToContents(column)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._hide_parts()

    def _hide_parts(self) -> None:
        """Without a test part all are to learn from; and where there is little room, pictures say more than two numbers."""
        for column in (_TRAIN, _TEST):
            self.setColumnHidden(column, not self._has_test or self.width() < _ROOMY)

    def minimumSizeHint(self) -> QSize:
        """Samples may be left away where there is no room."""
        return QSize(_NARROWEST + _BAR + _COUNT + 16, super().minimumSizeHint().height())


class _SamplesDelegate(GuardedOverrides, QStyledItemDelegate):
    """As many of the first pictures as there is room for."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
        model = index.model()
        assert isinstance(model, ClassModel)
        area = option.rect.adjusted(6, 0, -6, 0)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for place, image in enumerate(model.images(index.row())):
            left = area.left() + place * (_SAMPLE + _GAP)
            if left + _SAMPLE > area.right():
                break
            painter.drawImage(QRect(left, area.center().y() - _SAMPLE // 2, _SAMPLE, _SAMPLE), image)
        painter.restore()


class _CountDelegate(GuardedOverrides, QStyledItemDelegate):
    """A bar as long as the class is large, and the number beside it."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        super().paint(painter, option, index)
        model = index.model()
        assert isinstance(model, ClassModel)
        one = model.classes[index.row()]
        area = option.rect.adjusted(8, 0, -8, 0)
        width = max(2.0, _BAR * one.pictures / max(1, model.most))
        painter.save()
        painter.fillRect(
            QRectF(area.left(), area.center().y() - 5, width, 11),
            theme.current().mixed(theme.current().color("alone"), 0.8),
        )
        painter.setPen(theme.current().color("text"))
        beside = area.adjusted(round(width) + 6, 0, 0, 0)
        painter.drawText(
            beside, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), thousands(one.pictures)
        )
        painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:
        """Bar and number are drawn apart, so Qt draws the ground alone."""
        super().initStyleOption(option, index)
        option.text = ""


def _side(column: int) -> Qt.AlignmentFlag:
    """Numbers stand at the right."""
    side = Qt.AlignmentFlag.AlignRight if column in (_TRAIN, _TEST) else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter


def _image(sample: np.ndarray) -> QImage:
    """One picture, uint8 (side, side, 1 or 3)."""
    height, width, channels = sample.shape
    kind = QImage.Format.Format_RGB888 if channels == 3 else QImage.Format.Format_Grayscale8
    return QImage(sample.tobytes(), width, height, width * channels, kind).copy()
