"""Names that people should not have given, and a look at all that a window shows of them."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QMessageBox, QWidget

MARKUP = '<b>bold</b><img src="file:///etc/hostname"><a href="http://example.org">go</a>'
ESCAPES = "\x1b[31mred\x07"
TURNED = "\u202egnp.exe\u2066"
LINES = "one\ntwo\tthree"
LONG = "x" * 10_000
NAMES = (MARKUP, ESCAPES, TURNED, LINES, LONG)

#: All in one; short enough to be kept as the name of a run.
WORST = f"{MARKUP}{ESCAPES}{TURNED}{LINES}"


def faults(window: QWidget) -> list[str]:
    """What of ``window`` would take words for markup, or shows signs that are not printable."""
    found = []
    for widget in (window, *window.findChildren(QWidget)):
        what = f"{type(widget).__name__} {widget.objectName()}"
        if takes_markup(widget.toolTip()):
            found.append(f"{what}: tool tip {widget.toolTip()[:80]!r}")
        if isinstance(widget, QLabel) and not is_plain(widget):
            found.append(f"{what}: label {widget.text()[:80]!r}")
        if isinstance(widget, QMessageBox) and widget.textFormat() != Qt.TextFormat.PlainText:
            found.append(f"{what}: {widget.text()[:80]!r}")
        if isinstance(widget, QAbstractItemView):
            found += [f"{what}: {tip[:80]!r}" for tip in item_tips(widget) if takes_markup(tip)]
    return found


def takes_markup(words: str) -> bool:
    """Whether Qt would make of these words something else than letters, or letters that are not to be seen."""
    if obeyed(words):
        return True
    return Qt.mightBeRichText(words) and ("<img" in words or "<b>" in words or "<a " in words)


def is_plain(label: QLabel) -> bool:
    """Whether a label shows its words as they are; rich ones must have escaped what they were given."""
    if obeyed(label.text()):
        return False
    return label.textFormat() == Qt.TextFormat.PlainText or not takes_markup(label.text())


def obeyed(words: str) -> bool:
    """Whether there are signs in it that do something."""
    return any(sign in words for sign in "\x1b\x07\u202e\u2066")


def item_tips(view: QAbstractItemView) -> Iterator[str]:
    """The tool tips of everything in a list, table or tree."""
    model = view.model()
    for row in range(model.rowCount(QModelIndex())):
        for column in range(model.columnCount(QModelIndex())):
            tip = model.data(model.index(row, column), Qt.ItemDataRole.ToolTipRole)
            yield str(tip or "")
