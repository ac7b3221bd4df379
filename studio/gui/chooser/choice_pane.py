"""The right side of the page on which a step is chosen: what is known of the choice, its options, and what belongs to them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QBoxLayout, QFrame, QScrollArea, QVBoxLayout, QWidget

from studio.gui.chooser.choice_details import ChoiceDetails
from studio.gui.chooser.data_preview import DataPreview
from studio.gui.chooser.options import Options
from studio.gui.chooser.pair_card import PairCard
from studio.gui.composer.composer_page import ComposerPage

#: From this width on what data hold is shown beside their options, not below them.
_BESIDE = 700
#: As wide as options get where nothing stands below them.
_OPTIONS_WIDTH = 560


class ChoicePane(QScrollArea):
    """Shows them below one another, or options and data side by side.

    Args:
        details: of the choice.
        options: that it leaves open.
        preview: what data hold; None where something else is chosen.
        pair: teacher and student beside each other; None likewise.
        composer_page: what a method is made of; None likewise.
    """

    def __init__(
        self,
        details: ChoiceDetails,
        options: Options,
        preview: DataPreview | None,
        pair: PairCard | None,
        composer_page: ComposerPage | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._options_card = _options_card(options, None if pair is not None else _OPTIONS_WIDTH)
        self._cards = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        inside = QWidget()
        content = QVBoxLayout(inside)
        content.setContentsMargins(20, 16, 20, 12)
        content.setSpacing(12)
        content.addWidget(details)
        if pair is not None:
            content.addWidget(pair)
        self._cards.setSpacing(12)
        self._cards.addWidget(self._options_card, 2, Qt.AlignmentFlag.AlignTop)
        if preview is not None:
            self._cards.addWidget(preview, 3, Qt.AlignmentFlag.AlignTop)
        self._cards.addStretch()  # options that stand alone keep to the left
        content.addLayout(self._cards)
        if composer_page is not None:
            details.add_beside_title(composer_page.mode)
            content.addWidget(composer_page)
        content.addStretch()
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)

    def show_options(self, *, shown: bool) -> None:
        """Whether there are options to be seen."""
        self._options_card.setVisible(shown)

    def use_width(self, width: int) -> None:
        """Lay out for so much room."""
        beside = width >= _BESIDE
        self._cards.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)


def _options_card(options: Options, most: int | None) -> QFrame:
    card = QFrame()
    card.setProperty("surface", "card")
    if most is not None:
        card.setMaximumWidth(most)
    column = QVBoxLayout(card)
    column.setContentsMargins(16, 12, 16, 12)
    column.addWidget(options)
    return card
