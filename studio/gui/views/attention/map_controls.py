"""The controls over the table of maps: which maps, at which taps, of which student, and how much of the picture."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSlider, QWidget

from studio.gui.text.tool_tip import plain_tip
from studio.gui.views.attention.map_choice import ASK, ENDS
from studio.gui.views.attention.own_picture_button import OwnPictureButton
from studio.gui.views.charts.naming import group_name
from studio.gui.views.run_picker import RunPicker
from studio.gui.widgets.buttons import SegmentedControl
from studio.gui.widgets.flow import FlowLayout
from studio.gui.widgets.labels import Label
from studio.runs.inspect.asked_model import MapQuestion

#: The three maps of attention transfer, and how their formulas are written.
KINDS = (("sum", "Σ |A|"), ("sum2", "Σ |A|²"), ("max2", "max |A|²"))


class MapControls(QWidget):
    """Signals: ``chosen``, other maps are wanted; ``opacity_chosen``, how much of the map covers the picture, 0..1."""

    chosen = Signal()
    opacity_chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = (("attention", self.tr("Where they look")), ("grad_cam", self.tr("What speaks for the answer")))
        self.what = SegmentedControl(words, self.tr("Maps"))
        self.what.segment("attention").setToolTip(plain_tip(self.tr("Attention: where a layer answers strongly")))
        self.taps = QComboBox()
        self.taps.setAccessibleName(self.tr("Where in the networks"))
        self.taps.setToolTip(plain_tip(self.tr("Behind which layers the maps are taken")))
        self.taps.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._offered: tuple[str, ...] = ()
        self.kind = SegmentedControl(KINDS, self.tr("Map"), "sum2")
        tips = (self.tr("sum of magnitudes"), self.tr("sum of squares"), self.tr("largest square"))
        for (key, _), tip in zip(KINDS, tips, strict=True):
            self.kind.segment(key).setToolTip(plain_tip(self.tr("Over the channels: {what}").format(what=tip)))
        self.second = SegmentedControl(
            (("student", self.tr("Student")), ("alone", self.tr("Alone"))), self.tr("Beside the teacher")
        )
        self.second.hide()
        self.picker = RunPicker(self.tr("Student shown"))
        self.own = OwnPictureButton()
        self.own.hide()  # until there is somebody to ask
        self._lines = FlowLayout(8, self)
        for part in (self.what, self.taps, self.kind, self.second, self.picker, self._make_overlay(), self.own):
            self._lines.addWidget(part)
        self.what.chosen.connect(self.chosen)
        self.kind.chosen.connect(self.chosen)
        self.second.chosen.connect(self.chosen)
        self.picker.chosen.connect(self.chosen)
        self.taps.activated.connect(self.chosen)
        self.offer_taps(())

    def _make_overlay(self) -> QWidget:
        self.overlay = QSlider(Qt.Orientation.Horizontal)
        self.overlay.setRange(0, 100)
        self.overlay.setValue(60)
        self.overlay.setFixedWidth(90)
        self.overlay.setAccessibleName(self.tr("From the picture to the map"))
        self.overlay.valueChanged.connect(self._on_overlay)
        together = QWidget()
        row = QHBoxLayout(together)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for part in (Label(self.tr("Picture"), "explain"), self.overlay, Label(self.tr("Map"), "explain")):
            row.addWidget(part)
        return together

    @property
    def wanted(self) -> tuple[MapQuestion, str]:
        """Which maps, and at which tap."""
        what: MapQuestion = "grad_cam" if self.what.current == "grad_cam" else "attention"
        return what, str(self.taps.currentData() or ENDS)

    def offer_answer_maps(self, there: bool) -> None:
        """Whether what speaks for the answer can be chosen."""
        segment = self.what.segment("grad_cam")
        segment.setEnabled(there)
        words = (
            self.tr("Grad-CAM: which places raise the score of what the network answers")
            if there
            else self.tr("Not in the snapshots of this run: it was trained by an earlier version.")
        )
        segment.setToolTip(plain_tip(words))

    def offer_taps(self, taps: Sequence[str]) -> None:
        """The taps that can be chosen beside the ends of the groups; a chosen one that is gone makes way for those."""
        if (ENDS, *taps) != self._offered:
            chosen = self.taps.currentData()
            self._offered = (ENDS, *taps)
            with QSignalBlocker(self.taps):
                self.taps.clear()
                for tap in self._offered:
                    self.taps.addItem(self.tap_name(tap), tap)
                self.taps.setCurrentIndex(max(0, self.taps.findData(chosen)))
        self.taps.setVisible(len(self._offered) > 1)

    def show_choice(self) -> None:
        """Offer only what the choice leaves open: kinds of maps there are of attention at the ends of groups."""
        self.kind.setVisible(self.wanted == ("attention", ENDS))

    def tap_name(self, tap: str) -> str:
        """What a tap is called."""
        kind, _, group = tap.partition("/")
        if kind == "block":
            return self.tr("Blocks inside {group}").format(group=group_name(group))
        names = {
            ENDS: self.tr("Ends of the groups"),
            ASK: self.tr("Other layers: ask the networks"),
            "first": self.tr("First layer of each group"),
            "pre": self.tr("Before the last ReLU"),
        }
        return names[kind]

    def _on_overlay(self, percent: int) -> None:
        self.opacity_chosen.emit(percent / 100)
