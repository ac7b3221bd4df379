"""The strip above the page: one sentence at a time and one link that does something about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QObject

from studio.gui.widgets.notice import NoticeBox, NoticeLevel


class _Waiting(NamedTuple):
    words: str
    link: str
    does: Callable[[], object]
    level: NoticeLevel
    about: str


class NoticeQueue(QObject):
    """Notices wait for one another; the newest undo comes first."""

    def __init__(self, notice: NoticeBox, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notice = notice
        self._waiting: list[_Waiting] = []
        notice.followed.connect(self._follow_link)

    def show_first(
        self, words: str, link: str, does: Callable[[], object], level: NoticeLevel = "notice", about: str = ""
    ) -> None:
        """Say ``words``, with ``link`` to do something about it, before what else there is to say.

        Args:
            about: for :meth:`forget`.
        """
        self._waiting.insert(0, _Waiting(words, link, does, level, about))
        self._show()

    def add(
        self, words: str, link: str, does: Callable[[], object], level: NoticeLevel = "notice", about: str = ""
    ) -> None:
        """Say it when what else there is has been followed or put away; see :meth:`show_first`."""
        self._waiting.append(_Waiting(words, link, does, level, about))
        self._show()

    def forget(self, about: str) -> None:
        """What was offered about this has been done in another way."""
        self._waiting = [one for one in self._waiting if not about or one.about != about]
        self._show()

    def clear(self) -> None:
        """Say nothing of what there was to say."""
        self._waiting.clear()
        self._show()

    def _follow_link(self) -> None:
        if self._waiting:
            followed = self._waiting.pop(0)
            self._show()
            followed.does()

    def _show(self) -> None:
        if self._waiting:
            first = self._waiting[0]
            self._notice.show_message(first.words, first.level, first.link)
        else:
            self._notice.show_message("")
