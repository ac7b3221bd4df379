"""The values behind the cards of a comparison; tables without rows while there is none."""

from __future__ import annotations

from studio.gui.views.charts.naming import class_name
from studio.gui.views.saving import CsvTable, Value
from studio.runs.comparison.run_comparison import RunComparison


def verdict_table(told: RunComparison | None) -> CsvTable:
    """A row a pair of runs, then the mean with its intervals."""
    rows: list[list[Value]] = []
    if told is not None:
        pairs = zip(told.first.runs, told.second.runs, told.first.scores, told.second.scores, told.gains, strict=True)
        rows = [[one.id, other.id, one.seed, first, second, gain] for one, other, first, second, gain in pairs]
        for name, interval in (("mean over seeds", told.over_seeds), ("over test pictures", told.over_pictures)):
            if interval is not None:
                rows.append([name, "", None, interval.low, interval.high, interval.value])
    return CsvTable(["first_run", "second_run", "seed", "first_or_low", "second_or_high", "gain"], rows)


def setting_table(told: RunComparison | None) -> CsvTable:
    """A row a setting that differs."""
    settings = told.settings if told is not None else None
    lines = settings.lines if settings is not None else ()
    return CsvTable(
        ["part", "setting", "first", "second"], [[line.part, line.label, line.first, line.second] for line in lines]
    )


def curve_table(told: RunComparison | None) -> CsvTable:
    """A row an epoch."""
    curves = told.curves if told is not None else None
    rows: list[list[Value]] = []
    if curves is not None:
        for i, epoch in enumerate(curves.epochs):
            ends = [None if side is None else float(side[i]) for side in (curves.low, curves.high)]
            rows.append(
                [float(epoch), float(curves.first[i]), float(curves.second[i]), float(curves.difference[i]), *ends]
            )
    return CsvTable(["epoch", "first", "second", "difference", "low", "high"], rows)


def learnt_table(told: RunComparison | None) -> CsvTable:
    """A row an example that only one of them gets in one seed or more."""
    learnt = told.learnt if told is not None else None
    rows: list[list[Value]] = []
    if learnt is not None:
        rows = [
            [
                int(row),
                class_name(learnt.classes, int(learnt.labels[row])),
                class_name(learnt.classes, int(learnt.first_answers[row])),
                class_name(learnt.classes, int(learnt.second_answers[row])),
                float(learnt.first_right[row]),
                float(learnt.second_right[row]),
            ]
            for side in (learnt.first_cases, learnt.second_cases)
            for row in side
        ]
    return CsvTable(["row", "label", "first_answer", "second_answer", "first_right", "second_right"], rows)


def class_table(told: RunComparison | None) -> CsvTable:
    """A row a class."""
    learnt = told.learnt if told is not None else None
    rows: list[list[Value]] = []
    if learnt is not None:
        rows = [
            [class_name(learnt.classes, k), int(learnt.gain_by_class[k]), int(learnt.class_sizes[k])]
            for k in range(learnt.class_count)
        ]
    return CsvTable(["class", "gained", "size"], rows)
