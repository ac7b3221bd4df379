"""Which maps stand in the columns: where they look or what speaks for the answer, behind which layers, how deep."""

from __future__ import annotations

from collections.abc import Iterable
from typing import get_args

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QWidget

from studio.gui.text.tool_tip import plain_tip
from studio.gui.views.charts.naming import group_name, group_of_block
from studio.gui.widgets.buttons import SegmentedControl
from studio.gui.widgets.flow import FlowLayout
from studio.gui.widgets.labels import Label
from studio.runs.inspect.asked_model import MapQuestion, MapTap, MapWish, ModelAnswer


class MapBar(QWidget):
    """Signals: ``wished``, other maps are to be asked for; ``moved``, those that were given are looked at elsewhere."""

    wished = Signal()
    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = (("attention", self.tr("Where they look")), ("grad_cam", self.tr("What speaks for the answer")))
        self.what = SegmentedControl(words, self.tr("Maps"))
        self.what.segment("attention").setToolTip(plain_tip(self.tr("Attention: where a layer answers strongly")))
        self.what.segment("grad_cam").setToolTip(
            plain_tip(self.tr("Grad-CAM: which places raise the score of what the network answers"))
        )
        self.what.chosen.connect(self.wished)
        self.taps = QComboBox()
        self.taps.setAccessibleName(self.tr("Where in the networks"))
        self.taps.setToolTip(plain_tip(self.tr("Behind which layers the maps are taken")))
        self.taps.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.taps.activated.connect(self._take_tap)
        self._offered: tuple[MapTap, ...] = ()
        self._chosen: float | None = None
        row = FlowLayout(8, self)
        for part in (self.what, self.taps, self._make_depth()):
            row.addWidget(part)
        self._offer_taps(("out",))

    def _make_depth(self) -> QWidget:
        self.how_deep = QSlider(Qt.Orientation.Horizontal)
        self.how_deep.setFixedWidth(90)
        self.how_deep.setPageStep(1)
        self.how_deep.setAccessibleName(self.tr("How deep in the networks"))
        self.how_deep.setToolTip(plain_tip(self.tr("From the layers near the picture to those near the answer")))
        self.how_deep.valueChanged.connect(self._take_depth)
        self.place = Label("", "explain")
        together = QWidget()
        together.setFixedHeight(self.what.height())
        row = QHBoxLayout(together)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self.how_deep)
        row.addWidget(self.place)
        return together

    @property
    def wish(self) -> MapWish:
        """What is to be asked for."""
        kind: MapQuestion = "grad_cam" if self.what.current == "grad_cam" else "attention"
        tap: MapTap = self.taps.currentData() or "out"
        return MapWish(kind, tap)

    @property
    def depth_chosen(self) -> float | None:
        """How deep a person looks, see :meth:`ModelAnswer.place_at`; None until they have moved the slider."""
        return self._chosen

    def show_answers(self, answers: Iterable[ModelAnswer]) -> None:
        """Offer what these networks have; nothing where none of them has an inside."""
        given = [one for one in answers if one.answer.taps]
        self.setVisible(bool(given))
        self._offer_taps(tuple(tap for tap in get_args(MapTap) if any(tap in one.answer.taps for one in given)))
        explains = any(one.answer.explains for one in given)
        self.what.segment("grad_cam").setEnabled(explains)
        deepest = max(given, key=lambda one: len(one.answer.maps), default=None)
        count = 0 if deepest is None else len(deepest.answer.maps)
        self.how_deep.setVisible(count > 1)
        self.place.setVisible(count > 0)
        if deepest is None or not count:
            return
        shown = deepest.place_at(self._chosen)
        with QSignalBlocker(self.how_deep):
            self.how_deep.setRange(0, count - 1)
            self.how_deep.setValue(list(deepest.answer.maps).index(shown))
        self.place.setText(self.place_name(shown))
        self.how_deep.setAccessibleDescription(self.place.text())

    def place_name(self, place: str) -> str:
        """What a group or block is called."""
        group, block = group_of_block(place)
        if block is None:
            return group_name(group)
        return self.tr("{group}, block {n}").format(group=group_name(group), n=block)

    def _offer_taps(self, taps: tuple[MapTap, ...]) -> None:
        names = {
            "out": self.tr("Ends of the groups"),
            "first": self.tr("First layer of each group"),
            "pre": self.tr("Before the last ReLU"),
            "block": self.tr("Every block"),
        }
        if taps and taps != self._offered:
            chosen = self.taps.currentData()
            self._offered = taps
            with QSignalBlocker(self.taps):
                self.taps.clear()
                for tap in taps:
                    self.taps.addItem(names[tap], tap)
                self.taps.setCurrentIndex(max(0, self.taps.findData(chosen)))
        self.taps.setVisible(len(self._offered) > 1)

    def _take_tap(self) -> None:
        self._chosen = None
        self.wished.emit()

    def _take_depth(self, value: int) -> None:
        self._chosen = (value + 1) / (self.how_deep.maximum() + 1)
        self.moved.emit()
