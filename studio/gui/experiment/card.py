"""A card of the experiment: a step, what was picked for it in plain words, and the way to change it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QEnterEvent, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.presenters.draft_info import NoteLevel
from studio.gui.presenters.drawings import Drawing
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.tool_tip import plain_tip
from studio.gui.widgets.diagrams import DiagramBox
from studio.gui.widgets.labels import ClampedLabel, ElidedLabel, Label
from studio.gui.widgets.notice import Glyph

#: Lines of a note; what is wrong is said with its remedy, which comes last.
_NOTE_LINES, _ERROR_LINES = 2, 6


class Card(GuardedOverrides, QAbstractButton):
    """One large button: a diagram, a step, a title of one line and words of at most three; below, a note.

    ``clicked`` asks to change the choice.
    """

    def __init__(self, step: int, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self._name = name
        self._open = False
        self._is_at_fault = False
        self._hovered = False
        self._short = ""
        self._long = ""
        self._note_level: NoteLevel = ""
        self.diagram = DiagramBox()
        self._step = Label(f"{step}  {name}", "step")
        self._change = Label(self.tr("Change"), "link")
        self._title = ElidedLabel("…", "card")
        self._words = ClampedLabel(lines=3)
        self._note_icon = Glyph("warning", "warning", 13)
        self._note_row = QHBoxLayout()
        self._note = ClampedLabel(lines=_NOTE_LINES)
        self._lay_out()
        self.set_compact(False)
        self.show_note("")
        theme.notifier().changed.connect(self.update)

    # --- what it shows ------------------------------------------------------------------------------------------------

    def show_choice(self, title: str, words: str, short: str = "") -> None:
        """Show what was picked; ``short`` is one line of words for when there is little room."""
        self._title.setText(title)
        self._long, self._short = words.removesuffix("."), (short or words).removesuffix(".")
        self._words.setText(self._short if self._compact else self._long)
        self._place_note()
        self._update_accessible_texts()

    def show_note(self, words: str, level: NoteLevel = "warning") -> None:
        """Show a line below the words; an empty one takes it away. A card with an error is marked as at fault."""
        tone = level or "text3"
        self._note_level = level
        self._note.set_lines(_ERROR_LINES if level == "error" else _NOTE_LINES)
        self._note.setText(words)
        theme.restyle(self._note, tone=tone)
        self._note_icon.show_icon("warning" if level else "note", tone)
        self._place_note()
        self._is_at_fault = level == "error" and bool(words)
        self.update()
        self._update_accessible_texts()

    def show_drawing(self, drawing: Drawing | None, student: int = 0) -> None:
        """Show a drawing at the left; ``student`` is the colour index of the student's run."""
        self.diagram.show_drawing(drawing, student)

    @property
    def title(self) -> str:
        """What was picked."""
        return self._title.text()

    @property
    def words(self) -> str:
        """The words it shows."""
        return self._words.text()

    @property
    def note(self) -> str:
        """The note it shows."""
        return self._note.text()

    def set_compact(self, compact: bool) -> None:
        """One line of words and a smaller diagram, for small windows."""
        self._compact = compact
        self.diagram.set_side(40 if compact else 56)
        self._words.set_lines(1 if compact else 3)
        self._words.setText(self._short if compact else self._long)
        self._place_note()
        self.updateGeometry()

    def set_open(self, is_open: bool) -> None:
        """Whether its page is open in the centre."""
        self._open = is_open
        self.update()

    # --- Qt -----------------------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else super().sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        self.update()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        self.update()
        super().leaveEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        colors = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width, role = 1, "border"
        if self.hasFocus() or self._open:
            width, role = 2, "accent"
        elif self._is_at_fault:
            role = "error"
        elif self._hovered:
            role = "button_border"
        painter.setPen(QPen(colors.color(role), width))
        painter.setBrush(colors.color("hover" if self.isDown() else "surface"))
        inset = width / 2
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 8, 8)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self._step)
        top.addStretch()
        top.addWidget(self._change)
        note = self._note_row
        note.setSpacing(4)
        note.addWidget(self._note_icon, 0, Qt.AlignmentFlag.AlignTop)
        note.addWidget(self._note, 1)
        text = QVBoxLayout()
        text.setSpacing(1)
        text.addLayout(top)
        text.addWidget(self._title)
        text.addWidget(self._words)
        text.addLayout(note)
        text.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 12, 8)
        row.setSpacing(10)
        row.addWidget(self.diagram, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(text, 1)
        for child in (self._step, self._change, self._title, self._words, self._note, self._note_icon, self.diagram):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def _place_note(self) -> None:
        """Leave the note out where there is none, or little room and it is merely good to know: the short words say it."""
        shown = bool(self.note) and not (self._compact and self._note_level == "")
        for widget in (self._note, self._note_icon):
            widget.setVisible(shown)

    def _update_accessible_texts(self) -> None:
        self.setAccessibleName(self.tr("{step}: {choice}").format(step=self._name, choice=self._title.text()))
        self.setAccessibleDescription(" ".join(part for part in (self._long, self.note) if part))
        change = self.tr("Change {step}").format(step=self._name.lower())
        self.setToolTip(
            plain_tip("\n".join(part for part in (self._title.text(), self._long, self.note, change) if part))
        )
