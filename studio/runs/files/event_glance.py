"""How far a run has come that has not ended: its plan, its last word and its step, from both ends of its events."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from studio.core.bounded_read import UnreadableFile, open_regular, parse_json
from studio.events import Event, PlanChanged, Resumed, RunEnded, RunStarted
from studio.runs.files.event_codec import from_line
from studio.runs.files.folder import RunFolder

#: How much of either end of ``events.jsonl`` is read, and the largest step that is taken for one.
TAIL, MOST_STEPS = 65_536, 2**53
#: Events after which a run stands elsewhere than the one before says.
_TURNS = frozenset(event.kind for event in (RunStarted, PlanChanged, Resumed, RunEnded))


def glance(folder: RunFolder) -> tuple[RunStarted | None, RunEnded | None, int]:
    """The plan of a run, its last word if it has said it, and the step it has come to; from both ends of its events."""
    try:
        with open_regular(folder.events) as stream:
            head = stream.read(TAIL)
            size = stream.seek(0, 2)
            stream.seek(max(0, size - TAIL))
            tail = stream.read(TAIL)
    except (OSError, UnreadableFile):
        return None, None, 0
    begun = next((event for event in _events(head) if isinstance(event, RunStarted)), None)
    ended, step = None, 0
    for line in tail.splitlines():
        values = _head_of(line)
        if values.get("kind") in _TURNS and (read := from_line(line)) is not None:
            step = read.event.step if isinstance(read.event, Resumed) else max(step, read.event.step)
            ended = read.event if isinstance(read.event, RunEnded) else None
            if begun is not None and isinstance(read.event, RunStarted | PlanChanged):
                begun = replace(begun, plan=read.event.plan, steps=read.event.steps, epochs=read.event.epochs)
        else:
            step = max(step, _step_of(values))
    return begun, ended, step


def _head_of(line: bytes) -> dict[str, Any]:
    """The values of a line as they stand; none of one that is torn. Of hundreds of lines only a few need be more."""
    try:
        values = parse_json(line)
    except (ValueError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _events(data: bytes) -> Iterator[Event]:
    for line in data.splitlines():
        read = from_line(line)
        if read is not None:
            yield read.event


def _step_of(values: dict[str, Any]) -> int:
    step = values.get("step")
    return step if isinstance(step, int) and 0 <= step <= MOST_STEPS else 0
