"""Pictures of more than 8 bits: whether a file may be one, and its values as they are stored.

Pillow has no mode for colour of 16 bits a channel; it takes the upper byte of each. The lower bytes are had by reading
the same file once more with the bytes of each value exchanged.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PIL.Image import Image as Picture

#: Beginnings of files of kinds that can hold more: PNG of 16 bits says so in its 25th byte, the others have to be opened.
_MAY = re.compile(
    rb"\x89PNG\r\n\x1a\n.{16}\x10|II[*+]\0|MM\0[*+]|P[2356f][\s#]|\0\0\0\x0cjP  |\xff\x4f\xff\x51", re.DOTALL
)
HEAD = 32
_OTHER_BYTE = {
    "RGB;16B": "RGB;16L",
    "RGB;16L": "RGB;16B",
    "RGB;16N": "RGB;16B" if sys.byteorder == "little" else "RGB;16L",
    "RGBA;16B": "RGBA;16L",
    "RGBA;16L": "RGBA;16B",
    "RGBA;16N": "RGBA;16B" if sys.byteorder == "little" else "RGBA;16L",
}


def may_be_deep(path: str) -> bool:
    """Whether a file may hold more than 8 bits, by its first bytes; False where it cannot be read."""
    try:
        with open(path, "rb", buffering=0) as stream:  # noqa: PTH123 - a Path for each of many files takes time
            return _MAY.match(stream.read(HEAD)) is not None
    except OSError:
        return False


def deep_levels(picture: Picture, path: Path, upright: Callable[[Picture], Picture]) -> np.ndarray | None:
    """The values of a picture that has more than 8 bits; None for another.

    Args:
        picture: opened and not read yet.
        path: of its file.
        upright: reads a picture and turns it as it was taken.

    Returns:
        Integers or floats (H, W) of grey, integers (H, W, 3) of colour, (H, W, 4) with opacity.
    """
    if picture.mode == "F" or picture.mode.startswith("I"):
        return np.asarray(upright(picture))
    other = _with_other_byte(picture)
    if other is None:
        return None
    from PIL import Image

    upper = np.asarray(upright(picture))
    with Image.open(path, formats=(picture.format or "",)) as again:
        again.tile = other
        lower = np.asarray(upright(again))
    both: np.ndarray = (upper.astype(np.uint16) << 8) | lower
    return both


def _with_other_byte(picture: Picture) -> list[Any] | None:
    """How the pieces of a picture of 16 bits a channel are read to get the lower byte; None for another picture."""
    pieces: list[Any] = []  # of a type that Pillow keeps to itself
    for piece in getattr(picture, "tile", ()):
        args = piece[3]
        raw = args[0] if isinstance(args, tuple) and args else args
        if not isinstance(raw, str) or raw not in _OTHER_BYTE:
            return None
        pieces.append(
            piece._replace(args=(_OTHER_BYTE[raw], *args[1:]) if isinstance(args, tuple) else _OTHER_BYTE[raw])
        )
    return pieces or None
