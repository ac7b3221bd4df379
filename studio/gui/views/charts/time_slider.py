"""The one time slider of all views: stages above, a tick for each snapshot, play, and Live."""

from __future__ import annotations

from bisect import bisect_right

from PySide6.QtCore import QPointF, QRectF, QSignalBlocker, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractSlider, QHBoxLayout, QSizePolicy, QWidget

from studio.gui import theme
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say
from studio.gui.widgets.buttons import IconButton, button
from studio.gui.widgets.labels import Label
from studio.runs.files.history import RunHistory
from studio.runs.results.role_text import band_text

#: Milliseconds a snapshot stays while playing.
PLAY_MS = 150
ACTIVE = ("running", "paused", "stopping")


class TimeSlider(QWidget):
    """Chooses the moment all views show: a step of the run, or None for the latest.

    The window calls :meth:`refresh` as a run grows. Keys on the track: arrows, Page Up and Down, Home; End is live,
    the space bar plays.
    """

    moment_changed = Signal(object)
    """The step chosen by a person or by playing, or None for live."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "plain")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._history: RunHistory | None = None
        self._stops: list[int] = []
        self._moment: int | None = None
        self._timer = QTimer(self, interval=PLAY_MS)
        self._timer.timeout.connect(self._play_on)
        self.play = IconButton("play", self.tr("Play the snapshots"), self.toggle_play, 28)
        self.track = Track()
        self.track.valueChanged.connect(self._on_value)
        self.track.space_pressed.connect(self.toggle_play)
        self.track.end_pressed.connect(self.go_live)
        self.epoch = Label("", "explain")
        self.epoch.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.live = button(self.tr("Live"), "chip", clicked=self.go_live)
        self.live.setToolTip(self.tr("Follow the run as it learns"))
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(10)
        row.addWidget(self.play)
        row.addWidget(self.track, 1)
        row.addWidget(self.epoch)
        row.addWidget(self.live)
        theme.keep_length(self, QWidget.setFixedHeight, 44)
        self.refresh()

    @property
    def moment(self) -> int | None:
        """The step shown; None is the latest."""
        return self._moment

    @property
    def playing(self) -> bool:
        """Whether it moves by itself."""
        return self._timer.isActive()

    def set_history(self, history: RunHistory | None) -> None:
        """Show the time of this run, at its latest moment."""
        if history is not self._history:
            self._history = history
            self.epoch.setMinimumWidth(0)
            self._stop_playing()
            self._moment = None
            self.refresh()

    def set_moment(self, step: int | None) -> None:
        """Go to the snapshot nearest to a step (a click in a plot), or live."""
        self._stop_playing()
        if step is None or not self._stops:
            self.go_live()
            return
        self._choose(min(range(len(self._stops)), key=lambda i: abs(self._stops[i] - step)))

    def go_live(self) -> None:
        """Follow the run again."""
        self._stop_playing()
        self._go_to(None)

    def toggle_play(self) -> None:
        """Play from the moment shown, or from the beginning where there is nothing after it; or hold."""
        if self.playing:
            self._stop_playing()
            return
        if len(self._stops) < 2:
            return
        if self._moment is None or self._moment >= self._stops[-1]:
            self._choose(0)
        self._timer.start()
        self.play.set_icon("pause")
        self.play.set_words(self.tr("Hold"))

    def refresh(self) -> None:
        """Take over what the run has added since: snapshots, steps, its end."""
        history = self._history
        self._stops = _stops(history)
        if self._moment is not None and (history is None or self._moment > history.step):
            self._moment = None  # the run went on from an earlier step
        with QSignalBlocker(self.track):
            self.track.setRange(0, max(0, len(self._stops) - 1))
            self.track.setValue(self._index())
        active = history is not None and history.state in ACTIVE
        self.track.show_time(history, self._stops, self._moment)
        for part in (self.play, self.track, self.live):
            part.setEnabled(len(self._stops) > 0)
        self.live.setChecked(active and self._moment is None)
        words = self._words()
        self.epoch.setText(words)
        self.epoch.setMinimumWidth(max(self.epoch.minimumWidth(), self.epoch.sizeHint().width()))  # or the track jumps
        self.track.setAccessibleName(self.tr("Moment shown: {words}").format(words=words or self.tr("none")))

    # --- inside ------------------------------------------------------------------------------------------------------

    def _index(self) -> int:
        """The stop at or before the moment."""
        if self._moment is None:
            return max(0, len(self._stops) - 1)
        return max(0, bisect_right(self._stops, self._moment) - 1)

    def _words(self) -> str:
        history = self._history
        if history is None or not history.steps:  # its references train first: it has no time of its own yet
            return ""
        step = history.step if self._moment is None else self._moment
        if history.epochs:
            epoch = history.epoch_now if self._moment is None else round(step / history.steps_per_epoch)
            return self.tr("Epoch {n} of {all}").format(n=epoch, all=history.epochs)
        return self.tr("Step {n} of {all}").format(n=step, all=history.steps)

    def _on_value(self, index: int) -> None:
        self._stop_playing()
        self._choose(index)

    def _choose(self, index: int) -> None:
        self._go_to(self._stops[index] if index < len(self._stops) else None)

    def _go_to(self, step: int | None) -> None:
        changed = step != self._moment
        self._moment = step
        self.refresh()
        if changed:
            self.moment_changed.emit(step)

    def _play_on(self) -> None:
        index = self._index() + 1
        if index >= len(self._stops):
            self.go_live()
        else:
            self._choose(index)

    def _stop_playing(self) -> None:
        if self._timer.isActive():
            self._timer.stop()
            self.play.set_icon("play")
            self.play.set_words(self.tr("Play the snapshots"))


class Track(GuardedOverrides, QAbstractSlider):
    """The track itself. Its value is the number of a stop; keys and screen readers move from stop to stop."""

    space_pressed = Signal()
    end_pressed = Signal()

    #: Pixels: room for the handle at both ends, height of the stage names, the line, the handle.
    SIDE, LINE, HANDLE = 8, 25, 7

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._history: RunHistory | None = None
        self._stops: list[int] = []
        self._moment: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setPageStep(5)
        theme.notifier().changed.connect(self.update)

    def show_time(self, history: RunHistory | None, stops: list[int], moment: int | None) -> None:
        """Show a run's stages and stops, and where the handle is."""
        self._history, self._stops, self._moment = history, stops, moment
        self.update()

    def sizeHint(self) -> QSize:
        """Long."""
        return QSize(240, 44)

    def minimumSizeHint(self) -> QSize:
        """Still usable."""
        return QSize(80, 44)

    def _x(self, step: float) -> float:
        history = self._history
        whole = max(history.steps, history.step, 1) if history is not None else 1
        return self.SIDE + step / whole * (self.width() - 2 * self.SIDE)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Names of the stages, the line with a gap between them, ticks, the handle."""
        colors = theme.current()
        painter = QPainter(self)
        history = self._history
        full = QRectF(self.SIDE, self.LINE - 2, self.width() - 2 * self.SIDE, 4)
        if history is None:
            painter.fillRect(full, colors.color("alone_band"))
            painter.end()
            return
        at = self._x(history.step if self._moment is None else self._moment)
        painter.fillRect(full, colors.color("button_border"))
        painter.fillRect(QRectF(full.left(), full.top(), at - full.left(), full.height()), colors.color("accent"))
        for stage in history.plan[1:]:
            painter.fillRect(
                QRectF(self._x(stage.begin) - 1, full.top() - 1, 2, full.height() + 2), colors.color("surface")
            )
        self._paint_names(painter)
        last = -10.0
        for step in self._stops:
            x = round(self._x(step))
            if x - last >= 3:
                painter.fillRect(QRectF(x, self.LINE + 6, 1, 4), colors.color("text3"))
                last = x
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colors.color("accent" if self.isEnabled() else "button_border"), 2))
        painter.setBrush(colors.color("accent_soft" if self.hasFocus() else "surface"))
        painter.drawEllipse(QPointF(at, self.LINE), self.HANDLE, self.HANDLE)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()

    def _paint_names(self, painter: QPainter) -> None:
        assert self._history is not None
        painter.setFont(theme.font("axis"))
        painter.setPen(theme.current().color("text2"))
        metrics = QFontMetricsF(painter.font())
        free = 0.0
        for stage in self._history.plan:
            x = max(self._x(stage.begin), free)
            room = self.width() - x
            if room > 24:
                name = metrics.elidedText(say(band_text(stage)), Qt.TextElideMode.ElideRight, room)
                painter.drawText(QPointF(x, 13), name)
                free = x + metrics.horizontalAdvance(name) + 10

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click goes to the nearest stop."""
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Dragging goes from stop to stop."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The space bar plays, End is live; the rest is a slider's."""
        if event.key() == Qt.Key.Key_Space:
            self.space_pressed.emit()
        elif event.key() == Qt.Key.Key_End:
            self.end_pressed.emit()
        else:
            super().keyPressEvent(event)

    def _go(self, event: QMouseEvent) -> None:
        if self._stops:
            x = event.position().x()
            nearest = min(range(len(self._stops)), key=lambda i: abs(self._x(self._stops[i]) - x))
            if nearest == self.value() and self._moment is None:
                self.valueChanged.emit(nearest)  # from live to the last snapshot: the same stop, another moment
            self.setValue(nearest)


def _stops(history: RunHistory | None) -> list[int]:
    """Steps one can go to: the snapshots, or the evaluations where there are none."""
    if history is None:
        return []
    if history.moments:
        return [moment.step for moment in history.moments]
    return [int(step) for step in history.test.x]
