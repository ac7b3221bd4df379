"""What was looked at in the help: one step back and one forward, as in any browser."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class HelpTopic:
    """Something the help can show.

    Attributes:
        page: a page of resources/help, without its ending; empty where ``markdown`` is shown.
        section: a heading of the page to begin at; empty for its top.
        markdown: what is shown instead of a page: what a setting means, all keys.
    """

    page: str = ""
    section: str = ""
    markdown: str = ""


class HelpHistory:
    """Topics in the order they were shown, and which of them is shown now.

    A topic that only followed the focus does not stay behind where the next one does the same: one step back leads to what
    somebody read.
    """

    def __init__(self) -> None:
        self._topics: list[HelpTopic] = []
        self._number = -1
        self._followed = False

    @property
    def current(self) -> HelpTopic:
        """What is shown now."""
        return self._topics[self._number] if self._topics else HelpTopic()

    @property
    def can_go_back(self) -> bool:
        """Whether something was shown before."""
        return self._number > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether somebody went back."""
        return self._number < len(self._topics) - 1

    def visit(self, topic: HelpTopic, followed: bool = False) -> None:
        """Show something else; what lay ahead is forgotten.

        Args:
            topic: what is shown now.
            followed: nobody asked for it, it belongs to what has the focus.
        """
        if topic == self.current:
            return
        if not (followed and self._followed and self._topics):
            self._number += 1
        self._topics[self._number :] = [topic]
        self._followed = followed

    def read(self) -> None:
        """What is shown now is being read: one step back leads to it from wherever one goes."""
        self._followed = False

    def go_back(self) -> HelpTopic:
        """One step back, where there is one; returns what is shown now."""
        return self._go(-1)

    def go_forward(self) -> HelpTopic:
        """One step forward, where there is one; returns what is shown now."""
        return self._go(1)

    def _go(self, step: int) -> HelpTopic:
        if 0 <= self._number + step < len(self._topics):
            self._number += step
        self._followed = False
        return self.current
