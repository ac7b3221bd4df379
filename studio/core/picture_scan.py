"""What a look through a person's own pictures found: plain values, which events and summaries carry.

:mod:`studio.core.scan_text` says them in sentences.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

#: Names told of one finding; the rest is counted.
NAMED = 5
#: Findings of a kind. There are fewer; whoever reads files of strangers must not be shown thousands.
_MOST = 200
#: What a count and a value of a picture can be, for those who read files of strangers.
Count = Annotated[int, Field(ge=0, le=10**12)]
Level = Annotated[float, Field(ge=-1e300, le=1e300, allow_inf_nan=False)]
Name = Annotated[str, Field(max_length=10_000)]

#: Why something is left out.
#:
#: - ``unreadable``: pictures that cannot be decoded; ``why`` is a reader's reason for the example.
#: - ``kind``: pictures of a kind that cannot be read here; ``why`` names it.
#: - ``no_class``: pictures outside all class folders.
#: - ``flat_part``: pictures of a part that has no class folders; ``why`` is its folder.
#: - ``beside``: pictures in folders that are neither part nor class; ``why`` names the first folders.
#: - ``unknown_class``: test pictures of classes there is nothing to learn from; ``why`` names the first classes.
#: - ``empty_class``: classes without a picture to learn from; the example names the first.
#: - ``folder``: folders that cannot be opened; ``why`` is the reason for the example.
#: - ``link``: links that lead nowhere, and what is no file.
#: - ``other``: files that are no pictures and do not claim to be.
LeftOutReason = Literal[
    "unreadable",
    "kind",
    "no_class",
    "flat_part",
    "beside",
    "unknown_class",
    "empty_class",
    "folder",
    "link",
    "other",
]
#: Those whose count is one of pictures.
OF_PICTURES: tuple[LeftOutReason, ...] = ("unreadable", "kind", "no_class", "flat_part", "beside", "unknown_class")

#: What is odd about names of classes.
#:
#: - ``accents``: folders made one class, because only the way an accent is written differs.
#: - ``capitals``, ``look_alike``: kept apart though they differ only in capitals, or in what is hardly seen.
#: - ``not_text``: names that are not UTF-8.
#: - ``part``: classes that are called like parts of the data.
NameFinding = Literal["accents", "capitals", "look_alike", "not_text", "part"]


@dataclass(frozen=True)
class LeftOut:
    """What is left out for one reason: how many, and one of them."""

    reason: LeftOutReason
    count: Count
    example: Name
    why: Name = ""


@dataclass(frozen=True)
class NameRemark:
    """Names of classes a person should look at: the first :data:`NAMED`, and how many there are."""

    finding: NameFinding
    names: Annotated[tuple[Name, ...], Field(max_length=NAMED)]
    count: Count


@dataclass(frozen=True)
class Duplicates:
    """Pictures whose files are equal byte by byte.

    Attributes:
        where: ``parts``: to learn from and to test with; ``classes``: in two classes; ``files``: within data that have
            no test part of their own, so that copies can come to stand on both sides.
        count: pictures of which there is another.
        example, other: two that are equal.
    """

    where: Literal["parts", "classes", "files"]
    count: Count
    example: Name
    other: Name


@dataclass(frozen=True)
class ValueRange:
    """The range of values of all pictures of more than 8 bits, one for the data set.

    Attributes:
        numbers: whole numbers (integers) or real ones (floating point).
        pictures: how many are of that kind.
        least, most: the values that were found.
        black, white: those that are shown black and white.
        outside: share of values beyond these two.
        chosen: whether a person set the range.
    """

    numbers: Literal["whole", "real"]
    pictures: Count
    least: Level
    most: Level
    black: Level
    white: Level
    outside: Annotated[float, Field(ge=0, le=1)] = 0.0
    chosen: bool = False


@dataclass(frozen=True)
class PictureScan:
    """What a scan found.

    Attributes:
        folder: that was scanned.
        pictures: how many are used, by part: "train", and "test" where the data have such a part.
        classes: how many there are.
        left_out: a line a reason.
        ranges: of pictures of more than 8 bits; empty where there are none.
    """

    folder: Name
    pictures: Annotated[Mapping[str, Count], Field(max_length=8)]
    classes: Count
    left_out: Annotated[tuple[LeftOut, ...], Field(max_length=_MOST)] = ()
    names: Annotated[tuple[NameRemark, ...], Field(max_length=_MOST)] = ()
    duplicates: Annotated[tuple[Duplicates, ...], Field(max_length=_MOST)] = ()
    ranges: Annotated[tuple[ValueRange, ...], Field(max_length=_MOST)] = ()

    @property
    def found(self) -> int:
        """All pictures, those left out among them."""
        return sum(self.pictures.values()) + self.missed

    @property
    def missed(self) -> int:
        """Pictures that are left out."""
        return sum(line.count for line in self.left_out if line.reason in OF_PICTURES)
