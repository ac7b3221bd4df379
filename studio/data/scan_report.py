"""What was found in a folder of pictures, once they are decoded: for the person, and every name for scan.json."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from studio.core.picture_scan import Duplicates, LeftOut, PictureScan, ValueRange
from studio.data.class_names import printable

if TYPE_CHECKING:
    from studio.data.folder_scan import PictureFile, Tree

#: Classes named in a sentence.
_NAMED = 5


@dataclass(frozen=True)
class DecodingOutcome:
    """What came of decoding. It depends on the content of the pictures alone, and is kept with them.

    Attributes:
        counts: pictures that are used, by part and class.
        empty: classes without a picture to learn from.
        left_out: what could not be read, a line a reason.
        listed: name and reason of the first of them.
    """

    counts: Mapping[str, Mapping[str, int]]
    empty: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    listed: tuple[tuple[str, str], ...] = ()
    ranges: tuple[ValueRange, ...] = ()
    duplicates: tuple[Duplicates, ...] = ()

    def as_json(self) -> dict[str, object]:
        """Plain values, for the cache."""
        plain: dict[str, object] = TypeAdapter(DecodingOutcome).dump_python(self, mode="json")
        return plain

    @classmethod
    def from_json(cls, plain: Mapping[str, object]) -> DecodingOutcome:
        """The way back.

        Raises:
            ValueError: it is none.
        """
        return TypeAdapter(cls).validate_python(plain)


@dataclass(frozen=True)
class ScanReport:
    """The scan of a folder: in brief, the first pictures that cannot be read with the reason, and all names for scan.json."""

    scan: PictureScan
    unreadable: Mapping[str, str] = field(default_factory=dict)
    listing: Mapping[str, object] = field(default_factory=dict)


def scan_report(tree: Tree, outcome: DecodingOutcome) -> ScanReport:
    """The report on a folder that was listed now and decoded now or earlier."""
    findings = tree.findings
    for line in outcome.left_out:
        findings.add(line.reason, line.example, line.why, line.count)
    if outcome.empty:
        findings.add(
            "empty_class", ", ".join(outcome.empty[:_NAMED]) + (", ..." if len(outcome.empty) > _NAMED else "")
        )
    left_out = findings.lines()
    used = {part: sum(of_class.values()) for part, of_class in outcome.counts.items()}
    folder = printable(str(tree.root))
    scan = PictureScan(
        folder, used, len(outcome.counts["train"]), left_out, tree.names, outcome.duplicates, outcome.ranges
    )
    unreadable = dict((*findings.listed, *outcome.listed))
    return ScanReport(
        scan,
        unreadable,
        {
            "folder": folder,
            "classes": outcome.counts,
            "classes_without_pictures": list(outcome.empty),
            "unreadable": findings.count("unreadable", "kind"),
            "unreadable_files": [{"file": name, "why": why} for name, why in unreadable.items()],
            "unreadable_folders": [{"folder": name, "why": why} for name, why in findings.folders],
            "other_files": findings.count("other"),
            "left_out": [dataclasses.asdict(line) for line in left_out],
            "class_names": [dataclasses.asdict(remark) for remark in tree.names],
            "duplicates": [dataclasses.asdict(found) for found in outcome.duplicates],
            "value_ranges": [dataclasses.asdict(span) for span in outcome.ranges],
        },
    )


def duplicates_of(tree: Tree, sums: Sequence[bytes], unreadable: Collection[str]) -> tuple[Duplicates, ...]:
    """Pictures whose files are equal, where that matters.

    Args:
        sums: of the files of the tree.
        unreadable: names of files that are not used.
    """
    train, test = len(tree.train), tree.test or ()
    used = [(file, content) for file, content in zip(tree.files, sums, strict=True) if file.name not in unreadable]
    groups: dict[bytes, list[PictureFile]] = {}
    for file, content in used:
        if content:
            groups.setdefault(content, []).append(file)
    learnt = {file.name for file in tree.files[:train]}
    found = []
    in_both = [(file, group[0]) for group in groups.values() for file in group[1:] if _crosses(file, group[0], learnt)]
    if test and in_both:
        found.append(Duplicates("parts", len(in_both), in_both[0][0].name, in_both[0][1].name))
    mixed = [group for group in groups.values() if len({file.label for file in group}) > 1]
    if mixed:
        other = next(file for file in mixed[0] if file.label != mixed[0][0].label)
        found.append(Duplicates("classes", sum(map(len, mixed)), mixed[0][0].name, other.name))
    again = [group for group in groups.values() if len(group) > 1 and len({file.label for file in group}) == 1]
    if tree.test is None and again:
        found.append(Duplicates("files", sum(map(len, again)), again[0][0].name, again[0][1].name))
    return tuple(found)


def _crosses(file: PictureFile, first: PictureFile, learnt: Collection[str]) -> bool:
    """Whether a file is to be tested with and the first of its group, in the order of the parts, learnt from."""
    return first.name in learnt and file.name not in learnt
