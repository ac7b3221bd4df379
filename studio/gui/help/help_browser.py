"""Help pages: Markdown from resources/help, set in the studio's own type, with pictures that follow the theme.

Conventions of a page: one ``#`` title; ``##`` sections; a block quote is a formula, written with ``<i>``, ``<sub>``,
``<sup>`` and Unicode signs; ``[words](help:name)`` leads to another page; ``![words](name.svg)`` is a picture beside the
page, in whose source ``@role`` (``@teacher``, ``@text2``) stands for a colour of the theme and ``@run`` for the first
run's. A line ``@name`` of a page stands for what the program knows (:mod:`studio.gui.presenters.help_parts`); the picture
``method-<key>.svg`` of a method need not be there (:mod:`studio.gui.presenters.method_picture`).
"""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QWidget

from studio.core import resources
from studio.gui import theme
from studio.gui.help.help_history import HelpTopic
from studio.gui.help.page_pictures import PagePictures
from studio.gui.help.page_style import style_page
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say

SCHEME = "help"
_MARK = re.compile(r"^@([a-z-]+)$", re.MULTILINE)


class HelpBrowser(GuardedOverrides, QTextBrowser):
    """Shows help pages by name. Links to the net open in the person's own browser.

    Signals:
        link_followed: page and section a link leads to.
    """

    link_followed = Signal(str, str)

    def __init__(self, folder: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder = folder or resources.folder("help")
        self._pictures = PagePictures(self.folder)
        self._page = ""
        self._markdown = ""
        self.setOpenLinks(False)
        self.setAccessibleName(self.tr("Help"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.anchorClicked.connect(self._open_link)
        theme.notifier().changed.connect(self._refresh)

    @property
    def page(self) -> str:
        """The name of the page shown."""
        return self._page

    def has_page(self, name: str) -> bool:
        """Whether there is a page of this name."""
        return self._file(name).is_file()

    def shows(self, topic: HelpTopic) -> bool:
        """Whether it shows this already."""
        return bool(topic.page) and topic.page.removesuffix(".md") == self._page

    def show_topic(self, topic: HelpTopic) -> None:
        """Show a page or a text."""
        if topic.page:
            self.open_page(topic.page, topic.section)
        else:
            self.show_markdown(topic.markdown)

    def title_of(self, topic: HelpTopic) -> str:
        """What a page or a text is called; empty where there is none."""
        markdown = topic.markdown
        if topic.page and self.has_page(topic.page):
            markdown = self._file(topic.page).read_text(encoding="utf-8")
        return markdown.partition("\n")[0].removeprefix("# ")

    def open_page(self, name: str, section: str = "") -> None:
        """Show resources/help/``name``.md (``.md`` may be part of the name), from this heading on if one is named."""
        name = name.removesuffix(".md")
        if name != self._page:
            path = self._file(name)
            if path.is_file():
                self.show_markdown(_filled(name, path.read_text(encoding="utf-8")))
            else:
                called = "".join(sign for sign in name if sign.isalnum() or sign in "-_ ")
                words = self.tr("# No page yet\n\nThere is no help page called “{name}”.")
                self.show_markdown(words.format(name=called))
            self._page = name
        self._show_section(section)

    def show_markdown(self, markdown: str) -> None:
        """Show Markdown that is not a page of its own: what a field means, what a run is."""
        self._page = ""
        self._markdown = markdown
        self._show_document()
        self.verticalScrollBar().setValue(0)

    def _refresh(self) -> None:
        """The same in other colours or type; what was being read stays in sight."""
        bar = self.verticalScrollBar()
        share = bar.value() / max(1, bar.maximum())
        self._show_document()
        bar.setValue(round(share * bar.maximum()))

    def _show_section(self, heading: str) -> None:
        """Scroll to a heading; to the top where there is none of these words."""
        block = self.document().begin()
        while heading and block.isValid():
            if block.blockFormat().headingLevel() and block.text() == heading:
                place = self.document().documentLayout().blockBoundingRect(block)
                self.verticalScrollBar().setValue(round(place.top()))
                return
            block = block.next()
        self.verticalScrollBar().setValue(0)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        """Pictures: drawn from SVG in the theme's colours, as wide as the page at most."""
        url = name if isinstance(name, QUrl) else QUrl(name)
        if kind == QTextDocument.ResourceType.ImageResource and url.path().endswith(".svg"):
            return self._pictures.image(url.path(), self.viewport().width(), self.devicePixelRatioF())
        return None  # whatever a text names, nothing else is fetched

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit_pictures()

    def _fit_pictures(self) -> None:
        self._pictures.fit(self.document(), self.viewport().width(), self.devicePixelRatioF())

    def _file(self, name: str) -> Path:
        return self.folder / f"{Path(name.removesuffix('.md')).name}.md"

    def _open_link(self, url: QUrl) -> None:
        if url.scheme() == SCHEME:
            self.link_followed.emit(url.path(), url.fragment())
        elif url.scheme() in ("http", "https"):
            QDesktopServices.openUrl(url)

    def _show_document(self) -> None:
        document = self.document()
        document.clear()
        document.setDefaultFont(theme.font("explain"))
        document.setDocumentMargin(0)
        document.setIndentWidth(14)
        document.setMarkdown(self._markdown)
        whole = QTextCursor(document)
        whole.beginEditBlock()  # laid out once, at the end, and not after each of the hundreds of changes
        style_page(document)
        self._fit_pictures()
        whole.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)


def _filled(page: str, markdown: str) -> str:
    """A page with what the program knows in the places that are left for it."""
    if not _MARK.search(markdown):
        return markdown
    from studio.gui.presenters.help_parts import PARTS

    def lines(mark: re.Match[str]) -> str:
        return "\n".join(say(line) for line in PARTS[mark[1]](page)) if mark[1] in PARTS else mark[0]

    return _MARK.sub(lines, markdown)
