"""What is asked and what is answered: one input for up to three models. Plain values; asked in a worker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from studio.core.errors import StoppedEarly, StudioError
from studio.runs.inspect.asked_model import AskedModel, Cell, Example, MapWish, ModelAnswer, Seat

if TYPE_CHECKING:
    import numpy as np

    from studio.runs.inspect.inspector import Inspector


#: Attention at the ends of the groups.
ENDS = MapWish()


class Given(Protocol):
    """A picture, a point or a row a person gives."""

    def example(self, inspector: Inspector, run: str, stopping: Callable[[], bool]) -> Example:
        """As the data of ``run`` have it; raises StudioError."""


@dataclass(frozen=True)
class FromTestPart:
    """One of the examples a run was tested on, from 0."""

    row: int

    def example(self, inspector: Inspector, run: str, stopping: Callable[[], bool]) -> Example:
        return inspector.test_example(run, self.row, stopping)


@dataclass(frozen=True, eq=False)
class OwnPicture:
    """Drawn, pasted or taken by a camera: uint8 (H, W, 4)."""

    pixels: np.ndarray
    name: str

    def example(self, inspector: Inspector, run: str, stopping: Callable[[], bool]) -> Example:
        return inspector.own_example(run, self.pixels, self.name, stopping)


@dataclass(frozen=True)
class OwnFile:
    """The file of a picture."""

    path: Path

    def example(self, inspector: Inspector, run: str, stopping: Callable[[], bool]) -> Example:
        return inspector.file_example(run, self.path, stopping)


@dataclass(frozen=True)
class FilledIn:
    """A place in the plane, or a row of a table, value by value."""

    cells: tuple[Cell, ...]

    def example(self, inspector: Inspector, run: str, stopping: Callable[[], bool]) -> Example:
        return inspector.filled_example(run, self.cells, stopping)


@dataclass(frozen=True, eq=False)
class Trial:
    """What came of it.

    Attributes:
        answers: by seat what each model answers, or why it does not.
    """

    given: Given
    example: Example
    answers: Mapping[Seat, ModelAnswer | StudioError]


def try_out(
    inspector: Inspector,
    run: str,
    given: Given,
    asked: Mapping[Seat, AskedModel],
    stopping: Callable[[], bool],
    wish: MapWish = ENDS,
) -> Trial:
    """Ask all models about one input.

    Args:
        wish: which maps are wanted beside the answers.

    Raises:
        StudioError: the input cannot be used; what a single model says of it stands in the answer.
        StoppedEarly: ``stopping()`` turned true.
    """
    example = given.example(inspector, run, stopping)
    answers: dict[Seat, ModelAnswer | StudioError] = {}
    for seat, model in asked.items():
        try:
            answers[seat] = inspector.answer(model, run, example, stopping, wish)
        except StoppedEarly:
            raise
        except StudioError as error:
            answers[seat] = error
    return Trial(given, example, answers | _timed_in_turn(inspector, run, example, answers, stopping))


def _timed_in_turn(
    inspector: Inspector,
    run: str,
    example: Example,
    answers: Mapping[Seat, ModelAnswer | StudioError],
    stopping: Callable[[], bool],
) -> dict[Seat, ModelAnswer]:
    """The answers with times that can stand beside each other. One that trains was timed between its steps, and stays so."""
    still = {seat: one for seat, one in answers.items() if isinstance(one, ModelAnswer) and not one.live}
    if len(still) < 2:
        return {}
    times = inspector.times([one.model for one in still.values()], run, example, stopping)
    return {
        seat: replace(one, answer=replace(one.answer, time=time))
        for (seat, one), time in zip(still.items(), times, strict=True)
    }
