"""What a part of the device checks is asked and what it says: lines that are kept as they come."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

#: Lines of a traceback that are told: the last calls and the error itself.
TOLD = 8


@dataclass(frozen=True)
class Request:
    """What a person asked for, as plain values that can be sent to another process.

    Attributes:
        device: "cpu", "cuda", ...
        limit: seconds that a part may take.
        only: methods by key; all where it is empty.
        data: the folder of CIFAR-10, for the part that needs it.
        fraction: of its training pictures.
    """

    device: str
    limit: float
    only: tuple[str, ...] = ()
    data: Path | None = None
    fraction: float = 1.0


@dataclass(frozen=True)
class Line:
    """One line of a part.

    Attributes:
        kind: what was measured, what failed, or what was left out and why.
        values: what it says, for programs.
    """

    kind: Literal["measured", "failed", "left out"]
    words: str
    values: dict[str, Any] = field(default_factory=dict)


class Report:
    """The lines of a part, handed on as they come, and the time it has left.

    Args:
        hand_on: takes each line at once.
        limit: seconds from now.
    """

    def __init__(self, hand_on: Callable[[Line], None], limit: float) -> None:
        self._hand_on = hand_on
        self._end = time.monotonic() + limit

    @property
    def seconds_left(self) -> float:
        """Until the part must have ended; below 0 where it should have."""
        return self._end - time.monotonic()

    def measured(self, words: str, **values: Any) -> None:
        """Something is known now."""
        self._hand_on(Line("measured", words, values))

    def left_out(self, words: str) -> None:
        """Something will not be known, and why."""
        self._hand_on(Line("left out", f"left out: {words}"))

    def failed(self, what: str, error: BaseException | None = None) -> None:
        """Something went wrong; the rest goes on."""
        lines = "".join(traceback.format_exception(error)).splitlines() if error is not None else []
        self._hand_on(Line("failed", "\n    ".join([f"FAILED: {what}", *lines[-TOLD:]]), {"what": what}))
