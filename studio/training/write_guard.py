"""What happens when nothing can be written: the one place that answers a full disk or a folder that refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from studio.core.errors import NotWritten
from studio.events import Event, StateChanged, WritingRefused
from studio.training.control import Control

T = TypeVar("T")


class Held(Protocol):
    """What a guard needs of the run it holds."""

    def emit_live(self, event: Event) -> None:
        """Tell an event of this moment that is never recorded, hence never refused."""

    def hold(self) -> None:
        """Wait until a person resumes or stops the run."""


class WriteGuard:
    """Through it goes everything a session writes: recorded events, checkpoints, results.

    Where writing is refused (:class:`NotWritten`) and somebody watches, the run is paused, :class:`WritingRefused` and
    the pause are told, and when the person resumes it is tried again: nothing is left out. Where nobody watches, or stop
    was asked, the error goes on its way; it leaves the session, and ``runs.launch`` keeps the run as interrupted.

    Args:
        control: knows whether somebody watches, and holds the run.
        held: the run that is held.
    """

    def __init__(self, control: Control, held: Held) -> None:
        self._control = control
        self._held = held

    def write(self, attempt: Callable[[], T]) -> T:
        """The result of ``attempt``, which writes whole or not at all, however often it takes.

        Raises:
            NotWritten: writing is refused, and nobody is there to mend that.
        """
        while True:
            try:
                return attempt()
            except NotWritten as refused:
                if not self._control.interactive or self._control.stopping:
                    raise
                self._wait_for_a_person(refused)

    def _wait_for_a_person(self, refused: NotWritten) -> None:
        self._control.pause()
        self._held.emit_live(
            WritingRefused(
                level="error", what=refused.what, why=refused.why, remedy=refused.remedy, offers=refused.offers
            )
        )
        self._held.emit_live(StateChanged(state="paused", words=refused.what))
        self._held.hold()
        self._held.emit_live(StateChanged(state="running"))
