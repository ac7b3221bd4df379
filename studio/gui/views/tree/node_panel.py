"""What a chosen node says: its rule in words, its cases of each class, its errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from studio.core.format import thousands
from studio.core.printable import printable
from studio.gui import theme
from studio.gui.presenters.tree_reading import DrawableTree
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.theme import scaled
from studio.gui.views.charts.told_apart import told_apart
from studio.gui.views.tree.class_colors import class_color
from studio.gui.widgets.labels import Label

#: Pixels: a row of the bars. Classes with a bar of their own; the others are counted together.
ROW, MOST_BARS = 20, 8


@dataclass(frozen=True)
class ClassCount:
    """So many cases of a class; ``label`` is None for the rest of many classes."""

    name: str
    label: int | None
    cases: int


class ClassBars(GuardedOverrides, QWidget):
    """A bar a class, as long as its cases, with its name before and its number behind it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._counts: tuple[ClassCount, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.notifier().changed.connect(self.update)

    def show_counts(self, counts: Sequence[ClassCount]) -> None:
        """Show other numbers."""
        self._counts = tuple(counts)
        theme.keep_length(self, QWidget.setFixedHeight, ROW * max(1, len(self._counts)))
        self.setAccessibleDescription(", ".join(f"{one.name}: {thousands(one.cases)}" for one in self._counts))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(160, self.minimumHeight())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("explain"))
        metrics = painter.fontMetrics()
        names = min(
            max((metrics.horizontalAdvance(one.name) for one in self._counts), default=0) + 2, 9 * self.width() // 20
        )
        figures = max((metrics.horizontalAdvance(thousands(one.cases)) for one in self._counts), default=0) + 2
        room = max(10.0, self.width() - names - figures - 16.0)
        most = max((one.cases for one in self._counts), default=1) or 1
        middle = int(Qt.AlignmentFlag.AlignVCenter)
        for row, one in enumerate(self._counts):
            top = scaled(ROW) * row
            painter.setPen(theme.current().color("text"))
            name = told_apart((each.name for each in self._counts), painter.font(), names)[one.name]
            painter.drawText(QRectF(0, top, names + 2, scaled(ROW)), middle, name)
            bar = QRectF(names + 8, top + 6, max(1.0, room * one.cases / most), scaled(ROW) - 12)
            painter.fillRect(bar, class_color(one.label) if one.label is not None else theme.current().color("alone"))
            painter.drawText(QRectF(bar.right() + 6, top, figures + 4, scaled(ROW)), middle, thousands(one.cases))
        painter.end()


class NodePanel(QWidget):
    """The rule, what follows from it, and how often that is right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rule = Label("", "body")
        self.answer = Label("", "card")
        self.cases, self.rows = Label("", "section"), Label("", "section")
        self.case_bars, self.row_bars = ClassBars(), ClassBars()
        self.case_errors, self.row_errors = Label("", "explain", "text2"), Label("", "explain", "text2")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        parts = (self.cases, self.case_bars, self.case_errors, self.rows, self.row_bars, self.row_errors)
        for part in (self.rule, self.answer, *parts):
            column.addWidget(part)
            if isinstance(part, Label):
                part.setWordWrap(True)
        column.addStretch(1)

    def show_node(self, tree: DrawableTree, node: int) -> None:
        """Tell of another node."""
        self.rule.setText("\n".join(self._conditions(tree, node)))
        name = tree.tree.classes[int(tree.labels[node])]
        if tree.is_leaf(node):
            self.answer.setText(self.tr("then {name}").format(name=name))
        else:
            self.answer.setText(self.tr("asks next about {column}").format(column=tree.question(node)))
        of_all = f"{100 * float(tree.tree.share[node]):.1f}"
        words = (
            self.tr("{n} made-up cases, {share} % of all") if tree.made_up else self.tr("{n} rows, {share} % of all")
        )
        self.cases.setText(words.format(n=thousands(round(float(tree.cases[node]))), share=of_all))
        counts = tree.tree.counts[node]
        self.case_bars.show_counts(_counts(tree, counts, self.tr("others")))
        self.case_bars.setAccessibleName(self.tr("Cases of each class"))
        others = self.tr("The teacher answers {n} of them otherwise: {share}\u00a0%.")
        others = others if tree.made_up else self.tr("{n} of them are of other classes: {share}\u00a0%.")
        alike = (
            self.tr("The teacher says so of all of them.")
            if tree.made_up
            else self.tr("All of them are of that class.")
        )
        label = int(tree.labels[node])
        pure = bool(counts.sum() == counts[label])
        self.case_errors.setText(alike if pure else _wrong(others, counts, label))
        self._show_rows(tree, node)

    def _conditions(self, tree: DrawableTree, node: int) -> list[str]:
        rule = tree.rule(node)
        if not rule:
            return [self.tr("All cases come here.")]
        heads = [self.tr("If")] + [self.tr("and")] * (len(rule) - 1)
        words = (f"{head} {printable(each.column)} {say(each.words)}" for head, each in zip(heads, rule, strict=True))
        return [line + ("," if number + 1 == len(rule) else "") for number, line in enumerate(words)]

    def _show_rows(self, tree: DrawableTree, node: int) -> None:
        there = tree.rows is not None
        for part in (self.rows, self.row_bars, self.row_errors):
            part.setVisible(there)
        if tree.rows is None:
            return
        counts = tree.rows[node]
        self.rows.setText(self.tr("{n} rows to learn from").format(n=thousands(round(float(counts.sum())))))
        self.row_bars.show_counts(_counts(tree, counts, self.tr("others")))
        self.row_bars.setAccessibleName(self.tr("True rows of each class"))
        leaves = np.flatnonzero(tree.tree.column < 0)
        wrong = float(tree.rows[leaves].sum() - tree.rows[leaves, tree.labels[leaves]].sum())
        words = self.tr("{n} of the tree’s {all} errors on these rows are made here.")
        here = float(counts.sum() - counts[int(tree.labels[node])])
        told = words.format(n=thousands(round(here)), all=thousands(round(wrong)))
        if round(wrong) == 1:
            at_home = self.tr("The tree’s one error on these rows is made here.")
            told = at_home if round(here) else self.tr("The tree’s one error on these rows is made elsewhere.")
        self.row_errors.setText(told if wrong else self.tr("The tree makes no error on these rows."))
        self.row_errors.setVisible(tree.is_leaf(node))


def _counts(tree: DrawableTree, counts: np.ndarray, others: str) -> list[ClassCount]:
    """The largest first; of many classes the smaller ones together."""
    order = [int(label) for label in np.argsort(-counts, kind="stable")]
    shown = order if len(order) <= MOST_BARS else order[: MOST_BARS - 1]
    told = [ClassCount(printable(tree.tree.classes[label]), label, round(float(counts[label]))) for label in shown]
    rest = order[len(shown) :]
    return [*told, ClassCount(others, None, round(float(counts[rest].sum())))] if rest else told


def _wrong(words: str, counts: np.ndarray, label: int) -> str:
    wrong, all_ = float(counts.sum() - counts[label]), max(float(counts.sum()), 1.0)
    return words.format(n=thousands(round(wrong)), share=f"{100 * wrong / all_:.1f}")
