"""What data hold before they are used: asked whenever the choice rests, a table or own pictures shown in a card."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.core.errors import StudioError
from studio.core.picture_preview import PicturePreview
from studio.core.table_preview import TablePreview
from studio.gui.chooser.picture_preview_card import PicturePreviewCard
from studio.gui.chooser.table_preview_card import TablePreviewCard
from studio.gui.presenters.draft_info import Presenter, Values
from studio.gui.system.background_jobs import Submit
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say

#: Milliseconds without a change after which the data are read again.
PAUSE = 300


class DataPreview(GuardedOverrides, QWidget):
    """Asks what the data hold, also when the window comes back to the front: their files may be others by then.

    Signals:
        answered: ``problem`` says what is wrong with them, ``is_own`` whether they are a person's own and were named,
            ``pictures`` how many own pictures can be used.
    """

    answered = Signal()

    def __init__(self, presenter: Presenter, submit: Submit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter, self._submit = presenter, submit
        self._forget: Callable[[], None] | None = None
        self._values: Values = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE)
        self._timer.timeout.connect(self._ask)
        self.problem = ""
        self.is_own = False
        self.pictures = 0
        self.table_card, self.picture_card = TablePreviewCard(), PicturePreviewCard()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for card in (self.table_card, self.picture_card):
            column.addWidget(card)
            card.hide()
        self.hide()

    def show_choice(self, key: str, table: Values) -> None:
        """Ask about another choice at once."""
        self._values = {"dataset": {**table, "key": key}}
        self._timer.stop()
        self._ask()

    def follow(self, key: str, table: Values) -> None:
        """Ask again once nothing has changed for a moment."""
        values = {"dataset": {**table, "key": key}}
        if values != self._values:
            self._values = values
            self._timer.start()

    def forget(self) -> None:
        """No answer is wanted any more."""
        self._timer.stop()
        if self._forget is not None:
            self._forget()
            self._forget = None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and self.isActiveWindow() and self.is_own:
            self._timer.start()

    def _ask(self) -> None:
        if self._forget is not None:
            self._forget()
        self._forget = self._submit(
            partial(self._presenter.preview, self._values), self._show_preview, self._show_failure
        )

    def _show_failure(self, _error: StudioError) -> None:
        self._show_preview(None)

    def _show_preview(self, preview: TablePreview | PicturePreview | None) -> None:
        table = preview if isinstance(preview, TablePreview) else None
        pictures = preview if isinstance(preview, PicturePreview) else None
        self.problem = say(preview.problem) if preview is not None else ""
        self.is_own = (pictures is not None and pictures.is_picked) or (table is not None and table.is_own)
        self.pictures = pictures.pictures if pictures is not None else 0
        if table is not None:
            self.is_own = self.is_own and table.is_picked
            self.table_card.show_preview(table)
        if pictures is not None:
            self.picture_card.show_preview(pictures)
        self.table_card.setVisible(table is not None)
        self.picture_card.setVisible(pictures is not None)
        self.setVisible(preview is not None and preview.is_picked)
        self.answered.emit()
