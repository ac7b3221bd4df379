"""The Attention view: do teacher and student look at the same places?"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from studio.core.data_kinds import capabilities
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.text.say import say
from studio.gui.training.inspection import Inspection
from studio.gui.views.attention.asked_pictures import AskedPictures
from studio.gui.views.attention.attention_table import AttentionTable
from studio.gui.views.attention.map_choice import (
    ASK,
    ENDS,
    INNER_KIND,
    has_maps,
    taps_of,
)
from studio.gui.views.attention.map_content import MapSource, map_content
from studio.gui.views.attention.map_controls import MapControls
from studio.gui.views.base import View
from studio.gui.views.charts.alone_arrays import alone_arrays
from studio.gui.views.charts.moments import SnapshotCurvesOfRuns, arrays_of, moment_at, moments_back
from studio.gui.views.charts.own_pixels import holds_picture
from studio.gui.views.charts.scale_bar import ScaleBar
from studio.gui.views.charts.time_axis import ACTIVE
from studio.gui.views.empty_page import EmptyReason
from studio.gui.views.saving import CsvTable, Value
from studio.gui.widgets.labels import ElidedLabel
from studio.gui.widgets.scrolling import frame_focus
from studio.runs.files.history import Moment, RunHistory
from studio.runs.files.snapshot_check import CheckedArrays
from studio.runs.inspect.asked_model import MapQuestion
from studio.runs.inspect.trial import Given


class AttentionView(View):
    """Maps of teacher and student for some test pictures, group by group, and how alike they are over time."""

    key = "attention"
    title = str(QT_TRANSLATE_NOOP("views", "Attention"))
    question = str(QT_TRANSLATE_NOOP("views", "Do they look at the same places?"))
    how_to_read = str(
        QT_TRANSLATE_NOOP(
            "views",
            "Bright is where a group of layers answers strongly. The difference fades where the student copies that: "
            "attention transfer asks for it, soft targets do not.",
        )
    )
    how_to_read_first = str(QT_TRANSLATE_NOOP("views", "Bright is where a group of layers answers strongly."))
    how_to_read_answers = str(
        QT_TRANSLATE_NOOP(
            "views",
            "Bright is where the picture speaks for what the network answers (Grad-CAM). Dark all over: nothing there does.",
        )
    )
    help_page = "attention"
    roomy = True
    needs = ("probe/", "logits/", "attention/", "alike/", "grad_cam/", "inner/")
    fills_from = ("attention/",)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._snapshot_curves = SnapshotCurvesOfRuns()
        self.asked = AskedPictures(self)
        self.asked.changed.connect(self.refresh)
        self._refused = ""
        column = QVBoxLayout(self.page)
        column.setContentsMargins(0, 0, 0, 0)
        self._card = self.add_card(column, self.words(self.question), self.words(self.how_to_read), self._table)
        self.controls = MapControls()
        self.controls.chosen.connect(self.refresh)
        self.controls.own.given.connect(self._take_picture)
        self.controls.own.refused.connect(self._refuse)
        self.table = AttentionTable()
        self.table.crowded_changed.connect(self.controls.second.setVisible)
        self.controls.opacity_chosen.connect(self.table.set_opacity)
        scroll = QScrollArea()
        frame_focus(scroll)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(self.table)
        scroll.verticalScrollBar().valueChanged.connect(self.table.set_top)
        scroll.setAccessibleName(self.tr("Attention maps"))
        self._card.body.addWidget(self.controls)
        self._card.body.addWidget(scroll, 1)
        self._card.body.addLayout(self._make_legend())

    def _make_legend(self) -> QHBoxLayout:
        legend = QHBoxLayout()
        legend.setSpacing(24)
        self._scales: dict[MapQuestion, ScaleBar] = {
            "attention": ScaleBar("inferno", self.tr("looks away"), self.tr("looks here")),
            "grad_cam": ScaleBar("inferno", self.tr("says nothing"), self.tr("speaks for it")),
        }
        for scale in self._scales.values():
            legend.addWidget(scale)
        self.difference = ScaleBar("difference", self.tr("student more"), self.tr("teacher more"))
        legend.addWidget(self.difference)
        self._alike = ElidedLabel(self.tr("Alike: cosine"), "explain")
        self._alike.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._alike.setAccessibleDescription(
            self.tr(
                "The cosine of the two maps, its mean over up to 256 test pictures. Soft targets do not ask for equal maps, "
                "attention transfer does: without it a student alone may be more alike than a taught one."
            )
        )
        legend.addWidget(self._alike, 1)
        legend.addStretch()
        return legend

    def lacking_words(self) -> str:
        """What has no places, or that the networks keep none."""
        current = self.current
        offered = capabilities(current.history.examples if current is not None else "")
        if offered.has_columns:
            return self.tr("rows of a table have no places to look at")
        return self.tr("networks without maps") if offered.has_maps else self.tr("points have no places to look at")

    def empty_reason(self) -> EmptyReason | None:
        """Nothing without a snapshot, or where the networks have no maps."""
        reason = super().empty_reason()
        if reason is not None:
            return reason
        self.controls.picker.show_runs(self.runs, self.current)
        run = self._source()
        if not run.history.moments:
            return self.no_snapshot_reason(
                self.tr("Pictures of the inside are taken when training begins and after its epochs.")
            )
        arrays = self._arrays(run.history)
        if not any(key.startswith("attention/student/") for key in arrays):
            if arrays.lacks("attention/", "probe/inputs", "logits/student"):
                return self.damaged_reason()
            if arrays.get("probe/inputs", np.empty(0)).ndim == 2:
                return self._no_places(run)
            return EmptyReason(
                self.tr("No attention maps in this run."),
                self.tr("Maps need groups of layers that keep the picture's places; these networks have none."),
            )
        return None

    def _no_places(self, run: ShownRun) -> EmptyReason:
        """What is said of a run whose examples are no pictures."""
        if capabilities(run.history.examples).has_columns:
            what = self.tr("Rows of a table have no places to look at.")
            why = self.tr("This run learns from a table; attention maps need pictures.")
        else:
            what = self.tr("Points have no places to look at.")
            why = self.tr(
                "This run learns from points; attention maps need pictures. Its plane is in the view 2-D plane."
            )
        return EmptyReason(what, why, self.tr("Try it with pictures"), "pictures")

    def _source(self) -> ShownRun:
        """The student chosen; while it has not begun, the teacher or student alone that is trained for it."""
        run = self.controls.picker.run
        assert run is not None
        if run.history.moments:
            return run
        live = (one for one in self.shown if one.role != "run" and one.history.state in ACTIVE)
        return next((one for one in live if one.history.moments), run)

    def remark(self) -> str:
        """Whose maps these are while the student has not begun; of which moment; why the student alone is missing."""
        run = self._source()
        if run.role == "teacher":
            return self.tr("The teacher learns first: these are its own maps.")
        if run.role == "alone":
            return self.tr("The student alone learns first: these are its own maps.")
        (what, tap), now = self._wanted(run), moment_at(run.history, self.epoch)
        moment = self._moment_with(run.history, what, tap)
        said = [words] if (words := self._asked_words(run) or self._refused) else []
        if self.asked.own is None and moment is not None and now is not None and moment.step != now.step:
            words = self.tr("Maps of these layers are kept at the start, after copying and at the end: epoch {epoch}.")
            said.append(words.format(epoch=round(moment.step / run.history.steps_per_epoch)))
        if run.alone_words:
            said.append(say(run.alone_words))
        return " ".join(said)

    def left_out_words(self, drawn: int, ticked: int) -> str:
        """One student is shown at a time."""
        words = self.tr(
            "{drawn} of {ticked} ticked runs can be chosen here: the one in question and those ticked last."
        )
        return words.format(drawn=drawn, ticked=ticked)

    def forget_others(self) -> None:
        """The curves of other runs need not be kept."""
        self._snapshot_curves.keep_only(run.history for run in self.runs)

    def set_inspection(self, inspection: Inspection) -> None:
        """Whom to ask for maps that no snapshot holds."""
        super().set_inspection(inspection)
        self.asked.inspection = inspection
        self.setAcceptDrops(True)
        self.controls.own.show()

    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody looks at is not waited for."""
        super().hideEvent(event)
        self.asked.take_back()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A picture, or the file of one; what else is dropped is the window's business."""
        if holds_picture(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """The networks are asked about it at once."""
        if self.controls.own.take(event.mimeData()):
            event.acceptProposedAction()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Paste a picture."""
        if event.matches(QKeySequence.StandardKey.Paste) and self.asked.inspection is not None:
            self.controls.own.paste()
        else:
            super().keyPressEvent(event)

    def _take_picture(self, given: Given | None) -> None:
        self._refused = ""
        self.asked.give(given)

    def _refuse(self, words: str) -> None:
        self._refused = words
        self.refresh()

    def draw(self) -> None:
        """Bring the table up to date."""
        run = self._source()
        complete = self._snapshot_curves.of(run.history).read_on(run.history)
        if not complete:
            self.request_redraw()
        asked = self._asked(run)
        self._offer(run, asked)
        if asked is None:
            what, tap = self._wanted(run)
            source = self._kept(run, what, tap)
        else:
            what, tap = self.controls.wanted
            what = what if has_maps(asked.arrays, what) else "attention"
            tap = tap if has_maps(asked.arrays, what, tap) else ENDS
            source = asked
        self.controls.show_choice()
        both = self.how_to_read if run.role == "run" else self.how_to_read_first
        words = self.words(both if what == "attention" else self.how_to_read_answers)
        loading = self.tr("Loading: the small curves are not whole yet. {how_to_read}").format(how_to_read=words)
        self._card.set_how_to_read(words if complete else loading)
        for key, scale in self._scales.items():
            scale.setVisible(key == what)
        self.difference.setVisible(run.role == "run")  # a reference is shown by itself
        self._alike.setVisible((what, tap) == ("attention", ENDS) and asked is None and run.role == "run")
        self.table.set_second("alone" if self.controls.second.current == "alone" else "student")
        kind = self.controls.kind.current if tap == ENDS else INNER_KIND
        self.table.show_content(map_content(source, run, what, tap, kind))

    def _offer(self, run: ShownRun, asked: MapSource | None) -> None:
        """What can be chosen: what the snapshots hold, else what the networks can be asked for."""
        if asked is not None and self.asked.own is not None:
            self.controls.offer_answer_maps(has_maps(asked.arrays, "grad_cam"))
            self.controls.offer_taps(taps_of(asked.arrays))
            return
        can_ask = self.asked.inspection is not None
        self.controls.offer_answer_maps(can_ask or has_maps(self._arrays(run.history), "grad_cam"))
        kept = taps_of(arrays_of(run.history.moments[0]))
        known = self.asked.known(run)
        self.controls.offer_taps(kept or (taps_of(known.arrays) if known is not None else (ASK,) if can_ask else ()))

    def _asked(self, run: ShownRun) -> MapSource | None:
        """Maps that no snapshot holds, where such are wanted and the networks have answered."""
        if self.asked.own is None and self._moment_with(run.history, *self.controls.wanted) is not None:
            return None
        return self.asked.source(run, self._arrays(run.history))

    def _asked_words(self, run: ShownRun) -> str:
        """What is to be known of maps that were asked for."""
        if self.asked.own is None and self._moment_with(run.history, *self.controls.wanted) is not None:
            return ""
        if self.asked.trouble:
            return self.asked.trouble
        if self.asked.inspection is None:
            return ""
        if self.asked.known(run) is None:
            return self.tr("The networks are asked…")
        if self.asked.own is not None:
            return self.tr(
                "Your picture, as the networks see it now: the time slider changes nothing here. It is not kept."
            )
        return self.tr("No snapshot of this run holds these maps: its networks were asked for them as they are now.")

    def _arrays(self, history: RunHistory) -> CheckedArrays:
        moment = moment_at(history, self.epoch)
        return CheckedArrays({}) if moment is None else arrays_of(moment)

    def _wanted(self, run: ShownRun) -> tuple[MapQuestion, str]:
        """The maps a person chose, as far as this run has them."""
        what, tap = self.controls.wanted
        if self._moment_with(run.history, what, tap) is None:
            tap = ENDS
        return ("attention" if not has_maps(self._arrays(run.history), what) else what), tap

    def _moment_with(
        self, history: RunHistory, what: MapQuestion, tap: str, epoch: float | None = None
    ) -> Moment | None:
        """The latest moment, at or before the one shown, that holds such maps; ``epoch`` is another than that."""
        back = moments_back(history, self.epoch if epoch is None else epoch)
        return next((moment for moment in back if has_maps(arrays_of(moment), what, tap)), None)

    def _kept(self, run: ShownRun, what: MapQuestion, tap: str) -> MapSource:
        """The maps of the moment shown."""
        moment = self._moment_with(run.history, what, tap) or moment_at(run.history, self.epoch)
        assert moment is not None
        arrays = arrays_of(moment)
        alone = self._alone(run, what, tap, moment, arrays)
        return MapSource(moment, arrays, alone, self._snapshot_curves.of(run.history).curves)

    def _alone(
        self, run: ShownRun, what: MapQuestion, tap: str, moment: Moment, arrays: CheckedArrays
    ) -> CheckedArrays:
        """What the student alone shows beside the run at a moment; empty where it has nothing of the kind."""
        epoch = None if self.epoch is None and tap == ENDS else moment.step / run.history.steps_per_epoch
        if run.role == "run" and run.alone is not None and tap != ENDS:
            kept = self._moment_with(run.alone, what, tap, epoch)
            epoch = None if kept is None else kept.step / run.alone.steps_per_epoch
        found = alone_arrays(run, epoch, "probe/inputs", arrays) if run.role == "run" else None
        return CheckedArrays({}) if found is None else found

    def _table(self) -> CsvTable:
        rows: list[list[Value]] = []
        for run in self.runs:
            read = self._snapshot_curves.of(run.history)
            read.read_on(run.history, budget=60.0)
            for key, series in read.curves.items():
                if key.startswith("alike/"):
                    _, group, kind = key.split("/")
                    rows += [
                        [run.history.run, run.history.label, group, kind, int(x), float(y)]
                        for x, y in zip(series.x, series.y, strict=True)
                    ]
        return CsvTable(["run", "name", "group", "map", "step", "alike"], rows)


VIEW = AttentionView
