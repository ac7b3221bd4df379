"""Everything a widget and what is in it say to a person: labels, buttons, tips, names, cells; and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex
from PySide6.QtGui import Qt, QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QTextEdit,
    QToolButton,
    QWidget,
)

import studio
from studio import catalog
from studio.core.errors import StudioError
from studio.gui.widgets.labels import ClampedLabel

KEY = "a key of the catalogue"
#: Letters that stay at least of a word that has no room.
LEAST = 3
#: A hyphen that stands for a minus, or for something that is not known.
_HYPHEN = re.compile(r"(?:^|[\s(≈~])-\s?\d|(?:^|\s)-(?:[,.;]|$)|(?:^|[:,] )None$|\bnan\b|\binf\b")
#: More than four digits in a row, and more than four that count behind the point.
_LONG = re.compile(r"(?<![\d.,\w])\d{5,}(?![\d\w])|\d\.\d{5,}")
#: Words joined as in the name of a class.
_JOINED = re.compile(r"\b(?:[A-Z][a-z]+){2,}\b")
_CLASS = re.compile(r"^class (\w+)", re.MULTILINE)
_KEY_LIKE = re.compile(r"(?<![\w/.-])[a-z]+(?:[-_][a-z0-9]+)+(?![\w/.-])")


def texts(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Where it stands, and the text; of the widget and all that is visible in it."""
    for part in (widget, *widget.findChildren(QWidget)):
        if part is not widget and not part.isVisibleTo(widget):
            continue
        place = f"{type(part).__name__} {part.objectName()}".strip()
        for said in (part.toolTip(), part.accessibleName(), part.accessibleDescription(), *_shown(part)):
            plain = _plain(said)
            if plain.strip():
                yield place, plain


def faults(text: str) -> list[str]:
    """What a person should not be shown in it."""
    found = []
    if _HYPHEN.search(text):
        found.append("a hyphen for a minus, or for nothing")
    if _LONG.search(text):
        found.append("a number of many digits")
    if any(match in _class_names() for match in _JOINED.findall(text)):
        found.append("a name of the program's own")
    if any(_is_key(match.group()) for match in _KEY_LIKE.finditer(text)):
        found.append(KEY)
    return found


def cut(widget: QWidget) -> Iterator[str]:
    """The visible texts in a widget that have so little room that next to nothing of a word is left."""
    for part in widget.findChildren(QWidget):
        if not part.isVisible() or part.visibleRegion().isEmpty():
            continue
        if isinstance(part, ClampedLabel):
            for line in part.broken(part.width()):
                whole = line.removesuffix("…").strip()
                if line.endswith("…") and len(whole) < LEAST:
                    yield f"{part.text()!r} is cut to {line!r}"
        elif isinstance(part, QAbstractButton) and part.text() and not _is_icon(part):
            words = max(part.text().replace("&", "").split("\n"), key=len)
            if part.fontMetrics().horizontalAdvance(words) > part.width() + 1:
                yield f"{words!r} does not fit its button"
        elif isinstance(part, QLabel) and not part.wordWrap() and part.sizeHint().width() > part.width() + 2:
            yield f"{part.text()!r} does not fit its label"


def _is_icon(button: QAbstractButton) -> bool:
    return isinstance(button, QToolButton) and button.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly


def _shown(part: QWidget) -> Iterator[str]:
    if isinstance(part, (QLabel, QAbstractButton)):
        yield part.text()
    elif isinstance(part, QLineEdit):
        yield part.placeholderText()
    elif isinstance(part, QTextEdit):
        yield part.toPlainText()
    elif isinstance(part, QGroupBox):
        yield part.title()
    elif isinstance(part, QComboBox):
        yield from (part.itemText(i) for i in range(part.count()))
    elif isinstance(part, QTabBar):
        yield from (part.tabText(i) for i in range(part.count()))
    elif isinstance(part, QAbstractItemView) and (model := part.model()) is not None:
        yield from _cells(model)


def _cells(model: QAbstractItemModel) -> Iterator[str]:
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
    for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())):
        yield str(model.headerData(column, Qt.Orientation.Horizontal) or "")
        for row in range(model.rowCount(QModelIndex())):
            yield from (str(model.index(row, column).data(role) or "") for role in roles)


def _plain(text: str) -> str:
    if not Qt.mightBeRichText(text):
        return text
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


@cache
def _class_names() -> frozenset[str]:
    """The classes of the program; not those of networks and methods, which are called after what was published."""
    package = Path(studio.__file__).parent
    folders = (package / name for name in ("core", "gui", "runs", "training", "experiment"))
    sources = (source for folder in folders for source in folder.rglob("*.py"))
    return frozenset(name for source in sources for name in _CLASS.findall(source.read_text("utf-8")))


@cache
def _is_key(word: str) -> bool:
    """Whether the catalogue finds something by it."""
    for kind in ("dataset", "network", "method", "system"):
        try:
            catalog.find(kind, word)
        except StudioError:
            continue
        return True
    return False
