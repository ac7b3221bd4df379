"""Writes the README's tables of what every method reached: ``python -m tests.tools.readme_methods``.

The figures are those of ``resources/help/measured.json``, which ``tests/benchmarks/methods.py`` makes; the names come from
the catalogue. Help pages tell the same figures by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from studio import catalog
from studio.core.format import percent_range
from studio.events import KeyMoment
from studio.gui.presenters.measurements import MeasuredAgreement, MeasuredMethod, Measurements, read_measurements

README = Path(__file__).parents[2] / "README.md"
BEGIN = "<!-- made by tests/tools/readme_methods.py -->"
END = "<!-- made until here -->"
_HEAD = (
    "| method | accuracy, % | gap closed, % | pictures/s | cost | settings |",
    "| --- | --- | --- | --- | --- | --- |",
)
_AGREEMENT_HEAD = (
    "| method | after copying, fitted map, % | own way | at the end, fitted map, % | own way |",
    "| --- | --- | --- | --- | --- |",
)


def table(measurements: Measurements) -> str:
    """The rows as Markdown, the student alone first, then from the largest share of the gap to the least."""
    rows = [_row(catalog.find("method", key).title, row) for key, row in measurements.ranked.items()]
    return "\n".join([*_HEAD, *rows])


def agreement_table(measurements: Measurements) -> str:
    """The rows that tell agreement as Markdown, in the same order, and below what chance and an untrained student give.

    Empty where agreement was not measured.
    """
    rows = {key: row.agreement for key, row in measurements.ranked.items() if row.agreement}
    if not rows:
        return ""
    lines = [_agreement_row(catalog.find("method", key).title, moments) for key, moments in rows.items()]
    starts = [moments["start"] for moments in rows.values() if "start" in moments]
    untrained = (
        [f"A student before its first step, behind the fitted map: {_groups(starts[0].fitted)} %."] if starts else []
    )
    told = [moment for moments in rows.values() for moment in moments.values()]
    fitted, own = [x for each in told for x in each.chance], [x for each in told for x in each.own_chance]
    chance = f"Chance: {percent_range(min(fitted), max(fitted))} % behind the fitted map"
    chance += f", {percent_range(min(own), max(own))} % in the method's own way." if own else "."
    return "\n".join([*_AGREEMENT_HEAD, *lines, "", " ".join([*untrained, chance])])


def filled(readme: str, measurements: Measurements) -> str:
    """The README with those tables between its two marks."""
    tables = "\n\n".join(made for made in (table(measurements), agreement_table(measurements)) if made)
    between = re.compile(rf"(?<={re.escape(BEGIN)}\n).*?(?=\n{re.escape(END)})", re.DOTALL)
    made, count = between.subn(lambda _: f"\n{tables}\n", readme)
    assert count == 1, "the README has no place for the table"
    return made


def _row(title: str, row: MeasuredMethod) -> str:
    cells = [
        title,
        f"{100 * row.accuracy:.1f} ± {100 * row.deviation:.1f}",
        f"{100 * row.gap_closed:.0f}".replace("-", "−") if row.gap_closed is not None else "",
        f"{row.pictures_per_second:.0f}" if row.pictures_per_second is not None else "",
        f"{row.cost:.2f}" if row.cost is not None else "",
        ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in row.settings.items()) or "default",
    ]
    return f"| {' | '.join(cells)} |"


def _agreement_row(title: str, moments: Mapping[KeyMoment, MeasuredAgreement]) -> str:
    copied, end = moments.get("copied"), moments.get("end")
    told = [(each.fitted, each.own) if each is not None else ((), ()) for each in (copied, end)]
    return f"| {' | '.join([title, *(_groups(values) for pair in told for values in pair)])} |"


def _groups(values: tuple[float, ...]) -> str:
    return " / ".join(f"{100 * value:.0f}" for value in values)


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8"), read_measurements()), encoding="utf-8")
