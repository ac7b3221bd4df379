"""The pictures of a help page: SVG drawn in the colours of the theme, no wider than the page."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QPainter, QTextCursor, QTextDocument, QTextImageFormat
from PySide6.QtSvg import QSvgRenderer

from studio.gui import theme


class PagePictures:
    """Draws what the pages of a folder name as pictures.

    In their source ``@role`` (``@teacher``, ``@text2``) stands for a colour of the theme and ``@run`` for the first run's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def image(self, name: str, room: int, ratio: float) -> QImage | None:
        """A picture at the size it is shown in, so that nothing is scaled afterwards; None where there is none.

        Args:
            room: the width of the page in pixels.
            ratio: how many pixels of the screen make up one of the window.
        """
        source = self._source(name)
        return _drawn(source, room, ratio) if source is not None else None

    def fit(self, document: QTextDocument, room: int, ratio: float) -> None:
        """Make every picture of a document as wide as it is by nature, or as ``room`` where that is less."""
        block = document.begin()
        while block.isValid():
            iterator = block.begin()
            while not iterator.atEnd():
                fragment = iterator.fragment()
                if fragment.charFormat().isImageFormat():
                    form = fragment.charFormat().toImageFormat()
                    self._fit_one(document, fragment.position(), form, room, ratio)
                iterator += 1
            block = block.next()

    def _fit_one(self, document: QTextDocument, position: int, form: QTextImageFormat, room: int, ratio: float) -> None:
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
            image = _drawn(source, room, ratio)
            document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(form.name()), image)
            cursor = QTextCursor(document)
            cursor.setPosition(position)
            cursor.movePosition(QTextCursor.MoveOperation.NextCharacter, QTextCursor.MoveMode.KeepAnchor)
            cursor.setCharFormat(form)

    def _source(self, name: str) -> str | None:
        from studio.gui.presenters.method_picture import method_picture  # the first page is up before the catalogue is

        file = self._folder / Path(name).name
        return method_picture(file.name, file.read_text(encoding="utf-8") if file.is_file() else None)


def _drawn(source: str, room: int, ratio: float) -> QImage:
    renderer = QSvgRenderer(QByteArray(_colored(source).encode()))
    size = renderer.defaultSize()
    if size.width() > room > 0:
        size = QSize(room, round(room * size.height() / size.width()))
    image = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(image.rect()))
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


def _colored(svg: str) -> str:
    """The source of a picture with roles replaced by colours."""
    colors = theme.current()

    def color(match: re.Match[str]) -> str:
        role = match.group(1)
        found = colors.run_color(0) if role == "run" else QColor(colors.roles.get(role, colors.roles["text2"]))
        return found.name()

    return re.sub(r"@([a-z_0-9]+)", color, svg.replace("currentColor", "@text2"))
