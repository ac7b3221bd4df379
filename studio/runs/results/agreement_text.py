"""The agreement that a run reported, in words for terminal and report."""

from __future__ import annotations

from collections.abc import Sequence

from studio.core.format import NBSP
from studio.events import AgreementReading, GroupAgreement, KeyMoment
from studio.runs.files.folder import RunFolder, read_document
from studio.runs.files.summary import Summary

_MOMENTS: dict[KeyMoment, str] = {"start": "untrained", "copied": "after copying", "end": "at the end"}
_WAYS = {"connector": "behind its own connector", "direct": "channel by channel"}
HOW = "Behind a map fitted the same way for every student of this teacher: compare runs by these numbers."


def agreement_lines(folder: RunFolder) -> list[tuple[str, str]]:
    """When, and how far the neurons of every group agreed with the teacher's; none where that was not measured.

    Example of a line: ``("at the end", "97.6 / 83.2 % (chance 50.7 / 50.2 %); behind its own connector 81.2 / 76.5 % (...)")``.
    """
    summary = read_document(folder.summary, Summary)
    reported = summary.agreement if summary is not None else {}
    return [(words, _told(reported[moment], moment)) for moment, words in _MOMENTS.items() if reported.get(moment)]


def _told(groups: Sequence[GroupAgreement], moment: KeyMoment) -> str:
    words = _reading([group.fitted for group in groups])
    own = [(group.way, group.own) for group in groups if group.way is not None and group.own is not None]
    if moment == "start":  # a connector that has learnt nothing tells nothing
        return words
    for way in dict.fromkeys(way for way, _ in own):
        words += f"; {_WAYS[way]} {_reading([reading for of, reading in own if of == way])}"
    return words


def _reading(readings: Sequence[AgreementReading]) -> str:
    values = " / ".join(f"{100 * reading.agreement:.1f}" for reading in readings)
    chance = " / ".join(f"{100 * reading.chance:.1f}" for reading in readings)
    return f"{values}{NBSP}% (chance {chance}{NBSP}%)"
