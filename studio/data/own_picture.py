"""Makes of a picture a person gives what the pictures of a dataset are: a photograph is cut and scaled, a drawing is centred."""

from __future__ import annotations

import numpy as np

from studio.core.errors import StudioError
from studio.data.picture_reader import plain, squared

#: How far ink must stand out from its ground, of 1, before there is anything to see; and from where on it counts for the
#: extent of a drawing.
LEAST, EXTENT = 0.1, 0.25
_EMPTY = "Draw something, or choose another picture."


def framed(picture: np.ndarray, side: int, channels: int) -> np.ndarray:
    """The middle square of a picture at ``side`` x ``side`` pixels, what is transparent over white.

    Args:
        picture: uint8 (H, W, 4): red, green, blue, opacity.

    Returns:
        uint8 (C, side, side).
    """
    from PIL import Image

    image = plain(Image.fromarray(picture, "RGBA"), "L" if channels == 1 else "RGB")
    return np.ascontiguousarray(squared(image, side).transpose(2, 0, 1))


def ink_of(picture: np.ndarray) -> np.ndarray:
    """How much of a drawing is at each place, from 0 to 1, whether it is dark on light or light on dark.

    The ground is what is most along the border; the strongest place is 1.

    Args:
        picture: uint8 (H, W, 4).

    Returns:
        float32 (H, W).

    Raises:
        StudioError: nothing stands out from the ground.
    """
    from PIL import Image

    grey = np.asarray(plain(Image.fromarray(picture, "RGBA"), "L"), np.float32) / 255
    border = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
    ground = float(np.median(border))
    ink = np.clip(ground - grey if ground > 0.5 else grey - ground, 0, None)
    most = float(ink.max())
    if most < LEAST:
        raise StudioError("There is nothing to see in this picture.", "It is of one colour.", _EMPTY)
    strength: np.ndarray = ink / most
    return strength


def cut_out(ink: np.ndarray) -> np.ndarray:
    """The part of a drawing that has ink, float32 (h, w)."""
    rows, columns = (np.flatnonzero((ink > EXTENT).any(axis)) for axis in (1, 0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def scaled(ink: np.ndarray, height: int, width: int) -> np.ndarray:
    """A drawing at another size, averaged where it becomes smaller; float32 (height, width)."""
    from PIL import Image

    image = Image.fromarray(np.ascontiguousarray(ink, np.float32), "F")
    resized: np.ndarray = np.clip(np.asarray(image.resize((width, height), Image.Resampling.BILINEAR)), 0, 1)
    return resized


def fitted(ink: np.ndarray, box: int) -> np.ndarray:
    """A drawing whose longer side is ``box`` pixels; float32 (h, w)."""
    longest = max(ink.shape)
    height, width = (max(1, round(box * side / longest)) for side in ink.shape)
    return scaled(ink, height, width)


def placed(ink: np.ndarray, side: int, middle: tuple[float, float]) -> np.ndarray:
    """A drawing on an empty square, its place ``middle`` (row, column) at the square's own; what lies beyond is cut off.

    Returns:
        float32 (side, side).
    """
    square = np.zeros((side, side), np.float32)
    top, left = (round((side - 1) / 2 - place) for place in middle)
    for row, values in enumerate(ink, start=top):
        if 0 <= row < side:
            first, last = max(0, left), min(side, left + len(values))
            square[row, first:last] = values[first - left : last - left]
    return square


def centre_of_mass(ink: np.ndarray) -> tuple[float, float]:
    """The row and the column around which the ink lies evenly."""
    rows, columns = np.indices(ink.shape)
    total = float(ink.sum())
    return float((rows * ink).sum()) / total, float((columns * ink).sum()) / total


def middle_of(ink: np.ndarray) -> tuple[float, float]:
    """The row and the column half way between the ends."""
    return (ink.shape[0] - 1) / 2, (ink.shape[1] - 1) / 2


def as_bytes(values: np.ndarray) -> np.ndarray:
    """Values from 0 to 1, (H, W), as one channel: uint8 (1, H, W)."""
    levels: np.ndarray = np.rint(255 * np.clip(values, 0, 1)).astype(np.uint8)
    return levels[None]
