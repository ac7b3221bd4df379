"""Errors of a tree by its leaves and by its made-up cases, between the plain tree and its teacher, in percent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from studio.core.format import MINUS, UNKNOWN
from studio.gui.presenters.reported import ReportedTable
from studio.gui.presenters.seed_runs import mean_values, seed_runs
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.presenters.tree_reading import DrawableTree
from studio.gui.text.say import say
from studio.gui.views.charts.error_chart import ErrorContent, ErrorLevel, ErrorLine
from studio.gui.views.charts.reported_grid import GridContent, GridRow
from studio.gui.views.charts.strokes import Stroke


def error_by_leaves(tree: DrawableTree, lead: ShownRun) -> ErrorContent:
    """The trees that pruning left; nothing where the run tried no others."""
    sizes = tree.sizes
    if sizes is None:
        return ErrorContent()
    errors = tuple(float(100 * wrong) for wrong in sizes.wrong)
    words = _said("The tree that was kept has {n} leaves and errs on {error:.1f} %.").format(
        n=int(sizes.leaves[sizes.chosen]), error=errors[sizes.chosen]
    )
    line = ErrorLine(tuple(sizes.leaves.tolist()), errors, lead.color_index, sizes.chosen)
    return ErrorContent((line,), reference_levels((lead,)), spoken=words)


def error_by_cases(tree: DrawableTree, lead: ShownRun, others: Sequence[ShownRun]) -> ErrorContent:
    """The trees of fewer cases, and in their own colours those of other ticked runs.

    Where other seeds of the run are among them, they are all compared with the mean of what their references reached.
    """
    own = _line(tree, lead)
    if own is None:
        return ErrorContent()
    lines = [own]
    for run in others:
        other = run.tree.tree if run.tree is not None else None
        line = _line(other, run) if other is not None and run is not lead else None
        if line is not None:
            lines.append(ErrorLine(line.sizes, line.errors, line.color_index))
    words = _said("With {n} made-up cases it errs on {error:.1f} %.").format(n=int(own.sizes[-1]), error=own.errors[-1])
    return ErrorContent(tuple(lines), reference_levels(seed_runs(lead, others)), spoken=words)


def _line(tree: DrawableTree, run: ShownRun) -> ErrorLine | None:
    tried = tree.cases_tried
    if tried is None:
        return None
    errors = tuple(float(100 * wrong) for wrong in tried.wrong)
    return ErrorLine(tuple(tried.cases.tolist()), errors, run.color_index, len(errors) - 1)


def reference_levels(seeds: Sequence[ShownRun]) -> tuple[ErrorLevel, ...]:
    """What a plain tree and the teacher of the tree err on; of several seeds the mean, and how many they are."""
    found = mean_values([_reference_errors(run) for run in seeds])
    levels = []
    if (alone := found.get("alone")) is not None:
        words = _said("Plain tree {error:.1f} %") if len(seeds) == 1 else _said("Plain tree, {n} seeds {error:.1f} %")
        levels.append(ErrorLevel(alone, "alone", words.format(n=len(seeds), error=alone)))
    if (teacher := found.get("teacher")) is not None:
        words = _said("Its teacher {error:.1f} %") if len(seeds) == 1 else _said("Teacher, {n} seeds {error:.1f} %")
        levels.append(ErrorLevel(teacher, "teacher", words.format(n=len(seeds), error=teacher)))
    return tuple(levels)


def own_errors(lead: ShownRun, others: Sequence[ShownRun] = ()) -> Mapping[str, float]:
    """By role, errors in percent as far as they are known, and what the tree takes off the plain tree's, in percent of it.

    Args:
        others: that are ticked as well; the other seeds of the run among them make the errors means.
    """
    found = mean_values([_errors(run) for run in seed_runs(lead, others)])
    if "tree" in found and found.get("alone"):
        found["decrease"] = 100 * (found["alone"] - found["tree"]) / found["alone"]
    return found


def _reference_errors(run: ShownRun) -> dict[str, float]:
    known = (("teacher", run.history.teacher), ("alone", run.history.alone))
    return {role: 100 * (1 - reference.value) for role, reference in known if reference is not None}


def _errors(run: ShownRun) -> dict[str, float]:
    found = _reference_errors(run)
    tree = run.tree.tree if run.tree is not None else None
    if tree is not None and tree.sizes is not None:
        found["tree"] = float(100 * tree.sizes.wrong[tree.sizes.chosen])
    return found


def reported_content(table: ReportedTable, own: Mapping[str, float], color_index: int) -> GridContent:
    """The reported table with our own row on top; a column nothing is known of has a dash there."""
    values = tuple(own.get(column.members[0]) for column in table.columns)
    cells = tuple(UNKNOWN if value is None else f"{value:.1f}".replace("-", MINUS) for value in values)
    others = tuple(
        GridRow(row.name, "", row.errors, tuple(float(error) if error else None for error in row.errors))
        for row in table.rows
    )
    return GridContent(
        _said("table"), tuple(say(column.title) for column in table.columns), GridRow(_said("Ours"), "", cells, values),
        others, Stroke("run", color_index), say(table.source),
    )  # fmt: skip


def _said(words: str) -> str:
    return QCoreApplication.translate("tree", words)
