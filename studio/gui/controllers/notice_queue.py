"""The strip above the page: one sentence at a time and one link that does something about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from studio.gui.widgets.notice import NoticeBox, NoticeLevel


class NoticeQueue(QObject):
    """Notices wait for one another; the newest undo comes first."""

    def __init__(self, notice: NoticeBox, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._notice = notice
        self._waiting: list[tuple[str, str, Callable[[], object], NoticeLevel]] = []
        notice.followed.connect(self._follow_link)

    def show_first(self, words: str, link: str, does: Callable[[], object], level: NoticeLevel = "notice") -> None:
        """Say ``words``, with ``link`` to do something about it, before what else there is to say."""
        self._waiting.insert(0, (words, link, does, level))
        self._show()

    def add(self, words: str, link: str, does: Callable[[], object], level: NoticeLevel = "notice") -> None:
        """Say it when what else there is has been followed or put away."""
        self._waiting.append((words, link, does, level))
        self._show()

    def clear(self) -> None:
        """Say nothing of what there was to say."""
        self._waiting.clear()
        self._show()

    def _follow_link(self) -> None:
        if self._waiting:
            _, _, does, _ = self._waiting.pop(0)
            self._show()
            does()

    def _show(self) -> None:
        if self._waiting:
            words, link, _, level = self._waiting[0]
            self._notice.show_message(words, level, link)
        else:
            self._notice.show_message("")
