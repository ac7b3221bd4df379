"""Pictures of Qt as arrays, and back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import QImage, QPixmap

from studio.data.picture_kinds import kind_by_content, kind_by_name
from studio.gui.views.charts.maps import pictures

#: Pixels along a side that are kept of a picture: more than any network here looks at.
LONGEST = 1024


def pixels_of(image: QImage) -> np.ndarray:
    """A picture as uint8 (H, W, 4): red, green, blue, opacity; a large one scaled down."""
    if max(image.width(), image.height()) > LONGEST:
        image = image.scaled(
            QSize(LONGEST, LONGEST), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    plain = image.convertToFormat(QImage.Format.Format_RGBA8888)
    rows = np.frombuffer(plain.constBits(), np.uint8, plain.sizeInBytes()).reshape(plain.height(), -1)
    return rows[:, : 4 * plain.width()].reshape(plain.height(), plain.width(), 4).copy()


def image_of(pixels: np.ndarray) -> QImage:
    """The way back; the picture owns its pixels."""
    height, width = pixels.shape[:2]
    data = np.ascontiguousarray(pixels)
    return QImage(data.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()


def pixmap_of(values: np.ndarray, side: int) -> QPixmap:
    """A picture as networks see it, uint8 (C, H, W), enlarged to ``side`` pixels."""
    return pixmap_of_colors(pictures(values[None], side)[0])


def pixmap_of_colors(colors: np.ndarray) -> QPixmap:
    """Colours, uint8 (H, W, 3), as they are."""
    height, width = colors.shape[:2]
    data = np.ascontiguousarray(colors)
    return QPixmap.fromImage(QImage(data.data, width, height, 3 * width, QImage.Format.Format_RGB888))


def is_picture(path: Path) -> bool:
    """Whether a file is a picture, be it of a kind that is not read, by its first bytes or its name."""
    try:
        known = kind_by_name(path.name) or kind_by_content(str(path))
    except OSError:  # a folder, or gone
        return False
    return known.verdict != "other" and path.is_file()


def image_in(data: QMimeData) -> QImage | None:
    """The picture in what was dropped or copied; None where it holds none."""
    if data.hasImage():
        image = data.imageData()
        if isinstance(image, QPixmap):
            image = image.toImage()
        if isinstance(image, QImage) and not image.isNull():
            return image
    return None


def picture_file(data: QMimeData) -> Path | None:
    """The one file of a picture that was dropped or copied; None of anything else."""
    urls = data.urls()
    path = Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
    return path if path is not None and is_picture(path) else None


def holds_picture(data: QMimeData) -> bool:
    """Whether a picture, or the file of one, was dropped or copied."""
    return data.hasImage() or picture_file(data) is not None
