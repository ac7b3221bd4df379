"""Whom a question is about: a network of a run, or one in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from studio.core.data_kinds import Capabilities, DataKind, capabilities
from studio.core.errors import StudioError
from studio.core.message import NOTHING, Text
from studio.runs.files.history import Reference

if TYPE_CHECKING:
    from studio.insight.single_answer import SingleAnswer

#: So much a depth may lie above a share that it is meant to be.
ROUNDING = 1e-6
#: The three that are asked side by side.
Seat = Literal["teacher", "student", "alone"]
MapQuestion = Literal["attention", "grad_cam"]
#: In the order in which they are offered.
MapTap = Literal["out", "first", "pre", "block"]
#: Places a map must have for one to see where it is bright.
PLACES = 16
SEATS: tuple[Seat, ...] = ("teacher", "student", "alone")


@dataclass(frozen=True)
class AskedModel:
    """A model that can be asked.

    Attributes:
        run: the id of its run; empty where it stands in a file alone.
        role: which model of the run: what it has learnt, or what taught it.
        file: where it stands in a file of its own.
    """

    run: str = ""
    role: Literal["student", "teacher"] = "student"
    file: Path | None = None


@dataclass(frozen=True)
class MapWish:
    """Which maps are asked for beside an answer.

    Attributes:
        kind: where a layer answers strongly, or what there speaks for the answer (Grad-CAM).
        tap: at the ends of the groups, behind their first layers, before their last ReLU, or behind each block.
    """

    kind: MapQuestion = "attention"
    tap: MapTap = "out"


@dataclass(frozen=True)
class NamedModel:
    """A model that could be asked, and what it is called."""

    model: AskedModel
    name: str


@dataclass(frozen=True)
class InputField:
    """One value of an input that a person can set: a column of a table.

    Attributes:
        categories: the names it may have; empty of a number.
        low, high: what it lies between in the data; of a number.
        has_missing: whether it may be missing.
    """

    name: str
    categories: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    has_missing: bool = False


#: A value of a column: a number, the name of a category, or nothing where it is missing.
Cell = float | str | None


@dataclass(frozen=True, eq=False)
class RunOverview:
    """What can be asked about a run.

    Attributes:
        classes: of its data.
        kind: of its data.
        shape: of one input, (C, H, W) or (D,).
        tested: examples of its test part.
        seats: its teacher, itself and its student alone, as far as they are there.
        others: the students of further runs that are tested on the same data, the newest first.
        fields: of a table its columns; empty of other data.
        cloud: of points in the plane some of the test part, (n, 2), and their classes, (n,); None of other data.
    """

    run: str
    classes: tuple[str, ...]
    kind: DataKind
    shape: tuple[int, ...]
    tested: int
    seats: Mapping[Seat, AskedModel]
    others: tuple[NamedModel, ...] = ()
    fields: tuple[InputField, ...] = ()
    cloud: tuple[np.ndarray, np.ndarray] | None = None

    @property
    def offers(self) -> Capabilities:
        """What can be done with its data."""
        return capabilities(self.kind)


@dataclass(frozen=True, eq=False)
class Example:
    """One input as the data of a run have it.

    Attributes:
        values: uint8 (C, H, W) of a picture, float32 (D,) of a point or an encoded row.
        truth: the name of its class; empty where nobody knows.
        words: where it comes from.
        cells: of a row of a table what stands in its columns; of a point its two coordinates.
        given: of a person's own file the picture as it was read, uint8 (H, W, 4); None of others.
    """

    values: np.ndarray
    truth: str = ""
    words: Text = field(default=NOTHING)
    cells: tuple[Cell, ...] = ()
    given: np.ndarray | None = None


@dataclass(frozen=True, eq=False)
class ModelAnswer:
    """What one model answers to an example.

    Attributes:
        title: what it is: "WRN-16-2, 0.69 M parameters".
        score: of its test part, where that is known.
        live: whether it was asked between two steps of its training.
    """

    model: AskedModel
    title: Text
    answer: SingleAnswer
    score: Reference | None = None
    live: bool = False

    def place_at(self, depth: float | None = None) -> str:
        """The group or block whose map is looked at.

        Args:
            depth: the share of its places it lies behind, above 0 and up to 1, so that networks of any depth are looked at
                alike; None for the last that tells enough places apart, else the finest.

        Returns:
            Its name; empty of an answer without maps.
        """
        names = list(self.answer.maps)
        if depth is not None and names:
            return names[max(0, ceil(depth * len(names) - ROUNDING) - 1)]
        fine = [name for name, one in self.answer.maps.items() if one.size >= PLACES]
        return fine[-1] if fine else max(names, key=lambda name: self.answer.maps[name].size, default="")

    def map_at(self, depth: float | None = None) -> np.ndarray | None:
        """The map of :meth:`place_at`, (h, w); None without one."""
        return self.answer.maps.get(self.place_at(depth))


def maps_alike(answers: Mapping[Seat, ModelAnswer | StudioError], depth: float | None = None) -> dict[Seat, float]:
    """By seat the cosine of its map and the teacher's, where both are there and of one size.

    Args:
        depth: which maps, see :meth:`ModelAnswer.place_at`.
    """
    maps = {seat: answer.map_at(depth) for seat, answer in answers.items() if isinstance(answer, ModelAnswer)}
    teacher = maps.pop("teacher", None)
    return {
        seat: float((own * teacher).sum())
        for seat, own in maps.items()
        if own is not None and teacher is not None and own.shape == teacher.shape
    }


@dataclass(frozen=True, eq=False)
class RunInside:
    """The inside of the networks of a run on pictures a person asks about, as snapshots hold it.

    Attributes:
        arrays: of its student and its teacher, by the names of :mod:`studio.runs.files.snapshot_check`.
        alone: of the student alone, by the student's names; empty without one.
        live: whether the student was asked between two steps of its training.
    """

    arrays: Mapping[str, np.ndarray]
    alone: Mapping[str, np.ndarray]
    live: bool = False
