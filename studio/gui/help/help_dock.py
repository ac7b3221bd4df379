"""At the right: help for what has focus, the experiment of the run that is shown, and notes on it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QApplication,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QStackedWidget,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from studio.gui import theme
from studio.gui.help.help_history import HelpTopic
from studio.gui.help.help_reader import HelpReader
from studio.gui.presenters.run_details import RunDetails
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.widgets.buttons import IconButton, button
from studio.gui.widgets.empty_state import EmptyState
from studio.gui.widgets.labels import Label

#: Pages that the Help menu opens.
START, WHATS_NEW = "start", "whats-new"
#: The property of a widget that names its help page; the nearest one up the tree counts.
PAGE = "help_page"
WIDTH = 276
#: Notes are written down when nothing was typed for so long.
SAVE_AFTER_MS = 800


class RunPage(QScrollArea):
    """The experiment of a run, in words; ``reuse_requested`` takes it into the panels."""

    reuse_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setAccessibleName(self.tr("This run"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._title = Label(role="question")
        self._title.setWordWrap(True)
        self._sentence = Label(role="explain")
        self._sentence.setWordWrap(True)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        self._reuse_button = button(
            self.tr("Take this into the panels"), icon="edit", clicked=self.reuse_requested.emit
        )
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._sentence)
        column.addLayout(self._grid)
        column.addSpacing(4)
        column.addWidget(self._reuse_button)
        column.addStretch(1)
        self.setWidget(inner)

    def show_run(self, details: RunDetails) -> None:
        """Fill the page."""
        self._title.setText(details.name)
        self._sentence.setText(details.sentence)
        self._sentence.setVisible(bool(details.sentence))
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        line = 0
        for heading, pairs in details.sections:
            self._grid.addWidget(Label(heading, "section"), line, 0, 1, 2)
            line += 1
            for name, value in pairs:
                shown = Label(value, "explain", "text")
                shown.setWordWrap(True)
                shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                if name:
                    self._grid.addWidget(Label(name, "explain", "text3"), line, 0, Qt.AlignmentFlag.AlignTop)
                    self._grid.addWidget(shown, line, 1)
                else:  # a sentence that stands for itself
                    self._grid.addWidget(shown, line, 0, 1, 2)
                line += 1


class NotesPage(QWidget):
    """Name, tags and notes of a run; told when typing pauses."""

    edited = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = QLineEdit()
        self.tags = QLineEdit()
        self.tags.setPlaceholderText(self.tr("with commas between"))
        self.notes = QPlainTextEdit()
        self.notes.setPlaceholderText(self.tr("What is worth knowing of this run"))
        self.notes.setTabChangesFocus(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(4)
        for words, field in (
            (self.tr("Name"), self.name),
            (self.tr("Tags"), self.tags),
            (self.tr("Notes"), self.notes),
        ):
            head = Label(words, "section")
            head.setBuddy(field)
            field.setAccessibleName(words)
            column.addWidget(head)
            column.addWidget(field)
            column.addSpacing(4)
        self._typed = QTimer(self, singleShot=True, interval=SAVE_AFTER_MS)
        self._typed.timeout.connect(self._emit_labels)
        for changed in (self.name.textEdited, self.tags.textEdited, self.notes.textChanged):
            changed.connect(self._delay_saving)
        self._filling = False

    def show_labels(self, name: str, tags: Sequence[str], notes: str) -> None:
        """Fill the fields; what was typed for the run before is told first."""
        self.flush()
        self._filling = True
        self.name.setText(name)
        self.tags.setText(", ".join(tags))
        if notes != self.notes.toPlainText():
            self.notes.setPlainText(notes)
        self._filling = False

    @property
    def pending(self) -> bool:
        """Whether something was typed that has not been told yet."""
        return self._typed.isActive()

    def flush(self) -> None:
        """Tell now what was typed."""
        if self._typed.isActive():
            self._typed.stop()
            self._emit_labels()

    def _emit_labels(self) -> None:
        tags = tuple(self.tags.text().split(","))
        self.edited.emit({"name": self.name.text().strip(), "tags": tags, "notes": self.notes.toPlainText()})

    def _delay_saving(self) -> None:
        if not self._filling:
            self._typed.start()


class HelpDock(GuardedOverrides, QWidget):
    """Three tabs and a button that closes them.

    Signals:
        closed: the person closed it.
        reuse_requested: take the experiment of the run into the panels.
        labels_edited: run id and the labels the person typed.
    """

    closed = Signal()
    reuse_requested = Signal(str)
    labels_edited = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("surface", "plain")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        theme.keep_length(self, QWidget.setMinimumWidth, 240)
        self._run = ""
        self.reader = HelpReader()
        self.browser = self.reader.browser
        self.run_page = RunPage()
        self.run_page.reuse_requested.connect(self._request_reuse)
        self.notes = NotesPage()
        self.notes.edited.connect(self._handle_labels)
        self.tabs = QTabBar()
        self.tabs.setAccessibleName(self.tr("Help, this run, notes"))
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for words in (self.tr("Help"), self.tr("This run"), self.tr("Notes")):
            self.tabs.addTab(words)
        self._stack = QStackedWidget()
        self._pages = []
        for page in (self.reader, self.run_page, self.notes):
            holder = QStackedWidget()
            holder.addWidget(page)
            self._stack.addWidget(holder)
            self._pages.append(holder)
        nothing = self.tr("Train the experiment at the left, or tick a run below.")
        for holder in self._pages[1:]:
            holder.addWidget(EmptyState(self.tr("No run is shown."), nothing))
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 8, 0)
        head.setSpacing(0)
        head.addWidget(self.tabs, 1)
        head.addWidget(IconButton("close", self.tr("Close the help"), self.closed.emit))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        self.show_nothing()
        self.reader.suggest(HelpTopic(START))
        app = QApplication.instance()
        if isinstance(app, QApplication):
            app.focusChanged.connect(self._follow_focus)

    def show_topic(self, topic: HelpTopic) -> None:
        """Show what somebody asked for, and the tab it is in."""
        self.tabs.setCurrentIndex(0)
        self.reader.ask_for(topic)

    def follow_focus(self, widget: QWidget | None) -> None:
        """Show the page of the widget that has focus, if it has one, unless somebody reads; the tab stays as it is."""
        while widget is not None:
            if widget is self:
                return
            page = widget.property(PAGE)
            if page:
                self.reader.suggest(HelpTopic(str(page)))
                return
            widget = widget.parentWidget()

    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        if self.isVisible():
            self.follow_focus(now)

    def hideEvent(self, event: QHideEvent) -> None:
        """Who has closed the help reads it no longer."""
        self.reader.release()
        super().hideEvent(event)

    def show_run(self, details: RunDetails) -> None:
        """The run that is shown now. What the person is typing on the same run stays."""
        same = details.run == self._run
        if not same:
            self.notes.flush()
        self._run = details.run
        self.run_page.show_run(details)
        if not (same and self.notes.pending):
            self.notes.show_labels(details.name, details.tags, details.notes)
        for holder in self._pages[1:]:
            holder.setCurrentIndex(0)

    def show_nothing(self) -> None:
        """No run is shown."""
        self.notes.flush()
        self._run = ""
        for holder in self._pages[1:]:
            holder.setCurrentIndex(1)

    def _request_reuse(self) -> None:
        self.reuse_requested.emit(self._run)

    def _handle_labels(self, labels: dict[str, object]) -> None:
        if self._run:
            self.labels_edited.emit(self._run, labels)
