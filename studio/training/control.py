"""What a person may ask of a running session, from any thread: pause, resume, step, stop, and what its networks answer."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

from studio.training.questions import NetworkQuestion, Questions

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")


class Control:
    """Thread-safe wishes; the engine reads them between steps.

    Args:
        interactive: somebody watches and can press resume: a full disk then pauses the run instead of ending it.

    Attributes:
        questions: what was asked of the networks that train and is not answered yet.
    """

    def __init__(self, *, interactive: bool = False) -> None:
        self.interactive = interactive
        self.questions = Questions()
        self._changed = threading.Condition()
        self._paused = False
        self._stop = False
        self._steps = 0

    def pause(self) -> None:
        """Hold after the running step."""
        with self._changed:
            self._paused = True
            self._changed.notify_all()

    def resume(self) -> None:
        """Go on."""
        with self._changed:
            self._paused, self._steps = False, 0
            self._changed.notify_all()

    def step(self) -> None:
        """Do one step, then hold again. Pauses a running session."""
        with self._changed:
            self._paused = True
            self._steps += 1
            self._changed.notify_all()

    def stop(self) -> None:
        """End after the running step and keep what was learnt."""
        with self._changed:
            self._stop = True
            self._changed.notify_all()

    def ask(self, question: NetworkQuestion[T]) -> Future[T]:
        """Ask a network that trains; it answers after the running step, also while the session is paused.

        The answer raises :class:`~studio.training.questions.NotAnswering` where no session can give it.
        """
        answer = self.questions.put(question)
        with self._changed:
            self._changed.notify_all()
        return answer

    @property
    def stopping(self) -> bool:
        """Whether stop was asked."""
        return self._stop

    @property
    def paused(self) -> bool:
        """Whether the session holds, or will after the running step."""
        return self._paused and not self._stop

    @property
    def holding(self) -> bool:
        """Whether the session is to hold now: it was paused, and no step is permitted."""
        with self._changed:
            return self._paused and not self._stop and self._steps == 0

    def take_turn(self) -> bool:
        """Use up one permitted step; False when the caller must hold. Never blocks."""
        if not self._paused:  # read without the lock: a step later is soon enough
            return True
        with self._changed:
            if not self._paused or self._stop:
                return True
            if self._steps > 0:
                self._steps -= 1
                return True
            return False

    def wait(self, timeout: float | None = None) -> None:
        """Block until something changes (or ``timeout`` seconds passed). Questions are answered meanwhile."""
        self.questions.answer()
        with self._changed:
            if self._paused and not self._stop and self._steps == 0 and not self.questions.any:
                self._changed.wait(timeout)
