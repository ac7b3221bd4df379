"""Says that examples are to learn from and to test on, and lets a person decide whether they are learnt from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from studio.core.message import Text
from studio.gui.text.say import say
from studio.gui.widgets.notice import NoticeBox, NoticeLevel


class CopiesNotice(NoticeBox):
    """Hidden where there are no copies.

    Signals:
        decided: whether they are to be left out of what is learnt from.
    """

    decided = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._learnt = True
        self.followed.connect(self._decide)

    def show_copies(self, copies: Sequence[Text], learnt: bool) -> None:
        """Exchange the words; ``learnt`` says whether they would be learnt from now."""
        self._learnt = learnt
        link = self.tr("Learn without them") if learnt else self.tr("Learn from them too")
        level: NoticeLevel = "warning" if learnt else "notice"
        self.show_message("\n".join(map(say, copies)), level, link)

    def _decide(self) -> None:
        self.decided.emit(self._learnt)
