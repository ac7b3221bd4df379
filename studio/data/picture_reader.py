"""Opens one picture of any size and mode and makes of it a small one of one kind, or says why that cannot be.

What comes from strangers is not trusted: only formats Pillow decodes by itself are tried (no PostScript), sizes are
checked before anything is decoded, and whatever a broken file makes a decoder raise becomes a reason.
"""

from __future__ import annotations

import contextlib
import threading
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from PIL.Image import Image as Picture

FORMATS = ("JPEG", "PNG", "BMP", "DIB", "GIF", "TIFF", "WEBP", "PPM", "TGA", "ICO", "JPEG2000", "AVIF")
#: Above it a picture is taken for a decompression bomb: Pillow's own bound, 256 MB as RGB.
MAX_PIXELS = 1024 * 1024 * 1024 // 4 // 3
#: Above it pictures are decoded one at a time, however many threads there are, so that memory lasts.
LARGE = 20_000_000
#: What shows through transparent places.
BACKGROUND = (255, 255, 255)

_one_at_a_time = threading.Lock()


class Unreadable(Exception):
    """A file is not a picture that can be used; says why in a few words."""


def read_picture(path: Path, side: int, *, grey: bool = False) -> np.ndarray:
    """The middle square of a picture, turned upright, at ``side`` x ``side`` pixels.

    Returns:
        uint8 (side, side, 3), or (side, side, 1) where ``grey``.

    Raises:
        Unreadable: it cannot be used.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path, formats=_formats()) as picture:
            # a large JPEG is decoded at a half, a quarter or an eighth; twice the side is left to scale down well
            picture.draft(None, (2 * side, 2 * side))
            _refuse_bomb(picture)
            with _one_at_a_time if picture.width * picture.height > LARGE else contextlib.nullcontext():
                return _squared(_plain(_upright(picture), "L" if grey else "RGB"), side)
    except Unreadable:
        raise
    except UnidentifiedImageError as error:
        empty = path.stat().st_size == 0
        raise Unreadable("it is empty" if empty else "it is not a picture, whatever its name says") from error
    except Image.DecompressionBombError as error:
        raise Unreadable("it claims too many pixels to be decoded safely") from error
    except MemoryError as error:
        raise Unreadable("it does not fit in memory") from error
    except OSError as error:
        raise Unreadable(_said(error.strerror or error)) from error
    except Exception as error:
        # broken files make decoders raise nearly anything: SyntaxError, struct.error, IndexError ...
        raise Unreadable(_said(error)) from error


@cache
def _formats() -> tuple[str, ...]:
    """Those this Pillow was built with."""
    from PIL import Image

    Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def _said(reason: object) -> str:
    return f"it cannot be decoded ({str(reason).strip().rstrip('.') or 'broken'})"


def _refuse_bomb(picture: Picture) -> None:
    pixels = picture.width * picture.height
    if pixels > MAX_PIXELS:
        raise Unreadable(f"it claims {pixels // 1_000_000} million pixels, too many to be decoded safely")


def _upright(picture: Picture) -> Picture:
    """Turned as its EXIF orientation says; as it is where the EXIF data are broken."""
    from PIL import ImageOps

    picture.load()
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # noqa: BLE001 - as above
        return picture


def _plain(picture: Picture, mode: str) -> Picture:
    """In ``mode`` (L or RGB): deep levels scaled to 8 bits, transparent places filled."""
    from PIL import Image

    if picture.mode == "F" or picture.mode.startswith("I"):
        picture = Image.fromarray(_eight_bits(np.asarray(picture)))
    elif picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, (*BACKGROUND, 255))
        picture = Image.alpha_composite(ground, picture.convert("RGBA"))
    if picture.mode == mode:
        return picture
    # by way of RGB: not every mode (CMYK, LAB) has a way to grey
    return picture.convert("RGB").convert(mode)


def _eight_bits(levels: np.ndarray) -> np.ndarray:
    """Grey levels of 16 or 32 bits or real numbers as uint8: from the usual range of such files, else from their own."""
    values = np.nan_to_num(levels.astype(np.float64))
    least, most = float(values.min()), float(values.max())
    usual = (1.0, 255.0) if levels.dtype.kind == "f" else (65535.0,)
    if least >= 0 and most <= usual[-1]:
        least, most = 0.0, next(top for top in usual if most <= top)
    scaled = (values - least) * (255 / max(most - least, 1e-12))
    return np.rint(scaled).astype(np.uint8)


def _squared(picture: Picture, side: int) -> np.ndarray:
    """The middle square as uint8 (side, side, C)."""
    from PIL import Image

    if picture.size != (side, side):
        edge = min(picture.size)
        left, top = (picture.width - edge) / 2, (picture.height - edge) / 2
        box = (left, top, left + edge, top + edge)
        picture = picture.resize((side, side), Image.Resampling.BICUBIC, box=box, reducing_gap=3.0)
    return np.asarray(picture).reshape(side, side, -1)
