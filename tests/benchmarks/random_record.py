"""What came of random events, seed by seed: kept as rows in a folder, told, and summed up."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

#: Every page was seen before the first event; what else is kept from a first time, a dialog or a menu, comes within these.
FIRST_LOOK, WARM_UP = 500, 2000
MOST_GROWTH_MB = 50.0


@dataclass
class Record:
    """What came of one seed.

    Attributes:
        wanted: how many events it was to be.
        engine: behind the window.
        exceptions: first line of each kind to how often it came.
        memory: (event, megabytes, widgets) again and again.
        grown: kinds of widgets that became more after the warm-up, the most first.
        ended: "lived", or how it died.
    """

    seed: int
    wanted: int = 0
    engine: str = "real"
    events: int = 0
    exceptions: dict[str, int] = field(default_factory=dict)
    memory: list[tuple[int, float, int]] = field(default_factory=list)
    grown: list[tuple[str, int]] = field(default_factory=list)
    ended: str = "died"

    @property
    def growth(self) -> float | None:
        """Megabytes per 10,000 events after the warm-up, by a line through all that was measured; None without two of these."""
        later = [(event, size) for event, size, _ in self.memory if event >= WARM_UP]
        if len(later) < 2:
            return None
        return statistics.linear_regression(*zip(*later, strict=True)).slope * 10_000

    @property
    def pages(self) -> float | None:
        """Megabytes that came in the warm-up."""
        size = {event: megabytes for event, megabytes, _ in self.memory}
        return size[WARM_UP] - size[FIRST_LOOK] if {FIRST_LOOK, WARM_UP} <= size.keys() else None

    @property
    def lived(self) -> bool:
        """Whether it came to its last event."""
        return self.ended == "lived"

    @property
    def raised(self) -> int:
        """How many exceptions nobody caught, or were told as errors of the program."""
        return sum(self.exceptions.values())

    @property
    def is_well(self) -> bool:
        """Whether it lived, without an exception, and stayed small."""
        small = self.growth is None or self.growth <= MOST_GROWTH_MB
        return self.lived and not self.exceptions and small

    def told(self) -> str:
        """One paragraph."""
        growth = "not measured" if self.growth is None else f"{self.growth:+.1f} MB per 10,000 events"
        if self.pages is not None:
            growth += f", from {FIRST_LOOK} to {WARM_UP} {self.pages:+.1f} MB"
        sizes = [
            f"{event}: {size:.0f} MB, {widgets} widgets"
            for event, size, widgets in self.memory[:: max(1, len(self.memory) // 5)]
        ]
        lines = [
            f"seed {self.seed}: {self.events} events, {self.ended}, {self.raised} exceptions, growth {growth}",
            f"    {'; '.join(sizes)}",
        ]
        lines += [f"    {count} x {kind}" for kind, count in self.exceptions.items()]
        if self.grown:
            lines.append("    more widgets: " + ", ".join(f"{name} +{count}" for name, count in self.grown))
        return "\n".join(lines)


def row_file(folder: Path, seed: int) -> Path:
    """Where the row of a seed is kept."""
    return folder / f"seed-{seed}.json"


def write_row(record: Record, folder: Path) -> None:
    """Keep a row, whole or not at all."""
    file = row_file(folder, record.seed)
    beside = file.with_suffix(".part")
    beside.write_text(json.dumps(asdict(record)), encoding="utf-8")
    beside.replace(file)


def read_row(folder: Path, seed: int) -> Record | None:
    """The row of a seed; None where it has none yet."""
    file = row_file(folder, seed)
    return Record(**json.loads(file.read_text(encoding="utf-8"))) if file.exists() else None


def summed_up(records: Sequence[Record]) -> str:
    """The last line of the table."""
    events = sum(record.events for record in records)
    died = [str(record.seed) for record in records if not record.lived]
    raised = sum(record.raised for record in records)
    deaths = f"{len(died)} died" + (f" (seeds {', '.join(died)})" if died else "")
    lines = [f"{len(records)} seeds, {events} events: {deaths}, {raised} exceptions"]
    growths = [record.growth for record in records if record.growth is not None]
    if growths:
        too_much = sum(growth > MOST_GROWTH_MB for growth in growths)
        lines.append(
            f"growth per 10,000 events after {WARM_UP}: median {statistics.median(growths):+.1f} MB, "
            f"{min(growths):+.1f} to {max(growths):+.1f}, above {MOST_GROWTH_MB:.0f} MB in {too_much} of {len(growths)} seeds"
        )
    pages = [record.pages for record in records if record.pages is not None]
    if pages:
        lines.append(f"from {FIRST_LOOK} to {WARM_UP}: median {statistics.median(pages):+.1f} MB")
    return "\n".join(lines)
