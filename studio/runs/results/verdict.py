"""What a result is worth: whether the teaching helped, and whether that may be chance."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from studio.runs.references import ENDED_WELL

if TYPE_CHECKING:
    from studio.runs.run_info import RunInfo
    from studio.runs.statistics.gap import Gap


class ResultVerdict(StrEnum):
    """How a student stands to the one trained alone."""

    HELPED = "helped"
    MAY_BE_CHANCE = "may be chance"
    NO_HELP = "no help"
    HARM = "harm"
    NO_GAP = "no gap"
    NOT_COMPARED = "not compared"
    UNFINISHED = "unfinished"


def verdict_of(info: RunInfo) -> ResultVerdict:
    """What one run is worth by itself: its interval is over the test pictures alone, so a second seed may say otherwise."""
    if info.state not in ENDED_WELL:
        return ResultVerdict.UNFINISHED
    if info.gap is not None:
        level = (
            info.reached is not None
            and info.alone_reference is not None
            and info.scale.are_alike(info.reached.value, info.alone_reference.value)
        )
        return ResultVerdict.NO_HELP if level else verdict_of_gap(info.gap)
    known = info.teacher_reference is not None and info.alone_reference is not None
    return ResultVerdict.NO_GAP if known and info.gap_words else ResultVerdict.NOT_COMPARED


def verdict_of_gap(gap: Gap) -> ResultVerdict:
    """By the interval of the share of the gap that is closed."""
    if gap.low > 0:
        return ResultVerdict.HELPED
    if gap.high < 0:
        return ResultVerdict.HARM
    return ResultVerdict.MAY_BE_CHANCE if gap.value > 0 else ResultVerdict.NO_HELP
