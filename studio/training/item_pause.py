"""A pause in the middle of an item of a procedure, which may take minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.core.message import text
from studio.events import StateChanged

if TYPE_CHECKING:
    from studio.training.control import Control
    from studio.training.event_emitter import EventEmitter


class ItemPause:
    """What a person asks for while an item is worked on, and what they are told."""

    def __init__(self, emitter: EventEmitter, control: Control) -> None:
        self._emitter, self._control = emitter, control

    @property
    def stopping(self) -> bool:
        """Whether the end was asked for."""
        return self._control.stopping

    @property
    def holding(self) -> bool:
        """Whether a pause was asked for."""
        return self._control.holding

    def hold(self) -> bool:
        """Hold until the person goes on, asks for a step or for the end; nothing is worked on meanwhile.

        Returns:
            Whether the item under way is to be finished before the next pause: that is the step.
        """
        self._emitter.pause_until_turn()
        return self._control.paused

    def put_off(self) -> None:
        """Say that the pause comes after the item under way, where the work on it cannot be suspended."""
        words = text("Pausing after the item under way, which may take minutes")
        self._emitter.emit(StateChanged(state="running", words=words))
