"""Gathers what a scan leaves out: a count and an example a reason, and the first names for the whole list."""

from __future__ import annotations

from dataclasses import dataclass, field

from studio.core.picture_scan import LeftOut, LeftOutReason

#: Files named in scan.json.
LISTED = 1000
#: Reasons that are told once for each ``why``, not once in all.
_APART: tuple[LeftOutReason, ...] = ("kind", "flat_part")
_ORDER: tuple[LeftOutReason, ...] = (
    "kind",
    "unreadable",
    "no_class",
    "flat_part",
    "beside",
    "unknown_class",
    "empty_class",
    "folder",
    "link",
    "other",
)


@dataclass
class FolderFindings:
    """What is left out, gathered on the way.

    Attributes:
        listed: name and reason of the first files that are pictures and cannot be read.
        folders: name and reason of the first folders that cannot be opened.
    """

    listed: list[tuple[str, str]] = field(default_factory=list)
    folders: list[tuple[str, str]] = field(default_factory=list)
    _lines: dict[tuple[LeftOutReason, str], LeftOut] = field(default_factory=dict)

    def add(self, reason: LeftOutReason, example: str, why: str = "", count: int = 1) -> None:
        """One more that is left out, or ``count`` of them; the first is the example."""
        key = (reason, why if reason in _APART else "")
        before = self._lines.get(key)
        if before is None:
            self._lines[key] = LeftOut(reason, count, example, why)
        else:
            self._lines[key] = LeftOut(reason, before.count + count, before.example, before.why)
        if reason == "unreadable" and len(self.listed) < LISTED:
            self.listed.append((example, why))
        elif reason == "kind" and len(self.listed) < LISTED:
            self.listed.append((example, f"it is of a kind that cannot be read here ({why})"))
        elif reason == "folder" and len(self.folders) < LISTED:
            self.folders.append((example, why))

    def count(self, *reasons: LeftOutReason) -> int:
        """How many are left out for these reasons."""
        return sum(line.count for line in self._lines.values() if line.reason in reasons)

    def lines(self) -> tuple[LeftOut, ...]:
        """A line a reason, the most important first."""
        return tuple(sorted(self._lines.values(), key=lambda line: (_ORDER.index(line.reason), -line.count)))

    def example(self, *reasons: LeftOutReason) -> LeftOut | None:
        """The first line of these reasons, in the order given."""
        return next((line for reason in reasons for line in self._lines.values() if line.reason == reason), None)
