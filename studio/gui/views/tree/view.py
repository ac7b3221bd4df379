"""The Tree view: can one small tree say what many say?"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, QStandardPaths, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.core.errors import StudioError
from studio.core.format import thousands
from studio.core.printable import printable
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.presenters.tree_reading import DrawableTree, SizesTried
from studio.gui.text.say import say
from studio.gui.views.base import View
from studio.gui.views.charts.error_chart import ErrorChart, ErrorContent, ErrorLevel, ErrorLine
from studio.gui.views.charts.time_axis import ACTIVE
from studio.gui.views.empty_page import EmptyReason
from studio.gui.views.saving import CsvTable, Value, save_bytes
from studio.gui.views.tree.class_legend import ClassLegend
from studio.gui.views.tree.node_panel import NodePanel
from studio.gui.views.tree.tree_canvas import TreeCanvas
from studio.gui.views.view_card import ViewCard
from studio.gui.views.view_picture import TOOLS
from studio.gui.widgets.buttons import IconButton, button
from studio.gui.widgets.labels import ClampedLabel

#: Below this width the rule stands under the tree; and the width it has beside it.
NARROW, RULE = 780, 268


class TreeView(View):
    """The tree, what a chosen node of it says, and what fewer or more leaves would have reached."""

    key = "tree"
    title = str(QT_TRANSLATE_NOOP("views", "Tree"))
    question = str(QT_TRANSLATE_NOOP("views", "Can one tree say what many say?"))
    how_to_read = str(
        QT_TRANSLATE_NOOP(
            "views",
            "Start on top, follow the answers. The wider a branch, the more cases go that way. Click a leaf or a question.",
        )
    )
    help_page = "tree"

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._only: int | None = None
        self._shown: DrawableTree | None = None
        inner = QWidget()
        self._grid = QGridLayout(inner)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._build_tree()
        self._build_rule()
        self._build_sizes()
        self._arranged: tuple[bool, bool] | None = None
        self._arrange()
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        scroll.setAccessibleName(self.words(self.title))
        page = QVBoxLayout(self.page)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(scroll)

    def _build_tree(self) -> None:
        row = QVBoxLayout()
        card = self.add_card(row, self.words(self.question), self.words(self.how_to_read), self._tree_table)
        row.removeWidget(card)
        self.canvas, self.legend = TreeCanvas(), ClassLegend()
        self.note = ClampedLabel("", "explain", "text3", lines=2)
        tools = QHBoxLayout()
        tools.setSpacing(2)
        tools.addWidget(self.legend, 1)
        self.save = button(self.tr("Save the tree…"), "link", clicked=self._ask_save)
        parts = (
            IconButton("minus", self.tr("Zoom out (−)"), self.canvas.zoom_out),
            IconButton("plus", self.tr("Zoom in (+)"), self.canvas.zoom_in),
            button(self.tr("All of it"), "link", clicked=self.canvas.show_all),
            self.save,
        )
        for part in parts:
            part.setProperty(TOOLS, True)
            tools.addWidget(part)
        card.body.addLayout(tools)
        card.body.addWidget(self.canvas, 1)
        card.body.addWidget(self.note)
        self.canvas.chosen.connect(self._show_node)

    def _build_rule(self) -> None:
        row = QVBoxLayout()
        card = self.add_card(row, self.tr("What does this leaf say?"), "", self._rule_table)
        row.removeWidget(card)
        self.panel = NodePanel()
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.panel)
        scroll.setMinimumHeight(130)
        scroll.setAccessibleName(self.tr("The rule of the chosen node"))
        card.body.addWidget(scroll, 1)

    def _build_sizes(self) -> None:
        row = QVBoxLayout()
        words = self.tr("Test error, %, by leaves after cutting back; the upright line is the tree that was kept.")
        card = self.add_card(row, self.tr("How many leaves?"), words, self._sizes_table)
        row.removeWidget(card)
        self.sizes = ErrorChart(self.tr("Test error by number of leaves"))
        card.body.addWidget(self.sizes, 1)

    # --- what there is -----------------------------------------------------------------------------------------------

    def off_words(self) -> str:
        """Says so unless a run that ended with a tree is ticked."""
        return "" if self._lead is not None else self.tr("no run that ended with a tree is ticked")

    def empty_reason(self) -> EmptyReason | None:
        """Nothing without a tree, while it grows, and where its file is no longer what it was."""
        reason, lead = super().empty_reason(), self._lead
        if reason is not None:
            return reason
        if lead is not None and lead.tree is not None:
            if lead.tree.tree is not None:
                return None
            why = say(lead.tree.problem)
            return EmptyReason(
                self.tr("The tree of this run cannot be drawn."), why, self.tr("Train the experiment"), "train"
            )
        current = self.current
        if current is not None and current.history.state in ACTIVE:
            words = self.tr("Where a run ends with a tree, it is drawn here as soon as it has grown.")
            done = (current.step or current.history).item
            return EmptyReason(self.tr("No tree yet."), f"{words} {say(done.words)}" if done is not None else words)
        return EmptyReason(
            self.tr("No tree is ticked."),
            self.tr(
                "This run did not end with a tree. A born-again tree learns from a table what many trees say, and fills this "
                "page; or tick such a run below."
            ),
            self.tr("Choose a method"),
            "teacher",
        )

    @property
    def _lead(self) -> ShownRun | None:
        """The run that is drawn: the one in question where it has a tree, else the first that has one."""
        current = self.current
        if current is not None and current.tree is not None:
            return current
        return next((run for run in self.runs if run.tree is not None), None)

    def draw(self) -> None:
        """Bring all cards up to date."""
        lead = self._lead
        if lead is None or lead.tree is None or lead.tree.tree is None:
            return
        tree = lead.tree.tree
        if tree is not self._shown:
            self._shown = tree
            self.canvas.show_tree(tree)
            self.legend.show_classes(tuple(printable(name) for name in tree.tree.classes))
            self.note.setText(self._note_words(tree))
            self._arrange()
        sizes = self.cards[2]
        sizes.setVisible(tree.sizes is not None and self._shows(sizes))
        if tree.sizes is not None:
            self.sizes.show_content(self._sizes_content(tree.sizes, lead))

    def _note_words(self, tree: DrawableTree) -> str:
        words = self.tr(
            "{leaves} leaves, at most {depth} questions. In a leaf: how many of its cases are of its class; below: cases."
        )
        if tree.made_up:
            words = self.tr(
                "{leaves} leaves, at most {depth} questions. In a leaf: how many of its made-up cases the teacher calls so; "
                "below: cases."
            )
        return words.format(leaves=thousands(tree.tree.leaves), depth=tree.tree.depth)

    def _sizes_content(self, sizes: SizesTried, lead: ShownRun) -> ErrorContent:
        errors = tuple(float(100 * wrong) for wrong in sizes.wrong)
        words = self.tr("The tree that was kept has {n} leaves and errs on {error:.1f} %.").format(
            n=int(sizes.leaves[sizes.chosen]), error=errors[sizes.chosen]
        )
        line = ErrorLine(tuple(sizes.leaves.tolist()), errors, lead.color_index, sizes.chosen)
        return ErrorContent((line,), self._levels(lead), spoken=words)

    def _levels(self, lead: ShownRun) -> tuple[ErrorLevel, ...]:
        levels = []
        if (alone := lead.history.alone) is not None:
            error = 100 * (1 - alone.value)
            levels.append(ErrorLevel(error, "alone", self.tr("Plain tree {error:.1f} %").format(error=error)))
        if (teacher := lead.history.teacher) is not None:
            error = 100 * (1 - teacher.value)
            levels.append(ErrorLevel(error, "teacher", self.tr("Its teacher {error:.1f} %").format(error=error)))
        return tuple(levels)

    def _show_node(self, node: int) -> None:
        tree = self._shown
        if tree is None:
            return
        leaf = tree.is_leaf(node)
        self.cards[1].title.setText(self.tr("What does this leaf say?") if leaf else self.tr("What is asked here?"))
        self.panel.show_node(tree, node)

    # --- saving ------------------------------------------------------------------------------------------------------

    def _ask_save(self) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        kinds = ";;".join(
            (
                self.tr("Rules in words (*.txt)"),
                self.tr("Python function (*.py)"),
                self.tr("Picture (*.svg)"),
                self.tr("JSON (*.json)"),
            )
        )
        name, kind = QFileDialog.getSaveFileName(self, self.tr("Save the tree"), str(Path(folder) / "tree.txt"), kinds)
        if name:
            path = Path(name)
            self.save_tree(path if path.suffix else path.with_suffix(kind.rpartition("*")[2].rstrip(")") or ".txt"))

    def save_tree(self, path: Path) -> None:
        """Write the tree in the format that the end of the file's name says. What goes wrong is told by ``trouble``."""
        if self._shown is None:
            return
        try:
            try:
                content = self._shown.written(path.suffix.lower())
            except KeyError:
                raise StudioError(
                    "A tree cannot be written as {suffix}.", "", "Name a file that ends in .txt, .py, .svg or .json.",
                    suffix=path.suffix,
                ) from None  # fmt: skip
            save_bytes(content.encode(), path)
        except StudioError as error:
            self.trouble.emit(error)

    # --- places ------------------------------------------------------------------------------------------------------

    def show_only(self, number: int) -> None:
        """Leave one card; the others are hidden."""
        super().show_only(number)
        self._only = number

    def _shows(self, card: ViewCard) -> bool:
        """Whether a card is not hidden because another was asked for alone."""
        return self._only in (None, self.cards.index(card))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In little width the rule goes below the tree."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Give every card that is shown its place."""
        narrow, both = self.width() < NARROW, self._shown is not None and self._shown.sizes is not None
        if (narrow, both) == self._arranged:
            return
        self._arranged = (narrow, both)
        tree, rule, sizes = self.cards
        for card in self.cards:
            self._grid.removeWidget(card)
        if narrow:
            self._grid.addWidget(tree, 0, 0, 1, 2)
            self._grid.addWidget(rule, 1, 0, 1, 1 if both else 2)
            self._grid.addWidget(sizes, 1, 1)
        else:
            self._grid.addWidget(tree, 0, 0, 1 if both else 2, 1)
            self._grid.addWidget(sizes, 1, 0)
            self._grid.addWidget(rule, 0, 1, 2, 1)
        rule.setMinimumWidth(0 if narrow else RULE)
        self._grid.setColumnStretch(0, 1 if narrow else 5)
        self._grid.setColumnStretch(1, 1 if narrow else 2)
        self._grid.setRowStretch(0, 2)
        self._grid.setRowStretch(1, 1)

    # --- values ------------------------------------------------------------------------------------------------------

    def _tree_table(self) -> CsvTable:
        """A row a node."""
        tree = self._shown
        if tree is None:
            return CsvTable(["node"], [])
        rows: list[list[Value]] = [
            [
                node,
                int(tree.parents[node]) if node else None,
                say(tree.branch(node)),
                tree.question(node),
                tree.tree.classes[int(tree.labels[node])],
                float(tree.tree.share[node]),
                *map(float, tree.tree.counts[node]),
            ]
            for node in range(len(tree.tree))
        ]
        return CsvTable(["node", "above", "branch", "asks", "class", "share", *tree.tree.classes], rows)

    def _rule_table(self) -> CsvTable:
        """The chosen node: what holds there, and its cases by class."""
        tree = self._shown
        if tree is None:
            return CsvTable(["name", "value"], [])
        node = self.canvas.selected
        rows: list[list[Value]] = [[each.column, say(each.words)] for each in tree.rule(node)]
        rows += [[name, float(n)] for name, n in zip(tree.tree.classes, tree.tree.counts[node], strict=True)]
        return CsvTable(["name", "value"], rows)

    def _sizes_table(self) -> CsvTable:
        sizes = self._shown.sizes if self._shown is not None else None
        if sizes is None:
            return CsvTable(["leaves", "test_error", "kept"], [])
        pairs = enumerate(zip(sizes.leaves, sizes.wrong, strict=True))
        rows: list[list[Value]] = [[int(n), float(wrong), int(row == sizes.chosen)] for row, (n, wrong) in pairs]
        return CsvTable(["leaves", "test_error", "kept"], rows)


VIEW = TreeView
