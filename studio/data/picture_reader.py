"""Opens one picture of any size and mode and makes of it a small one of one kind, or says why that cannot be.

What comes from strangers is not trusted: only formats Pillow decodes by itself are tried (no PostScript), sizes are
checked before anything is decoded, and whatever a broken file makes a decoder raise becomes a reason.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from studio.data.deep_pictures import deep_levels
from studio.data.picture_kinds import unread_kind
from studio.data.value_range import Numbers, ValueCounts, choose_range, numbers_of, to_eight_bits

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PIL.Image import Image as Picture

    from studio.core.picture_scan import ValueRange

FORMATS = ("JPEG", "PNG", "BMP", "DIB", "GIF", "TIFF", "WEBP", "PPM", "TGA", "ICO", "JPEG2000", "AVIF")
#: Above it a picture is taken for a decompression bomb: Pillow's own bound, 256 MB as RGB.
MAX_PIXELS = 1024 * 1024 * 1024 // 4 // 3
#: Above it pictures are decoded one at a time, however many threads there are, so that memory lasts.
LARGE = 20_000_000
#: What shows through transparent places.
BACKGROUND = (255, 255, 255)

NONE: Mapping[Numbers, ValueRange] = MappingProxyType({})

_one_at_a_time = threading.Lock()


class Unreadable(Exception):
    """A file is not a picture that can be used.

    Args:
        why: in a few words.
        kind: what kind of picture it is, where that is the reason.
    """

    def __init__(self, why: str, kind: str = "") -> None:
        super().__init__(why)
        self.kind = kind


def read_picture(
    path: Path, side: int, *, grey: bool = False, ranges: Mapping[Numbers, ValueRange] = NONE
) -> np.ndarray:
    """The middle square of a picture, turned upright, at ``side`` x ``side`` pixels.

    Args:
        ranges: of the values of pictures of more than 8 bits, by kind of number; where none is given, as usual for them.

    Returns:
        uint8 (side, side, 3), or (side, side, 1) where ``grey``.

    Raises:
        Unreadable: it cannot be used.
    """
    with _opened(path) as picture:
        # a large JPEG is decoded at a half, a quarter or an eighth; twice the side is left to scale down well
        picture.draft(None, (2 * side, 2 * side))
        _refuse_bomb(picture)
        with _one_at_a_time if picture.width * picture.height > LARGE else contextlib.nullcontext():
            levels = deep_levels(picture, path, _upright)
            whole = _upright(picture) if levels is None else _eight_bits(levels, ranges)
            return squared(plain(whole, "L" if grey else "RGB"), side)


def read_whole(path: Path, longest: int) -> np.ndarray:
    """A picture as it is, turned upright, with its opacity; scaled down where it is larger.

    Args:
        longest: the most pixels along a side.

    Returns:
        uint8 (H, W, 4): red, green, blue, opacity.

    Raises:
        Unreadable: it cannot be used, or is several pictures one after the other.
    """
    with _opened(path) as picture:
        frames = getattr(picture, "n_frames", 1)
        if frames > 1:
            raise Unreadable(f"it is animated, {frames} pictures one after the other")
        picture.draft(None, (2 * longest, 2 * longest))
        _refuse_bomb(picture)
        with _one_at_a_time if picture.width * picture.height > LARGE else contextlib.nullcontext():
            levels = deep_levels(picture, path, _upright)
            whole = _upright(picture) if levels is None else _eight_bits(levels, NONE)
            if whole.mode in ("P", "1"):  # colours by number cannot be averaged
                whole = whole.convert("RGBA")
            whole.thumbnail((longest, longest), reducing_gap=3.0)
            return np.asarray(whole.convert("RGBA"))


def read_levels(path: Path) -> np.ndarray | None:
    """The values of a picture of more than 8 bits, see :func:`studio.data.deep_pictures.deep_levels`; None for another.

    Raises:
        Unreadable: it cannot be used.
    """
    with _opened(path) as picture:
        _refuse_bomb(picture)
        with _one_at_a_time if picture.width * picture.height > LARGE else contextlib.nullcontext():
            return deep_levels(picture, path, _upright)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Picture]:
    """A picture whose pixels are not read yet; whatever goes wrong within becomes a reason."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path, formats=_formats()) as picture:
            yield picture
    except Unreadable:
        raise
    except UnidentifiedImageError as error:
        raise _unidentified(path) from error
    except Image.DecompressionBombError as error:
        raise Unreadable("it claims too many pixels to be decoded safely") from error
    except MemoryError as error:
        raise Unreadable("it does not fit in memory") from error
    except OSError as error:
        raise Unreadable(_said(error.strerror or error)) from error
    except Exception as error:
        # broken files make decoders raise nearly anything: SyntaxError, struct.error, IndexError ...
        raise Unreadable(_said(error)) from error


def _unidentified(path: Path) -> Unreadable:
    kind = unread_kind(str(path))
    if kind:
        return Unreadable("it is of a kind that cannot be read here", kind)
    try:
        empty = path.stat().st_size == 0
    except OSError as error:
        return Unreadable(_said(error.strerror or error))
    return Unreadable("it is empty" if empty else "it is not a picture, whatever its name says")


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


def plain(picture: Picture, mode: str) -> Picture:
    """In ``mode`` (L or RGB), transparent places filled."""
    from PIL import Image

    if picture.has_transparency_data:
        ground = Image.new("RGBA", picture.size, (*BACKGROUND, 255))
        picture = Image.alpha_composite(ground, picture.convert("RGBA"))
    if picture.mode == mode:
        return picture
    # by way of RGB: not every mode (CMYK, LAB) has a way to grey
    return picture.convert("RGB").convert(mode)


def _eight_bits(levels: np.ndarray, ranges: Mapping[Numbers, ValueRange]) -> Picture:
    """Values of more than 8 bits as a plain picture, grey or in colour."""
    from PIL import Image

    numbers = numbers_of(levels)
    span = ranges.get(numbers) or choose_range(numbers, ValueCounts())
    scaled = to_eight_bits(levels[..., :3] if levels.ndim == 3 else levels, span)
    if levels.ndim == 3 and levels.shape[2] == 4:
        scaled = np.dstack([scaled, (levels[..., 3] >> 8).astype(np.uint8)])
    return Image.fromarray(scaled)


def squared(picture: Picture, side: int) -> np.ndarray:
    """The middle square as uint8 (side, side, C)."""
    from PIL import Image

    if picture.size != (side, side):
        edge = min(picture.size)
        left, top = (picture.width - edge) / 2, (picture.height - edge) / 2
        box = (left, top, left + edge, top + edge)
        picture = picture.resize((side, side), Image.Resampling.BICUBIC, box=box, reducing_gap=3.0)
    return np.asarray(picture).reshape(side, side, -1)
