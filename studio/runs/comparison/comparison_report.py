"""A comparison as one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from studio.core.files import write_whole
from studio.core.format import signed_count
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
from studio.runs.comparison.run_comparison import RunComparison
from studio.runs.results.html_report import Illustration, escape, figure_html, page_html, table_html
from studio.runs.run_info import RunInfo

#: Drawings are so many pixels wide and high.
_WIDTH, _HEIGHT, _EDGE = 640, 120, 60


def write_comparison(path: Path, told: RunComparison, illustrations: Sequence[Illustration] = ()) -> None:
    """Write the page of a comparison.

    Raises:
        NotWritten: there is no space, or no right to write; an older file of this name is intact.
    """
    write_whole(path, comparison_page(told, illustrations).encode())


def comparison_page(told: RunComparison, illustrations: Sequence[Illustration] = ()) -> str:
    """The page as HTML, the better side first. Everything that people or strangers wrote is escaped."""
    told = told.better_first
    parts = comparison_parts(told)
    runs = ", ".join(run.id for run in (*told.first.runs, *told.second.runs))
    end = f'<p class="small">Runs {escape(runs)}</p>'
    return page_html(_title(told), [*parts, *map(figure_html, illustrations), end])


def comparison_parts(told: RunComparison, heading: int = 1) -> list[str]:
    """What is told of a comparison, the better side first, as HTML.

    Args:
        heading: of which level its title is; those of its parts are one below.
    """
    told = told.better_first
    first, second = told.first, told.second
    lines = [(side.name, f"{side_words(side, told.scale)}, seeds {_seeds(side.runs)}") for side in (first, second)]
    gains = ", ".join(gain_words(gain, told.scale) for gain in told.gains)
    below = heading + 1
    parts = [
        f"<h{heading}>{escape(_title(told))}</h{heading}>",
        f'<p class="reached">{escape(amount_words(told.gain, told.scale))} {escape(str(who_words(told)))}</p>',
        *(f"<p>{escape(str(words))}</p>" for words in (interval_words(told), pictures_words(told)) if words),
        interval_svg(told),
        table_html(
            [
                *lines,
                ("Measured", str(measured_words(told))),
                ("Seed by seed" if told.one_test else "Split by split", gains),
            ]
        ),
        *(f'<p class="small">{escape(str(remark))}</p>' for remark in remarks(told)),
        f"<h{below}>What was set differently</h{below}>",
        _settings(told),
        f"<p>{escape(str(causes_words(told)))}</p>",
        f"<h{below}>What one has learnt that the other has not</h{below}>",
        f"<p>{escape(str(learnt_words(told)))}</p>",
        _by_class(told),
    ]
    return [part for part in parts if part]


def _title(told: RunComparison) -> str:
    return f"{told.first.name} and {told.second.name} compared"


def interval_svg(told: RunComparison) -> str:
    """The interval with zero drawn, and a ring a seed; empty where nothing is known but the mean."""
    interval = told.interval
    if interval is None:
        return ""
    values = (*told.gains, interval.low, interval.high, 0.0)
    low, high = min(values), max(values)
    room = (high - low) or 1.0

    def x(value: float) -> float:
        return _EDGE + (_WIDTH - 2 * _EDGE) * (value - low) / room

    ends = [
        f'<text x="{x(value):.0f}" y="24" text-anchor="middle">{escape(gain_words(value, told.scale))}</text>'
        for value in (interval.low, interval.high)
    ]
    rings = [f'<circle cx="{x(gain):.1f}" cy="86" r="4" fill="none" stroke="#1f6ab0"/>' for gain in told.gains]
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" role="img" font-size="12">'
        f"<title>{escape(str(interval_words(told)))}</title>"
        f'<rect x="{x(interval.low):.1f}" y="34" width="{x(interval.high) - x(interval.low):.1f}" height="32" '
        'fill="#d7e3f0"/>'
        f'<line x1="{x(interval.low):.1f}" x2="{x(interval.high):.1f}" y1="50" y2="50" stroke="#1f6ab0" stroke-width="2"/>'
        f'<circle cx="{x(told.gain):.1f}" cy="50" r="6" fill="#1f6ab0"/>'
        f'<line x1="{x(0):.1f}" x2="{x(0):.1f}" y1="30" y2="100" stroke="#1a1f26" stroke-width="2"/>'
        f'<text x="{x(0):.0f}" y="114" text-anchor="middle">0</text>{"".join(ends)}{"".join(rings)}</svg>'
    )


def _settings(told: RunComparison) -> str:
    if told.settings is None or not told.settings.lines:
        return ""
    head = ["", told.first.name, told.second.name]
    rows = [[f"{line.part}: {line.label}", line.first or "–", line.second or "–"] for line in told.settings.lines]
    return _columns(head, rows)


def _by_class(told: RunComparison) -> str:
    learnt = told.learnt
    if learnt is None:
        return ""
    names = learnt.classes
    order = sorted(range(learnt.class_count), key=lambda k: (-int(learnt.gain_by_class[k]), k))
    rows = [
        [
            names[k] if k < len(names) else str(k),
            signed_count(int(learnt.gain_by_class[k])),
            str(learnt.class_sizes[k]),
        ]
        for k in order
    ]
    return _columns(["Class", f"Gained with {told.first.name}", "Of"], rows)


def _columns(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{top}</tr>{body}</table>"


def _seeds(runs: Sequence[RunInfo]) -> str:
    return ", ".join(str(run.seed) for run in runs)
