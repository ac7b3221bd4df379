"""The help as it is read: the page, one step back and forward, a field to search, and what has the focus now.

A page is never taken from under the eyes of who reads it. Whoever has scrolled it, followed a link, searched or asked for a
page reads; from then on what gets the focus is offered in a line above the page, and shown when that is pressed.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from studio.gui import theme
from studio.gui.help.help_browser import SCHEME, HelpBrowser
from studio.gui.help.help_history import HelpHistory, HelpTopic
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.widgets.buttons import IconButton, button

#: A search begins when nothing was typed for so long, in milliseconds.
SEARCH_MS = 200
#: Events of the page by which somebody shows that he reads it.
_READING = (QEvent.Type.Wheel, QEvent.Type.MouseButtonPress)


class HelpReader(GuardedOverrides, QWidget):
    """A browser of help pages with its bar."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.browser = HelpBrowser()
        self.browser.setViewportMargins(16, 4, 12, 8)
        self.history = HelpHistory()
        self._offered = HelpTopic()
        self._is_reading = self._leaving = False
        self.back = IconButton("chevron-left", self.tr("Back in the help"), self.go_back)
        self.forward = IconButton("chevron-right", self.tr("Forward in the help"), self.go_forward)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search the help"))
        self.search.setAccessibleName(self.tr("Search the help"))
        self.search.setClearButtonEnabled(True)
        glass = self.search.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition)
        theme.keep_icon(glass, "search", "text3")
        self.search.installEventFilter(self)
        self.offer = button("", "link", clicked=self.take_offer)
        self._pause = QTimer(self, singleShot=True, interval=SEARCH_MS)
        self._pause.timeout.connect(self._find)
        self.search.returnPressed.connect(self._open_first)
        self.search.textEdited.connect(self._delay_search)
        self.search.textChanged.connect(self._end_search)
        self.browser.viewport().installEventFilter(self)
        self.browser.installEventFilter(self)
        self.browser.verticalScrollBar().installEventFilter(self)
        self.browser.link_followed.connect(self._follow_link)
        self._lay_out()
        self._show_bar()

    # --- what is shown ------------------------------------------------------------------------------------------------

    @property
    def is_reading(self) -> bool:
        """Whether somebody reads what is shown, so that it stays."""
        return self._is_reading

    def ask_for(self, topic: HelpTopic) -> None:
        """Show what somebody asked for; it stays until it is left."""
        self._leave_search()
        self.history.read()
        self._visit(topic)
        self._start_reading()

    def suggest(self, topic: HelpTopic) -> None:
        """Show what belongs to the focus, unless somebody reads: then it is offered."""
        if topic == self.history.current or self.browser.shows(topic):
            self._offered = HelpTopic()
        elif self._is_reading:
            self._offered = topic
        else:
            self._visit(topic, followed=True)
        self._show_bar()

    def offer_only(self, topic: HelpTopic) -> None:
        """Offer what nobody has asked for; what is shown stays."""
        self._offered = HelpTopic() if self.browser.shows(topic) else topic
        self._show_bar()

    def take_offer(self) -> None:
        """Show what is offered; from then on the help follows the focus again."""
        offered = self._offered
        self.release()
        if offered != HelpTopic():
            self._leave_search()
            self.history.read()
            self._visit(offered)

    def release(self) -> None:
        """Nobody reads any longer: the help follows the focus."""
        self._is_reading = False
        self._offered = HelpTopic()
        self._show_bar()

    def go_back(self) -> None:
        """What was shown before."""
        self._return_to(self.history.go_back())

    def go_forward(self) -> None:
        """What was left by going back."""
        self._return_to(self.history.go_forward())

    def _return_to(self, topic: HelpTopic) -> None:
        self._leave_search()
        self.browser.show_topic(topic)
        self._start_reading()

    def _visit(self, topic: HelpTopic, followed: bool = False) -> None:
        self.history.visit(topic, followed)
        self.browser.show_topic(topic)
        self._show_bar()

    def _follow_link(self, page: str, section: str) -> None:
        self.ask_for(HelpTopic(page, section))

    # --- reading ------------------------------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search:
            if event.type() == QEvent.Type.ShortcutOverride and self.search.text():
                event.setAccepted(self._is_escape(event))
            elif event.type() == QEvent.Type.KeyPress and self._is_escape(event) and self.search.text():
                self.search.clear()
                return True
        elif event.type() in _READING or (watched is self.browser and event.type() == QEvent.Type.KeyPress):
            self._start_reading()
        return super().eventFilter(watched, event)

    @staticmethod
    def _is_escape(event: QEvent) -> bool:
        return getattr(event, "key", int)() == Qt.Key.Key_Escape

    def _start_reading(self) -> None:
        self._is_reading = True
        self.history.read()
        self._show_bar()

    # --- searching ----------------------------------------------------------------------------------------------------

    def _delay_search(self) -> None:
        self._pause.start()

    def _end_search(self, words: str) -> None:
        if not words.strip() and not self._leaving:
            self._pause.stop()
            self.browser.show_topic(self.history.current)

    def _leave_search(self) -> None:
        self._pause.stop()
        self._leaving = True  # the page behind the search is not shown in between
        self.search.clear()
        self._leaving = False

    def _find(self) -> None:
        words = self.search.text().strip()
        if words:
            self._start_reading()
            self.browser.show_markdown(self._found(words))

    def _open_first(self) -> None:
        """The best of what was found, by Enter; where there is nothing, that is said."""
        from studio.gui.presenters.help_search import search_help

        hits = search_help(self.browser.folder, self.search.text())
        if hits:
            self._follow_link(hits[0].page, hits[0].section)
        else:
            self._pause.stop()
            self._find()

    def _found(self, words: str) -> str:
        """The answer to a search, as a page: each hit one link, its place in the first line and its excerpt below."""
        from studio.gui.presenters.help_search import search_help

        shown = "".join(sign for sign in words if sign.isalnum() or sign in " -")
        hits = search_help(self.browser.folder, words)
        lines = [self.tr("# In the help: {words}").format(words=shown), ""]
        if not hits:
            lines += [self.tr("Nothing was found. Try fewer words, or the beginning of one."), ""]
            lines.append(self.tr("[All words](help:glossary) · [What is distillation?](help:start)"))
        for hit in hits:
            place = f"{hit.title}: {hit.section}" if hit.section else hit.title
            url = QUrl(f"{SCHEME}:{hit.page}")
            url.setFragment(hit.section)
            target = bytes(url.toEncoded().data()).decode().replace("(", "%28").replace(")", "%29")
            told = "  \n".join(_plain(line) for line in (place, hit.excerpt) if line)
            lines += [f"[{told}]({target})", ""]
        return "\n".join(lines)

    # --- inside -------------------------------------------------------------------------------------------------------

    def _show_bar(self) -> None:
        self.back.setEnabled(self.history.can_go_back)
        self.forward.setEnabled(self.history.can_go_forward)
        title = self.browser.title_of(self._offered) if self._offered != HelpTopic() else ""
        self.offer.setText(self.tr("Show: {title}").format(title=title))
        self.offer.setVisible(bool(title))

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(8, 6, 12, 0)
        row.setSpacing(2)
        row.addWidget(self.back)
        row.addWidget(self.forward)
        row.addSpacing(4)
        row.addWidget(self.search, 1)
        offered = QHBoxLayout()
        offered.setContentsMargins(12, 4, 12, 0)
        offered.addWidget(self.offer)
        offered.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addLayout(offered)
        column.addWidget(self.browser, 1)
        for keys, slot in ((QKeySequence("Alt+Left"), self.go_back), (QKeySequence("Alt+Right"), self.go_forward)):
            shortcut = QShortcut(keys, self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(slot)


def _plain(words: str) -> str:
    """Words that Markdown shows as they are."""
    return "".join(f"\\{sign}" if sign in "\\`*_{}[]<>#|" else sign for sign in words)
