"""A person's own picture becomes like those of a data set, whatever its size, ground and place; or is refused in a sentence."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from studio import catalog
from studio.core.errors import StudioError
from studio.data.base import DataSource
from studio.data.digits import Digits
from studio.data.own_file import read_own
from studio.data.own_picture import centre_of_mass, ink_of

catalog.load()


def drawn(size: int = 200, shift: int = 0, ink: int = 0, paper: int = 255) -> np.ndarray:
    """A thick upright L."""
    image = Image.new("RGBA", (size, size), (paper, paper, paper, 255))
    pen = ImageDraw.Draw(image)
    unit = size // 20
    left = 6 * unit + shift
    pen.line([(left, 3 * unit), (left, 15 * unit), (left + 6 * unit, 15 * unit)], (ink, ink, ink, 255), width=2 * unit)
    return np.asarray(image)


def prepared(key: str, picture: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    source: DataSource = catalog.find("dataset", key)
    return source.prepare_own(source.Settings(), picture, shape)


@pytest.mark.parametrize(("key", "side"), [("digits", 8), ("mnist", 28), ("fashion_mnist", 28)])
def test_place_size_and_ground_of_a_drawing_make_no_difference(key: str, side: int) -> None:
    shape = (1, side, side)
    one = prepared(key, drawn(), shape)
    assert one.shape == shape
    assert one.dtype == np.uint8
    assert one.max() > 200, "ink is light, as in the data"
    assert np.median(np.concatenate([one[0, 0], one[0, :, -1]])) < 30, "the ground is dark"
    for other in (drawn(shift=37), drawn(ink=255, paper=0), drawn(size=400), drawn(ink=120, paper=230)):
        assert np.abs(prepared(key, other, shape).astype(int) - one).mean() < 9


def test_an_mnist_digit_fills_a_box_of_twenty_and_its_mass_is_in_the_middle() -> None:
    seen = prepared("mnist", drawn(), (1, 28, 28))[0] / 255
    rows, columns = np.flatnonzero((seen > 0.3).any(1)), np.flatnonzero((seen > 0.3).any(0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == pytest.approx(20, abs=1)
    assert centre_of_mass(seen) == pytest.approx((13.5, 13.5), abs=0.6)


def test_digits_of_the_data_come_back_as_they_were(tmp_path: Path) -> None:
    """Drawn large, dark on white, each becomes the picture it was: nearer to it than to most others."""
    pictures = Digits().load(Digits.Settings(), tmp_path, lambda *_: None).train.inputs[:120].numpy()
    back = []
    for picture in pictures:
        large = np.asarray(Image.fromarray(picture[0]).resize((240, 240), Image.Resampling.BICUBIC))
        back.append(prepared("digits", np.dstack([255 - large] * 3 + [np.full_like(large, 255)]), (1, 8, 8)))
    apart = np.abs(np.stack(back)[:, None].astype(float) - pictures[None]).mean((2, 3, 4))
    nearest = (apart <= apart.diagonal()[:, None]).sum(1)
    assert np.median(nearest) <= 2


def test_colour_pictures_are_cut_to_their_middle_and_lie_on_white() -> None:
    wide = np.zeros((40, 80, 4), np.uint8)
    wide[:, :20] = (255, 0, 0, 255)  # beyond the middle square
    wide[:, 20:60] = (0, 0, 255, 255)
    wide[:20, 20:60, 3] = 0
    seen = prepared("shapes", wide, (3, 32, 32))
    assert seen.shape == (3, 32, 32)
    assert seen[:, 4, 16].tolist() == [255, 255, 255], "what is transparent"
    assert seen[:, 28, 16].tolist() == [0, 0, 255]
    assert not ((seen[0] > 200) & (seen[2] < 50)).any()


def test_a_sheet_of_one_colour_shows_nothing() -> None:
    with pytest.raises(StudioError, match="nothing to see"):
        ink_of(np.full((30, 30, 4), 255, np.uint8))


def _animated(path: Path) -> None:
    frames = [Image.new("RGB", (9, 9), color) for color in ("red", "blue", "green")]
    frames[0].save(path, save_all=True, append_images=frames[1:])


def _claimed(width: int, height: int) -> bytes:
    """A PNG that says it is so large and holds next to nothing."""
    size = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", size), (b"IDAT", zlib.compress(bytes(100))), (b"IEND", b""))
    chunks = (struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d)) for t, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


REFUSED: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "empty": ("a.png", lambda path: path.write_bytes(b""), "is empty"),
    "no picture": ("a.png", lambda path: path.write_bytes(b"hello, world" * 40), "not a picture"),
    "torn": ("a.png", lambda path: path.write_bytes(_png()[:200]), "cannot be decoded"),
    "huge": ("a.png", lambda path: path.write_bytes(_claimed(60_000, 60_000)), "too many pixels"),
    "animated": ("a.gif", _animated, "animated, 3 pictures"),
    "transparent": ("a.png", lambda path: Image.new("RGBA", (8, 8), (9, 9, 9, 0)).save(path), "transparent everywhere"),
    "of another kind": ("a.psd", lambda path: path.write_bytes(b"8BPS" + bytes(200)), "Photoshop"),
    "missing": ("gone.png", lambda path: path, "cannot be decoded|No such file"),
}


def _png() -> bytes:
    import io

    buffer = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8)
    Image.fromarray(noise).save(buffer, "PNG")
    return buffer.getvalue()


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_tried_is_refused_in_a_sentence(case: str, tmp_path: Path) -> None:
    name, make, words = REFUSED[case]
    make(tmp_path / name)
    with pytest.raises(StudioError, match=words) as refusal:
        read_own(tmp_path / name)
    assert name in str(refusal.value)
    assert "{" not in str(refusal.value)


def test_a_large_picture_is_read_smaller_and_keeps_its_opacity(tmp_path: Path) -> None:
    image = Image.new("RGBA", (3000, 1500), (200, 10, 10, 128))
    image.save(tmp_path / "large.png")
    assert read_own(tmp_path / "large.png").shape == (512, 1024, 4)
    assert np.abs(read_own(tmp_path / "large.png")[3, 3].astype(int) - (200, 10, 10, 128)).max() <= 1
