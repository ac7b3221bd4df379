"""One row followed through the tree: what it is asked, what it has, where it ends."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from studio.core.printable import printable
from studio.gui.presenters.tree_reading import DrawableTree
from studio.gui.text.say import say
from studio.gui.widgets.labels import ClampedLabel, Label


class RowFollower(QWidget):
    """A number chooses the row; below, a line a question, and whether the answer is right.

    Signals:
        followed: the leaf in which the row ends, when a person has chosen it.
    """

    followed = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tree: DrawableTree | None = None
        self.number = QSpinBox()
        self.number.setMinimum(1)
        self.number.setAccessibleName(self.tr("Number of the row to follow"))
        self.number.valueChanged.connect(self._follow)
        self.of_all = ClampedLabel("", "explain", "text2", lines=1)
        self.way, self.end = Label("", "body"), Label("", "section")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Label(self.tr("Follow row"), "section"))
        head.addWidget(self.number)
        head.addWidget(self.of_all, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        for part in (self.way, self.end):
            part.setWordWrap(True)
            column.addWidget(part)
            part.hide()

    def show_tree(self, tree: DrawableTree) -> None:
        """Offer the rows of another tree; none is followed before one is chosen."""
        self._tree = tree
        rows = tree.followed
        self.setVisible(rows is not None)
        if rows is None:
            return
        blocker = QSignalBlocker(self.number)
        self.number.setMaximum(len(rows.rows))
        self.number.setValue(1)
        blocker.unblock()
        self.of_all.setText(self.tr("of {n} rows to learn from").format(n=len(rows.rows)))
        self.way.hide()
        self.end.hide()

    def _follow(self) -> None:
        tree = self._tree
        if tree is None or tree.followed is None:
            return
        row = self.number.value() - 1
        way = tree.way_of(row)
        words = self.tr("{column} {value}: {branch}")
        lines = [
            words.format(
                column=printable(tree.question(above)),
                value=printable(tree.value_at(row, above)),
                branch=say(tree.branch(node)),
            )
            for above, node in pairwise(way)
        ]
        self.way.setText("\n".join(lines) or self.tr("The tree asks nothing."))
        answer, truth = int(tree.labels[way[-1]]), int(tree.followed.labels[row])
        right, wrong = self.tr("ends as {name}, which is right"), self.tr("ends as {name}, but is {truth}")
        names = [printable(name) for name in tree.tree.classes]
        self.end.setText((right if answer == truth else wrong).format(name=names[answer], truth=names[truth]))
        self.way.show()
        self.end.show()
        self.followed.emit(way[-1])
