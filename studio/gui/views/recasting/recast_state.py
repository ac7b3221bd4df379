"""Where a recasting stands: which blocks are exchanged, which one is at work, and how near each came. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from studio.core.network_reading import BlockReading
from studio.events import StageBand, StudentRebuilt
from studio.runs.files.history import RunHistory

BlockState = Literal["kept", "waiting", "at work", "done"]


@dataclass(frozen=True)
class BlockPair:
    """A block of the teacher and the one in its place.

    Attributes:
        number: which of those to exchange it is, from 1; 0 where it is kept.
        student: as it is now; ``planned`` as it will be.
        apart: the squared difference behind it as it was last watched, as a share of how much the teacher's activations
            vary there; None where it was not watched.
    """

    number: int
    state: BlockState
    teacher: BlockReading
    student: BlockReading
    planned: BlockReading
    apart: float | None = None


@dataclass(frozen=True, eq=False)
class DifferenceCurve:
    """How a new block came nearer: the share of its time that was over, (n,), and the squared difference, (n,)."""

    title: str
    state: BlockState
    share: np.ndarray
    difference: np.ndarray


@dataclass(frozen=True, eq=False)
class RecastState:
    """A recasting at one moment.

    Attributes:
        told: what was said when the present stage, or the last one that rebuilt the student, began.
        pairs: the blocks from the input up to the classifier, which is left out.
        compared: the index of the pair behind which both are compared; that behind the last is the scores.
    """

    told: StudentRebuilt
    pairs: tuple[BlockPair, ...]
    compared: tuple[int, ...]
    curves: tuple[DifferenceCurve, ...]


def is_recasting(history: RunHistory) -> bool:
    """Whether blocks were exchanged in a run."""
    return bool(history.rebuilt)


def recast_state(history: RunHistory, epoch: float | None) -> RecastState | None:
    """The state at an epoch, None being the latest; nothing before the first block was exchanged."""
    if not history.rebuilt:
        return None
    step = history.step if epoch is None else epoch * history.steps_per_epoch
    told = next((told for told in reversed(history.rebuilt) if told.step <= step), history.rebuilt[0])
    band = _band_at(history.plan, step)
    at_work = _stage_blocks(told, band.name if band is not None else "")
    order = _order(history)
    pairs = []
    for index, teacher in enumerate(told.teacher.blocks[:-1]):
        student, planned = told.student.blocks[index], told.planned.blocks[index]
        number = order.index(teacher.name) + 1 if teacher.name in order else 0
        state, watched = _state(teacher.name, order, at_work, history, step), history.observed.get(teacher.name)
        apart = watched.at(step) if watched is not None else None
        pairs.append(BlockPair(number, state, teacher, student, planned, apart))
    names = [block.name for block in told.teacher.blocks]
    busy = band is not None and band.name == told.stage
    compared = tuple(names.index(name) for name in told.compared if name in names) if busy else ()
    return RecastState(told, tuple(pairs), compared, _curves(history, order, step))


def _band_at(plan: Sequence[StageBand], step: float) -> StageBand | None:
    return next((band for band in plan if band.begin <= step < band.end), plan[-1] if plan else None)


def _stage_blocks(told: StudentRebuilt, stage: str) -> tuple[str, ...]:
    """The blocks that are at work in a stage: those it says it is about, or all that were exchanged for it.

    Version 0.1.0 said nothing: there a stage of one block had its name.
    """
    if stage == told.stage and told.at_work:
        return told.at_work
    names = [block.name for block in told.teacher.blocks]
    if stage in names:
        return (stage,)
    return _exchanged(told) if stage == told.stage else ()


def _exchanged(told: StudentRebuilt) -> tuple[str, ...]:
    pairs = zip(told.teacher.blocks[:-1], told.planned.blocks[:-1], strict=False)
    return tuple(old.name for old, new in pairs if (old.block, old.channels) != (new.block, new.channels))


def _order(history: RunHistory) -> list[str]:
    """The names of the blocks to exchange, in order."""
    first = history.rebuilt[0]
    names = {block.name for block in first.teacher.blocks}
    planned = [band.name for band in history.plan if band.name in names]
    return planned or list(_exchanged(first))


def _state(name: str, order: Sequence[str], at_work: Sequence[str], history: RunHistory, step: float) -> BlockState:
    if name not in order:
        return "kept"
    own = next((band for band in history.plan if band.name == name), None)
    if name in at_work and history.state != "finished":
        return "at work"
    if own is not None:
        return "done" if step >= own.end else "at work" if step >= own.begin else "waiting"
    return "done"


def _curves(history: RunHistory, order: Sequence[str], step: float) -> tuple[DifferenceCurve, ...]:
    """One a block where they are exchanged one by one, else one a term of the stage of all."""
    bands = [band for band in history.plan if band.name in order]
    if bands:
        return tuple(_curve(history, str(i), "difference", band, step) for i, band in enumerate(bands, start=1))
    stage = next((band for band in history.plan if band.name == history.rebuilt[0].stage), None)
    if stage is None:
        return ()
    names = [name for name in history.terms if name.startswith("block ")]
    return tuple(_curve(history, name.removeprefix("block "), name, stage, step) for name in names)


def _curve(history: RunHistory, title: str, term: str, band: StageBand, step: float) -> DifferenceCurve:
    state: BlockState = "done" if step >= band.end else "at work" if step >= band.begin else "waiting"
    if term not in history.terms:
        return DifferenceCurve(title, state, np.empty(0), np.empty(0))
    raw = history.terms[term].raw
    inside = (raw.x > band.begin) & (raw.x <= min(step, band.end)) & (raw.y > 0)
    length = max(1, band.end - band.begin)
    return DifferenceCurve(title, state, (raw.x[inside] - band.begin) / length, raw.y[inside])
