"""``studio compare RUN RUN``: how much better one is, how sure that is, and what lies behind it."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from studio.cli.entry import Exit
from studio.cli.output import table, write_json, write_out
from studio.core.format import signed_count, thousands
from studio.runs.comparison.comparison_json import comparison_json
from studio.runs.comparison.comparison_report import write_comparison
from studio.runs.comparison.comparison_text import (
    amount_words,
    causes_words,
    gain_words,
    interval_words,
    learnt_words,
    measured_words,
    pictures_words,
    remarks,
    side_words,
    who_words,
)
from studio.runs.comparison.report_sections import compare_in
from studio.runs.comparison.run_comparison import RunComparison
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace

#: Classes that are told, those of the largest difference.
MOST_CLASSES = 10


def run(chosen: Namespace) -> int:
    """Compare the experiments of two runs over all their seeds, or these two runs alone."""
    workspace = Workspace()
    one, other = workspace.run(chosen.first), workspace.run(chosen.second)
    told = compare_in(workspace.runs(), one, other, only=chosen.only)
    if chosen.to is not None:
        write_comparison(chosen.to, told)
    if chosen.json:
        write_json(comparison_json(told))
    else:
        for line in _lines(told.better_first):
            write_out(line)
        if chosen.to is not None:
            write_out(f"\nThe comparison is written to {chosen.to}.")
    return Exit.DONE


def _lines(told: RunComparison) -> Iterator[str]:
    scale = told.scale
    yield f"{amount_words(told.gain, scale)} {who_words(told)}"
    yield str(interval_words(told))
    if pictures_words(told):
        yield str(pictures_words(told))
    yield ""
    sides = (told.first, told.second)
    yield table(("", "reached", "seeds"), [_row(side.name, side_words(side, scale), side.runs) for side in sides])
    each = "Seed by seed" if told.one_test else "Split by split"
    yield f"{measured_words(told)}. {each}: {', '.join(gain_words(gain, scale) for gain in told.gains)}."
    yield from map(str, remarks(told))
    yield ""
    if told.settings is not None and told.settings.lines:
        rows = [(line.part, line.label, line.first or "–", line.second or "–") for line in told.settings.lines]
        yield table(("", "setting", told.first.name, told.second.name), rows)
    yield str(causes_words(told))
    yield ""
    yield str(learnt_words(told))
    if told.learnt is not None:
        gains = told.learnt.gain_by_class
        order = sorted(range(len(gains)), key=lambda k: (-abs(gains[k]), k))[:MOST_CLASSES]
        names = told.learnt.classes
        rows_by_class = [
            (
                names[k] if k < len(names) else str(k),
                signed_count(int(gains[k])),
                thousands(told.learnt.class_sizes[k]),
            )
            for k in sorted(order, key=lambda k: -gains[k])
        ]
        yield table(("class", "gained", "of"), rows_by_class)


def _row(name: str, words: str, runs: tuple[RunInfo, ...]) -> tuple[str, str, str]:
    return name, words, ", ".join(str(run.seed) for run in runs)
