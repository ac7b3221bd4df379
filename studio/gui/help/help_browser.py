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

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QDesktopServices,
    QFont,
    QImage,
    QPainter,
    QResizeEvent,
    QTextBlock,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextImageFormat,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QTextBrowser, QWidget

from studio.core import resources
from studio.gui import theme
from studio.gui.help.help_history import HelpTopic
from studio.gui.system.override_guard import GuardedOverrides
from studio.gui.text.say import say

SCHEME = "help"
PICTURE = "\ufffc"
_MARK = re.compile(r"^@([a-z-]+)$", re.MULTILINE)
_HEADINGS = {1: "question", 2: "section", 3: "section"}
#: Lower and upper margin of a block in pixels, by heading level; 0 is running text.
_MARGINS = {1: (0, 6), 2: (10, 4), 3: (8, 2), 0: (0, 8)}


class HelpBrowser(GuardedOverrides, QTextBrowser):
    """Shows help pages by name. Links to the net open in the person's own browser.

    Signals:
        link_followed: page and section a link leads to.
    """

    link_followed = Signal(str, str)

    def __init__(self, folder: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.folder = folder or resources.folder("help")
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
            source = self._source(url.path())
            if source is not None:
                return self._picture(source, self.viewport().width())
        return None  # whatever a text names, nothing else is fetched

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._fit_pictures()

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
        self._style_blocks(document)
        _style_tables(document)
        _box_formulas(document)
        self._fit_pictures()
        whole.endEditBlock()
        self.moveCursor(QTextCursor.MoveOperation.Start)

    def _style_blocks(self, document: QTextDocument) -> None:
        block = document.begin()
        while block.isValid():
            self._style_block(block)
            block = block.next()

    def _style_block(self, block: QTextBlock) -> None:
        colors = theme.current()
        level = block.blockFormat().headingLevel()
        quoted = _is_formula(block)
        form = QTextBlockFormat(block.blockFormat())
        above, below = _MARGINS.get(level, _MARGINS[0])
        form.setTopMargin(above)
        form.setBottomMargin(below)
        height = 100 if block.text() == PICTURE else 122
        form.setLineHeight(height, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        if quoted:
            form.setLeftMargin(0)
            form.setRightMargin(0)
        if quoted or block.textList() is not None or QTextCursor(block).currentTable() is not None:
            form.setTopMargin(2)
            form.setBottomMargin(2)
        cursor = QTextCursor(block)
        cursor.setBlockFormat(form)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(_type_of(level, quoted, colors))
        self._style_fragments(block)

    @staticmethod
    def _style_fragments(block: QTextBlock) -> None:
        """Links in the accent, below their first line as running text, and bold words in the weight that is bundled."""
        colors = theme.current()
        iterator = block.begin()
        while not iterator.atEnd():
            fragment = iterator.fragment()
            form = fragment.charFormat()
            extra = QTextCharFormat()
            if form.isAnchor() and form.anchorHref() == _last_link(block.previous()):
                extra.setForeground(colors.color("text2"))
                extra.setFontUnderline(False)
            elif form.isAnchor():
                extra.setForeground(colors.color("accent"))
                extra.setFontUnderline(False)
                extra.setFontWeight(500)
            elif form.fontWeight() > QFont.Weight.Medium:
                extra.setFontWeight(600)
                extra.setForeground(colors.color("text"))
            adjusted = form.hasProperty(QTextFormat.Property.FontSizeAdjustment)
            if adjusted or not extra.isEmpty():
                whole = QTextCharFormat(form)
                whole.merge(extra)
                whole.clearProperty(QTextFormat.Property.FontSizeAdjustment)  # it would undo the size in pixels
                cursor = QTextCursor(block)
                cursor.setPosition(fragment.position())
                cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(whole)
            iterator += 1

    def _source(self, name: str) -> str | None:
        """The source of a picture; None where there is none."""
        from studio.gui.presenters.method_picture import method_picture  # the first page is up before the catalogue is

        file = self.folder / Path(name).name
        return method_picture(file.name, file.read_text(encoding="utf-8") if file.is_file() else None)

    def _picture(self, source: str, room: int) -> QImage:
        """The picture at the size it is shown in, so that nothing is scaled afterwards."""
        renderer = QSvgRenderer(QByteArray(_colored(source).encode()))
        size, ratio = renderer.defaultSize(), self.devicePixelRatioF()
        if size.width() > room > 0:
            size = QSize(room, round(room * size.height() / size.width()))
        image = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        renderer.render(painter, QRectF(image.rect()))
        painter.end()
        image.setDevicePixelRatio(ratio)
        return image

    def _fit_pictures(self) -> None:
        """No picture wider than the page."""
        room = self.viewport().width()
        block = self.document().begin()
        while block.isValid():
            iterator = block.begin()
            while not iterator.atEnd():
                fragment = iterator.fragment()
                if fragment.charFormat().isImageFormat():
                    self._fit_picture(fragment.position(), fragment.charFormat().toImageFormat(), room)
                iterator += 1
            block = block.next()

    def _fit_picture(self, position: int, form: QTextImageFormat, room: int) -> None:
        source = self._source(form.name())
        if source is None:
            return
        natural = QSvgRenderer(QByteArray(source.encode())).defaultSize()
        if not natural.isValid() or natural.isEmpty():
            return
        width = min(room, natural.width())
        if round(form.width()) != width:
            form.setWidth(width)
            form.setHeight(width * natural.height() / natural.width())
            image = self._picture(source, room)
            self.document().addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(form.name()), image)
            cursor = QTextCursor(self.document())
            cursor.setPosition(position)
            cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(form)


def _filled(page: str, markdown: str) -> str:
    """A page with what the program knows in the places that are left for it."""
    if not _MARK.search(markdown):
        return markdown
    from studio.gui.presenters.help_parts import PARTS

    def lines(mark: re.Match[str]) -> str:
        return "\n".join(say(line) for line in PARTS[mark[1]](page)) if mark[1] in PARTS else mark[0]

    return _MARK.sub(lines, markdown)


def _last_link(block: QTextBlock) -> str:
    """Where the last words of a block lead to; empty where they lead nowhere or there is no block."""
    if not block.isValid() or not block.text():
        return ""
    cursor = QTextCursor(block)
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    return cursor.charFormat().anchorHref()


def _is_formula(block: QTextBlock) -> bool:
    return block.blockFormat().intProperty(QTextFormat.Property.BlockQuoteLevel) > 0


def _box_formulas(document: QTextDocument) -> None:
    """Put each block quote into a frame of its own, sunken and padded."""
    box = QTextFrameFormat()
    box.setBackground(theme.current().color("sunken"))
    box.setPadding(10)
    box.setBottomMargin(8)
    box.setBorder(0)
    block = document.begin()
    while block.isValid():
        first, block = block, block.next()
        if not _is_formula(first):
            continue
        last = first
        while block.isValid() and _is_formula(block):
            last, block = block, block.next()
        cursor = QTextCursor(first)
        cursor.setPosition(last.position() + last.length() - 1, QTextCursor.MoveMode.KeepAnchor)
        frame = cursor.insertFrame(box)
        block = frame.lastCursorPosition().block().next()
        for beside in (frame.firstCursorPosition().block().previous(), block):
            if beside.isValid() and beside.length() == 1:
                _flatten(beside)


def _flatten(block: QTextBlock) -> None:
    """Take the height from an empty block that Qt leaves beside a frame."""
    form = QTextBlockFormat()
    form.setLineHeight(1, QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    QTextCursor(block).setBlockFormat(form)


def _style_tables(document: QTextDocument) -> None:
    """Found by their blocks: what Qt says of a document's frames outlives them, page after page."""
    block = document.begin()
    while block.isValid():
        table = QTextCursor(block).currentTable()
        if table is not None:
            form = table.format().toTableFormat()
            form.setBorderBrush(theme.current().color("border"))
            form.setBorderCollapse(True)
            form.setCellPadding(4)
            form.setBottomMargin(8)
            table.setFormat(form)
            block = table.lastCursorPosition().block()
        block = block.next()


def _type_of(level: int, formula: bool, colors: theme.Theme) -> QTextCharFormat:
    form = QTextCharFormat()
    if formula:
        serif = theme.font("formula")
        form.setFontFamilies(serif.families())
        form.setProperty(QTextFormat.Property.FontPixelSize, 14)
        form.setForeground(colors.color("text"))
    elif level:
        style = theme.TYPE_STYLES[_HEADINGS.get(level, "section")]
        form.setProperty(QTextFormat.Property.FontPixelSize, style.size)
        form.setFontWeight(style.weight)
        form.setForeground(colors.color("text" if level == 1 else style.color))
    else:
        form.setForeground(colors.color("text2"))
    return form


def _colored(svg: str) -> str:
    """The source of a picture with roles replaced by colours."""
    colors = theme.current()

    def color(match: re.Match[str]) -> str:
        role = match.group(1)
        found = colors.run_color(0) if role == "run" else QColor(colors.roles.get(role, colors.roles["text2"]))
        return found.name()

    return re.sub(r"@([a-z_0-9]+)", color, svg.replace("currentColor", "@text2"))
