"""Pictures of views without their buttons, for the clipboard, a printer or a PDF."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QIODevice, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPagedPaintDevice, QPageLayout, QPainter, QPdfWriter, QPixmap
from PySide6.QtWidgets import QWidget

#: The property of what a picture leaves out.
TOOLS = "left_out_of_pictures"


def picture_of(widget: QWidget) -> QPixmap:
    """A view or a card of it as it is drawn, its buttons left out."""
    shown = [child for child in widget.findChildren(QWidget) if child.property(TOOLS) and child.isVisible()]
    places = [tool.geometry() for tool in shown]
    for tool in shown:  # moved out of sight: hidden, all that is beside them would be laid out anew
        tool.move(-tool.width() - 1, -tool.height() - 1)
    picture = widget.grab()
    for tool, place in zip(shown, places, strict=True):
        tool.setGeometry(place)
    return picture


def copy_picture(widget: QWidget) -> None:
    """Put a picture of a view into the clipboard."""
    QGuiApplication.clipboard().setPixmap(picture_of(widget))


def pdf_of(widget: QWidget) -> bytes:
    """A page of A4 with a picture of a view, as the bytes of a PDF file."""
    picture, buffer = picture_of(widget), QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setPageOrientation(_orientation(picture))
    draw_page(picture, writer)
    return bytes(buffer.data().data())


def draw_page(picture: QPixmap, page: QPagedPaintDevice) -> None:
    """Draw a picture on a page, as large as there is room."""
    painter = QPainter(page)
    room = painter.viewport()
    size: QSize = picture.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    painter.drawPixmap(QRect(room.topLeft(), size), picture)
    painter.end()


def _orientation(picture: QPixmap) -> QPageLayout.Orientation:
    wide = picture.width() > picture.height()
    return QPageLayout.Orientation.Landscape if wide else QPageLayout.Orientation.Portrait


def ask_printer(widget: QWidget) -> None:
    """Ask for a printer, and print a picture of a view on it."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # takes its time, and is wanted rarely

    picture, printer = picture_of(widget), QPrinter()
    printer.setPageOrientation(_orientation(picture))
    dialog = QPrintDialog(printer, widget.window())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(lambda: draw_page(picture, printer))
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    dialog.show()
