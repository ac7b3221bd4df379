"""Writes the README's table of what every method reached: ``python -m tests.tools.readme_methods``.

The figures are those of ``resources/help/measured.json``, which ``tests/benchmarks/methods.py`` makes; the names come from
the catalogue. Help pages tell the same figures by themselves.
"""

from __future__ import annotations

import re
from pathlib import Path

from studio import catalog
from studio.gui.presenters.measurements import MeasuredMethod, Measurements, read_measurements

README = Path(__file__).parents[2] / "README.md"
BEGIN = "<!-- made by tests/tools/readme_methods.py -->"
END = "<!-- made until here -->"
_HEAD = (
    "| method | accuracy, % | gap closed, % | agreement by group, % | pictures/s | cost | settings |",
    "| --- | --- | --- | --- | --- | --- | --- |",
)


def table(measurements: Measurements) -> str:
    """The rows as Markdown, the student alone first, then from the largest share of the gap to the least."""
    rows = [_row(catalog.find("method", key).title, row) for key, row in measurements.ranked.items()]
    return "\n".join([*_HEAD, *rows])


def filled(readme: str, measurements: Measurements) -> str:
    """The README with that table between its two marks."""
    between = re.compile(rf"(?<={re.escape(BEGIN)}\n).*?(?=\n{re.escape(END)})", re.DOTALL)
    made, count = between.subn(lambda _: f"\n{table(measurements)}\n", readme)
    assert count == 1, "the README has no place for the table"
    return made


def _row(title: str, row: MeasuredMethod) -> str:
    cells = [
        title,
        f"{100 * row.accuracy:.1f} ± {100 * row.deviation:.1f}",
        f"{100 * row.gap_closed:.0f}".replace("-", "−") if row.gap_closed is not None else "",
        " / ".join(f"{100 * group:.0f}" for group in row.agreement),
        f"{row.pictures_per_second:.0f}" if row.pictures_per_second is not None else "",
        f"{row.cost:.2f}" if row.cost is not None else "",
        ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in row.settings.items()) or "default",
    ]
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8"), read_measurements()), encoding="utf-8")
