"""The Tree view: can one small tree say what many say?"""

from __future__ import annotations

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.core.format import thousands
from studio.core.printable import printable
from studio.gui.presenters.reported import read_reported
from studio.gui.presenters.seed_runs import seed_runs
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.presenters.tree_reading import DrawableTree
from studio.gui.text.say import say
from studio.gui.views.base import View
from studio.gui.views.charts.column_grid import ColumnGrid
from studio.gui.views.charts.error_chart import ErrorChart
from studio.gui.views.charts.reported_grid import ReportedGrid
from studio.gui.views.charts.time_axis import ACTIVE
from studio.gui.views.empty_page import EmptyReason
from studio.gui.views.reported_table import reported_table
from studio.gui.views.saving import CsvTable
from studio.gui.views.tree.class_legend import ClassLegend
from studio.gui.views.tree.error_lines import error_by_cases, error_by_leaves, own_errors, reported_content
from studio.gui.views.tree.node_panel import NodePanel
from studio.gui.views.tree.row_follower import RowFollower
from studio.gui.views.tree.tree_canvas import TreeCanvas
from studio.gui.views.tree.tree_saver import TreeSaver
from studio.gui.views.tree.tree_tables import cases_table, columns_table, rule_table, sizes_table, tree_table
from studio.gui.views.view_picture import TOOLS
from studio.gui.widgets.buttons import IconButton, button
from studio.gui.widgets.labels import ClampedLabel
from studio.gui.widgets.scrolling import SidewaysArea, frame_focus

#: Below this width the rule stands under the tree; the width it has beside it, and the least height of the tree.
NARROW, RULE, TREE = 800, 288, 300


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
        self._shown: DrawableTree | None = None
        inner = QWidget()
        self._grid = QGridLayout(inner)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._build_tree()
        self._build_rule()
        self._build_sizes()
        self._build_reported()
        self._build_columns()
        for card in self.cards:
            card.setParent(inner)  # one that has no place yet is no window of its own
        self._arranged: list[bool] | None = None
        self._arrange()
        scroll = QScrollArea()
        frame_focus(scroll)
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
        self.saver = TreeSaver(self)
        self.saver.trouble.connect(self.trouble)
        self.save = button(self.tr("Save the tree…"), "link", clicked=self.saver.ask)
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
        self.panel, self.follower = NodePanel(), RowFollower()
        self.follower.followed.connect(self.canvas.select)
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.panel)
        column.addWidget(self.follower)
        column.addStretch(1)
        scroll = QScrollArea()
        frame_focus(scroll)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidgetResizable(True)
        scroll.setWidget(both)
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
        words = self.tr("Test error, %, by cases that were made up; every point is a tree of its own.")
        card = self.add_card(row, self.tr("How many made-up cases?"), words, self._cases_table)
        row.removeWidget(card)
        self.cases = ErrorChart(self.tr("Test error by number of made-up cases"))
        card.body.addWidget(self.cases, 1)

    def _build_reported(self) -> None:
        row = QVBoxLayout()
        card = self.add_card(row, self.tr("Does it go as reported?"), "", self._reported_table)
        row.removeWidget(card)
        self.reported, self.reported_note = ReportedGrid(), ClampedLabel("", "explain", "text3", lines=8)
        card.body.addWidget(SidewaysArea(self.reported, self.tr("Reported errors and ours")))
        card.body.addWidget(self.reported_note)
        card.body.addStretch(1)

    def _build_columns(self) -> None:
        row = QVBoxLayout()
        words = self.tr(
            "Filled: true rows; line: made-up ones, column by column. Smearing keeps how often a value stands in each."
        )
        card = self.add_card(row, self.tr("Do made-up cases look like true rows?"), words, self._columns_table)
        row.removeWidget(card)
        self.columns = ColumnGrid()
        card.body.addWidget(self.columns)
        card.body.addStretch(1)

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
        return self.first_run(lambda run: run.tree is not None)

    def draw(self) -> None:
        """Bring all cards up to date."""
        lead = self._lead
        if lead is None or lead.tree is None or lead.tree.tree is None:
            return
        tree = lead.tree.tree
        if tree is not self._shown:
            self._shown = self.saver.tree = tree
            self.canvas.show_tree(tree)
            self.follower.show_tree(tree)
            self.legend.show_classes(tuple(printable(name) for name in tree.tree.classes))
            self.note.setText(self._note_words(tree))
        self.sizes.show_content(error_by_leaves(tree, lead))
        self.cases.show_content(error_by_cases(tree, lead, self.runs))
        self._draw_reported(lead)
        if tree.samples is not None:
            self.columns.show_samples(tree.samples, lead.color_index)
        self._arrange()

    def _draw_reported(self, lead: ShownRun) -> None:
        table = read_reported().get(lead.method)
        if table is None:
            return
        self.cards[4].title.setText(self.tr("Does it go as in {source}?").format(source=say(table.source)))
        words = self.tr("Test error, %, of {networks} on {data}. Ours is one split of these data.")
        seeds = len(seed_runs(lead, self.runs))
        if seeds > 1:
            words = self.tr(
                "Test error, %, of {networks} on {data}. Ours is the mean of {n} seeds on one split of these data."
            )
        self.cards[4].set_how_to_read(words.format(networks=table.networks, data=table.data, n=seeds))
        self.reported.show_content(reported_content(table, own_errors(lead, self.runs), lead.color_index))
        self.reported_note.setText(say(table.note))

    def _there(self) -> list[bool]:
        """Of each card whether there is something to show in it."""
        tree, lead = self._shown, self._lead
        return [
            True,
            True,
            tree is not None and tree.sizes is not None,
            tree is not None and tree.cases_tried is not None,
            lead is not None and lead.method in read_reported(),
            tree is not None and tree.samples is not None,
        ]

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

    def _show_node(self, node: int) -> None:
        tree = self._shown
        if tree is None:
            return
        leaf = tree.is_leaf(node)
        self.cards[1].title.setText(self.tr("What does this leaf say?") if leaf else self.tr("What is asked here?"))
        self.panel.show_node(tree, node)

    # --- places ------------------------------------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In little width the rule goes below the tree."""
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Give every card that is shown its place."""
        narrow, there = self.width() < NARROW, self._there()
        if [narrow, *there] == self._arranged:
            return
        self._arranged = [narrow, *there]
        for card, shown in zip(self.cards, there, strict=True):
            self._grid.removeWidget(card)
            card.setVisible(shown and self.may_show(card))
        tree, rule, sizes, cases, reported, columns = self.cards
        charts = [card for card, shown in ((cases, there[3]), (sizes, there[2])) if shown]
        tree.setMinimumHeight(TREE)
        if narrow:
            self._grid.addWidget(tree, 0, 0, 1, 4)
            self._grid.addWidget(rule, 1, 0, 1, 4)
            self._grid.addWidget(reported, 3, 0, 1, 4)
        else:
            self._grid.addWidget(tree, 0, 0, 1 if charts else 2, 4)
            self._grid.addWidget(rule, 0, 4, 1 if there[4] else 2, 2)
            self._grid.addWidget(reported, 1, 4, 1, 2)
        for number, card in enumerate(charts):
            width = 4 // len(charts)
            self._grid.addWidget(card, 2 if narrow else 1, width * number, 1, width)
        self._grid.addWidget(columns, 4, 0, 1, 4 if narrow else 6)
        rule.setMinimumWidth(0 if narrow else RULE)
        for column in range(6):
            self._grid.setColumnStretch(column, 1 if narrow and column < 4 else 0 if narrow else 5 if column < 4 else 4)

    # --- values ------------------------------------------------------------------------------------------------------

    def _tree_table(self) -> CsvTable:
        return tree_table(self._shown)

    def _rule_table(self) -> CsvTable:
        return rule_table(self._shown, self.canvas.selected)

    def _sizes_table(self) -> CsvTable:
        return sizes_table(self._shown.sizes if self._shown is not None else None)

    def _cases_table(self) -> CsvTable:
        return cases_table(self._shown.cases_tried if self._shown is not None else None)

    def _reported_table(self) -> CsvTable:
        return reported_table("name", self.reported.content)

    def _columns_table(self) -> CsvTable:
        return columns_table(self._shown.samples if self._shown is not None else None)


VIEW = TreeView
