"""The bar on top: Train, Pause, Step, Stop, the gallery, what is being done in words and how far, the device, theme and help."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QToolButton,
    QWidget,
)

from studio.gui import theme
from studio.gui.shell.actions import ICON, Actions
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.labels import ClampedLabel, Label
from studio.gui.widgets.notice import Glyph
from studio.gui.widgets.progress_bar import ProgressBar

HEIGHT = 48
_PARTS = 1000


class ActionButton(QPushButton):
    """A push button that shows an action: its words, icon, tip, and whether it makes sense now."""

    def __init__(self, action: QAction, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = action
        self._compact = False
        self._appearance: tuple[object, ...] = ()
        self.setProperty("kind", kind)
        self.setIconSize(QSize(16, 16))
        self.clicked.connect(action.trigger)
        action.changed.connect(self._refresh)
        self._refresh()

    def set_compact(self, compact: bool) -> None:
        """Show the icon alone."""
        self._compact = compact
        self._refresh()

    def _refresh(self) -> None:
        action = self._action
        appearance = (action.text(), action.isEnabled(), self._compact, action.toolTip(), action.icon().cacheKey())
        if appearance == self._appearance:
            return
        self._appearance = appearance
        self.setText("" if self._compact else action.text())
        self.setIcon(action.icon())
        self.setToolTip(plain_tip(action.toolTip()))
        self.setAccessibleName(action.text())
        self.setEnabled(action.isEnabled())


class PrimaryButton(ActionButton):
    """The one button that matters: its icon is drawn on the accent."""

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(action, "primary", parent)
        theme.keep_length(self, QWidget.setMinimumWidth, 88)

    def _refresh(self) -> None:
        super()._refresh()
        name = str(self._action.property(ICON))
        self.setIcon(theme.icon(name, "on_accent" if self.isEnabled() else "disabled"))


def upright_line() -> QFrame:
    """A thin line between groups of the bar."""
    line = QFrame()
    line.setProperty("surface", "line")
    line.setFixedWidth(1)
    return line


class PhaseLabel(QWidget):
    """What is being done, in words; how far; and the time left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = ClampedLabel(role="strong", lines=2)  # what a result means stands at the end of its sentence
        self.beside = Label(role="explain")
        self.bar = ProgressBar()
        self.bar.setRange(0, _PARTS)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(4)
        self.bar.setAccessibleName(self.tr("Progress"))
        grid = QGridLayout(self)
        grid.setContentsMargins(6, 2, 6, 4)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(2)
        grid.addWidget(self.words, 0, 0, Qt.AlignmentFlag.AlignVCenter)
        grid.addWidget(self.beside, 0, 1)
        grid.addWidget(self.bar, 1, 0, 1, 2)
        grid.setColumnStretch(0, 1)
        self.bar.hide()

    def set_text(self, words: str) -> None:
        """Say what is being done."""
        if words != self.words.text():
            self.words.setText(words)
            self.words.setAccessibleName(words)

    def show_progress(self, fraction: float | None, beside: str = "") -> None:
        """How far, 0..1; None hides the bar, where nothing is under way."""
        self.bar.setVisible(fraction is not None)
        if fraction is not None:
            self.bar.show_value(round(_PARTS * min(1.0, max(0.0, fraction))))
        if beside != self.beside.text():
            self.beside.setText(beside)

    def show_waiting(self, titles: Sequence[str]) -> None:
        """Name what waits in the queue, where the pointer rests on the words."""
        tip = "\n".join([self.tr("Waiting:"), *titles]) if titles else ""
        if plain_tip(tip) != self.toolTip():
            self.setToolTip(plain_tip(tip))


class DeviceLabel(QWidget):
    """What computes, to be looked at: a chip and words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = Label(role="explain")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(6)
        row.addWidget(Glyph("chip", "text3", 16))
        row.addWidget(self._words)

    def show_device(self, words: str, tip: str) -> None:
        """Say what computes; the tip names it."""
        self._words.setText(words)
        self._words.setAccessibleName(self.tr("What computes: {device}").format(device=words))
        self._words.setAccessibleDescription(tip)
        self.setToolTip(plain_tip(tip))


class TopBar(QWidget):
    """The tool bar's content; 48 px high."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self.setProperty("surface", "plain")
        theme.keep_length(self, QWidget.setFixedHeight, HEIGHT)
        self.train = PrimaryButton(actions["train"])
        self.held = [ActionButton(actions[name], "flat") for name in ("pause", "step", "stop")]
        self.gallery = ActionButton(actions["gallery"], "flat")
        self.phase = PhaseLabel()
        self.device = DeviceLabel()
        self.theme = self._tool(actions["theme"])
        self.help = self._tool(actions["help"])
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(4)
        for widget in (self.train, *self.held, upright_line(), self.gallery, upright_line()):
            row.addWidget(widget)
        row.addWidget(self.phase, 1)
        for widget in (upright_line(), self.device, upright_line(), self.theme, self.help):
            row.addWidget(widget)

    def _tool(self, action: QAction) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        button.setIconSize(QSize(16, 16))
        theme.keep_length(button, QWidget.setFixedSize, 30, 30)
        button.setAccessibleName(action.text())
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        return button

    def set_device(self, words: str, tip: str) -> None:
        """What computes, and its memory."""
        self.device.show_device(words, tip)

    def set_compact(self, compact: bool) -> None:
        """Under 1200 px Pause, Step and Stop show their icons only."""
        for button in self.held:
            button.set_compact(compact)
