"""Questions of the views to networks and data, answered off the window's thread; of each topic the newest counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from studio.core.errors import StoppedEarly, StudioError
from studio.gui.system.background_jobs import Submit

if TYPE_CHECKING:
    from studio.runs.inspect.inspector import Inspector

T = TypeVar("T")
#: Asks an inspector; the second argument says whether the answer is still wanted.
Inquiry = Callable[["Inspector", Callable[[], bool]], T]


class _Asked:
    """A question on its way."""

    def __init__(self) -> None:
        self.taken_back = False
        self.forget: Callable[[], None] | None = None

    def is_taken_back(self) -> bool:
        return self.taken_back

    def take_back(self) -> None:
        """It is not begun any more, or ends early, and nobody is told."""
        self.taken_back = True
        if self.forget is not None:
            self.forget()


class Inspection:
    """Hands questions to one inspector, in the order they come.

    Args:
        submit: does a job in a worker; a thread that nothing else waits for, because data may have to be read first.
        make: makes the inspector, in the worker, when the first question comes.
    """

    def __init__(self, submit: Submit, make: Callable[[], Inspector]) -> None:
        self._submit = submit
        self._make = make
        self._inspector: Inspector | None = None
        self._asked: dict[str, _Asked] = {}

    def ask(
        self,
        topic: str,
        question: Inquiry[T],
        then: Callable[[T], object],
        otherwise: Callable[[StudioError], object] | None = None,
    ) -> None:
        """Have ``question`` answered; an earlier one of the same topic that is not answered yet is taken back.

        Args:
            topic: one for each place where an answer is shown.
            then: told the answer, ``otherwise`` why there is none, both in the window's thread.
        """
        self.take_back(topic)
        asked = self._asked[topic] = _Asked()

        def job() -> T | None:
            if asked.taken_back:
                return None
            if self._inspector is None:
                self._inspector = self._make()
            try:
                return question(self._inspector, asked.is_taken_back)
            except StoppedEarly:
                return None

        def answered(answer: T | None) -> None:
            if not asked.taken_back and answer is not None:
                self._asked.pop(topic, None)
                then(answer)

        def failed(error: StudioError) -> None:
            if not asked.taken_back:
                self._asked.pop(topic, None)
                if otherwise is not None:
                    otherwise(error)

        asked.forget = self._submit(job, answered, failed)

    def take_back(self, topic: str) -> None:
        """Nobody waits for an answer to this topic any more."""
        asked = self._asked.pop(topic, None)
        if asked is not None:
            asked.take_back()

    def waits(self, topic: str) -> bool:
        """Whether an answer to this topic is on its way."""
        return topic in self._asked
