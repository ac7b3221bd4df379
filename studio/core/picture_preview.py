"""What a folder of pictures holds, in plain values: shown before it is used, class by class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.core.message import NOTHING, Text

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, eq=False)
class ClassPreview:
    """One class.

    Attributes:
        train: pictures to learn from.
        test: pictures to test with; None where the data have no test part.
        samples: the first of them, uint8 (n, side, side, 1 or 3).
    """

    name: str
    train: int
    test: int | None
    samples: np.ndarray

    @property
    def pictures(self) -> int:
        """All of them."""
        return self.train + (self.test or 0)


@dataclass(frozen=True, eq=False)
class ValueSpread:
    """How bright pictures are.

    Attributes:
        counts: how many values lie in each of equal stretches from black to white, int64 (n,).
        mean: of all values, 0 (black) to 255 (white).
        black, white: the shares of values that are exactly 0, exactly 255.
    """

    counts: np.ndarray
    mean: float
    black: float
    white: float


@dataclass(frozen=True, eq=False)
class PicturePreview:
    """A folder of pictures before it is used.

    Attributes:
        words: how many there are, and what becomes of them, a sentence each.
        classes: in the order of their names.
        left_out: what is left out and why, a sentence a reason.
        files: name and reason of the first pictures that are left out.
        values: of the pictures that were opened, as they are read; None where none was.
        remarks: what a person should know of the rest.
        copies: that the same pictures are, or may come to be, to learn from and to test with, a sentence a reason.
        learns_copies: whether they would be learnt from.
        problem: why it cannot be used so; empty where it can.
        is_picked: whether a folder is named; else there is nothing to show.
    """

    words: tuple[Text, ...] = ()
    classes: tuple[ClassPreview, ...] = ()
    left_out: tuple[Text, ...] = ()
    files: tuple[tuple[str, str], ...] = ()
    values: ValueSpread | None = None
    remarks: tuple[Text, ...] = ()
    copies: tuple[Text, ...] = ()
    learns_copies: bool = True
    problem: Text = NOTHING
    is_picked: bool = True

    @property
    def pictures(self) -> int:
        """How many can be used."""
        return sum(one.pictures for one in self.classes)
