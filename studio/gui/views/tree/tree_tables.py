"""The values behind a drawn tree; tables without rows while there is none."""

from __future__ import annotations

from studio.gui.presenters.column_samples import ColumnSamples
from studio.gui.presenters.tree_reading import CasesTried, DrawableTree, SizesTried
from studio.gui.text.say import say
from studio.gui.views.saving import CsvTable, Value


def tree_table(tree: DrawableTree | None) -> CsvTable:
    """A row a node."""
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


def rule_table(tree: DrawableTree | None, node: int) -> CsvTable:
    """One node: what holds there, and its cases by class."""
    if tree is None:
        return CsvTable(["name", "value"], [])
    rows: list[list[Value]] = [[each.column, say(each.words)] for each in tree.rule(node)]
    rows += [[name, float(n)] for name, n in zip(tree.tree.classes, tree.tree.counts[node], strict=True)]
    return CsvTable(["name", "value"], rows)


def sizes_table(sizes: SizesTried | None) -> CsvTable:
    """A row a tree that pruning left."""
    rows: list[list[Value]] = []
    if sizes is not None:
        pairs = enumerate(zip(sizes.leaves, sizes.wrong, strict=True))
        rows = [[int(n), float(wrong), int(row == sizes.chosen)] for row, (n, wrong) in pairs]
    return CsvTable(["leaves", "test_error", "kept"], rows)


def cases_table(tried: CasesTried | None) -> CsvTable:
    """A row a number of made-up cases."""
    pairs = zip(tried.cases, tried.wrong, strict=True) if tried is not None else ()
    return CsvTable(["made_up_cases", "test_error"], [[int(n), float(wrong)] for n, wrong in pairs])


def columns_table(samples: ColumnSamples | None) -> CsvTable:
    """How often each value of each column stands in true and in made-up rows."""
    return CsvTable(("column", "value", "true_rows", "made_up"), samples.values() if samples is not None else ())
