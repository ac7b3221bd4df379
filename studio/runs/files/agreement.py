"""The agreement a run reported at its key moments, read from its events."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from studio.events import Event, GroupAgreement, KeyMoment, Resumed, Snapshot
from studio.runs.files.event_codec import MAX_LINE, from_line
from studio.runs.files.folder import RunFolder

ReportedAgreement = dict[KeyMoment, tuple[GroupAgreement, ...]]

#: What stands in the lines that matter: all others are passed over unread, a long run has a million of them.
_MARKS = (b'"kind":"snapshot"', b'"kind":"resumed"')


def read_agreement(folder: RunFolder) -> ReportedAgreement:
    """By moment what was reported last; a moment is missing that was not reached, or of which version 0.1.0 told nothing.

    What stands later than where the run went on from does not count.
    """
    found: dict[KeyMoment, Snapshot] = {}
    for event in _events(folder):
        if isinstance(event, Resumed):
            found = {moment: told for moment, told in found.items() if told.step <= event.step}
        elif isinstance(event, Snapshot) and event.agreement:
            found |= dict.fromkeys(event.moments, event)
    return {moment: told.agreement for moment, told in found.items()}


def _events(folder: RunFolder) -> Iterator[Event]:
    try:
        with folder.events.open("rb") as lines:
            for line in iter(partial(lines.readline, MAX_LINE), b""):
                if any(mark in line for mark in _MARKS):
                    read = from_line(line)
                    if read is not None:
                        yield read.event
    except OSError:
        return
