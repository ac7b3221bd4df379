"""How a composed method trains: in one stage with the labels, or in two, the first of which copies alone."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from studio.gui.composer.composer_card import ComposerCard
from studio.gui.composer.stage_band import StageStrip
from studio.gui.presenters.composer_info import ComposerInfo
from studio.gui.text.say import say
from studio.gui.widgets.buttons import SegmentedControl
from studio.gui.widgets.labels import Label


class StagesCard(ComposerCard):
    """Shows the stages of a method, and lets a person choose them.

    Signals:
        chosen: "joint" or "two"; also where :meth:`show_method` shows another choice.
        put_beside: whether another method joins the labels.
        labels_chosen: whether the labels count in the first of two stages as well.
    """

    chosen = Signal(str)
    put_beside = Signal(bool)
    labels_chosen = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choice = SegmentedControl([("joint", self.tr("Joint")), ("two", self.tr("Two"))], self.tr("Stages"))
        self.band = StageStrip()
        self.beside = QCheckBox()
        self.labels_as_well = QCheckBox(self.tr("Labels in the first stage as well"))
        head = QHBoxLayout()
        head.addWidget(Label(self.tr("Stages"), "card"), 1)
        head.addWidget(self.choice)
        self.column.addLayout(head)
        self.column.addWidget(self.band)
        self.column.addWidget(self.beside)
        self.column.addWidget(self.labels_as_well)
        self.column.addStretch()
        self.choice.chosen.connect(self.chosen)
        self.beside.clicked.connect(self.put_beside)
        self.labels_as_well.clicked.connect(self.labels_chosen)

    def show_method(self, info: ComposerInfo) -> None:
        """Show the stages of a method as it stands."""
        two = info.table["settings"].get("stages") == "two"
        self.choice.choose("two" if two else "joint")
        self.band.show_stages([(say(span.title), span.share, say(span.length)) for span in info.spans])
        key, title = info.beside
        words = self.tr("{method} in the second stage") if two else self.tr("{method} as well")
        self.beside.setText(words.format(method=say(title)))
        self.beside.setChecked(any(table.get("key") == key for table in info.table.get("also", ())))
        self.labels_as_well.setVisible(two)
        self.labels_as_well.setChecked(bool(info.table["settings"].get("labels_as_well")))
