"""What a teacher and a student are beside each other, in plain values: drawn, counted, and asked of every method."""

from __future__ import annotations

from dataclasses import dataclass, field

from studio.core.message import NOTHING, Text


@dataclass(frozen=True)
class DrawnGroup:
    """A group of blocks of one network: how many, the side of its map (1 of a vector) and its channels."""

    blocks: int
    side: int
    channels: int


@dataclass(frozen=True)
class PairColumn:
    """What stands one above the other: groups that are compared, or one that has no counterpart.

    ``same_map``, ``same_channels``: whether they are equal there; both hold where there is only one.
    ``methods``: titles of those that fit and compare the two here.
    """

    teacher: DrawnGroup | None
    student: DrawnGroup | None
    same_map: bool = True
    same_channels: bool = True
    methods: tuple[str, ...] = ()

    @property
    def is_compared(self) -> bool:
        """Whether methods may compare the two here."""
        return self.teacher is not None and self.student is not None


@dataclass(frozen=True)
class PairFigure:
    """One measure of both, as a number and in words; ``ratio`` says in words how far apart they are."""

    ratio: Text
    what: Text
    teacher: float
    student: float
    teacher_words: str
    student_words: str


@dataclass(frozen=True)
class FittingMethods:
    """Methods under one heading that can work with the pair."""

    heading: Text
    titles: tuple[str, ...]


@dataclass(frozen=True)
class PairRemedy:
    """A setting that lets methods work with the pair.

    Attributes:
        label: what it is called.
        path: of the draft's own method its dotted place, so that it can be set here; empty where none of them is that.
        value: what it is to be.
    """

    label: str
    path: str = ""
    value: bool = True


@dataclass(frozen=True)
class PairMethod:
    """The method of the draft: what it is called, and why it cannot work with the pair, empty where it can."""

    title: str
    refusal: Text = NOTHING


@dataclass(frozen=True)
class ReachedBefore:
    """What was reached in earlier runs that were trained as the draft asks; None where that is not known.

    Attributes:
        teacher: the share of the test part the teacher gets right.
        alone: the same of the student without a teacher.
    """

    teacher: float | None = None
    alone: float | None = None


@dataclass(frozen=True)
class RefusedMethods:
    """Methods that cannot work with the pair for one reason.

    ``remedy`` is the setting of theirs with which they can, where there is one.
    """

    titles: tuple[str, ...]
    reason: Text
    remedy: PairRemedy | None = None


@dataclass(frozen=True)
class PairInfo:
    """All there is to say of a pair before it is used.

    ``by_mean``, ``by_answers``: titles of the methods that fit and compare the pooled vectors, or what is answered.
    ``method``: that of the draft; None while none was picked, or where it has no use for a teacher.
    ``timed``: whether milliseconds are among the figures.
    """

    teacher: str
    student: str
    columns: tuple[PairColumn, ...]
    figures: tuple[PairFigure, ...]
    fitting: tuple[FittingMethods, ...]
    refused: tuple[RefusedMethods, ...]
    by_mean: tuple[str, ...] = ()
    by_answers: tuple[str, ...] = ()
    method: PairMethod | None = None
    reached: ReachedBefore = field(default_factory=ReachedBefore)
    timed: bool = False

    @property
    def fits(self) -> int:
        """How many methods can work with it."""
        return sum(len(group.titles) for group in self.fitting)

    @property
    def asked(self) -> int:
        """How many were asked."""
        return self.fits + sum(len(group.titles) for group in self.refused)
