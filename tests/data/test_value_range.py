"""Pictures of more than 8 bits: one range of values for the data set, measured over it, said, and settable."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydantic import ValidationError

from studio import catalog
from studio.core.picture_scan import ValueRange
from studio.data.base import Decoded
from studio.data.value_range import ValueCounts, choose_range, to_eight_bits
from tests.data.picture_folders import Load, brief, classes, loader, notes

Draw = Callable[[np.random.Generator], NDArray[np.generic]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "pictures"


@pytest.fixture
def load(root: Path, tmp_path: Path) -> Load:
    return loader(root, tmp_path / "cache")


def fill(root: Path, draw: Draw, ending: str = "tif", count: int = 4) -> None:
    """Two classes of pictures of 16 x 16 values."""
    random = np.random.default_rng(0)
    for name in ("a", "b"):
        (root / name).mkdir(parents=True)
        for i in range(count):
            Image.fromarray(draw(random)).save(root / name / f"{i}.{ending}")


def whole(low: int, high: int) -> Draw:
    return lambda random: random.integers(low, high + 1, (16, 16)).astype(np.uint16)


def real(low: float, high: float) -> Draw:
    return lambda random: random.uniform(low, high, (16, 16)).astype(np.float32)


def spread(decoded: Decoded) -> tuple[int, int]:
    """The darkest and the brightest level there is."""
    return int(decoded.train.inputs.min()), int(decoded.train.inputs.max())


def span(decoded: Decoded) -> ValueRange:
    (found,) = brief(decoded).ranges
    return found


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize("ending", ["png", "tif"])
def test_bits_in_16_are_recognised(root: Path, load: Load, bits: int, ending: str) -> None:
    fill(root, whole(0, 2**bits - 1), ending)
    decoded = load()
    assert (span(decoded).black, span(decoded).white) == (0, 2**bits - 1)
    darkest, brightest = spread(decoded)
    assert darkest < 4
    assert brightest > 250


def test_values_from_an_offset_are_not_one_grey(root: Path, load: Load) -> None:
    fill(root, whole(30_000, 31_000))
    darkest, brightest = spread(load())
    assert darkest < 4
    assert brightest > 250


def test_a_dead_pixel_in_a_large_data_set_decides_nothing() -> None:
    counts, random = ValueCounts(), np.random.default_rng(0)
    for _ in range(10):
        values = random.integers(0, 4096, (200, 200)).astype(np.uint16)
        values[0, 0] = 65535
        counts.add(values)
    chosen = choose_range("whole", counts)
    assert (chosen.black, chosen.white, chosen.most) == (0, 4095, 65535)
    assert chosen.outside == pytest.approx(10 / 400_000)


def test_one_pixel_beyond_1_does_not_make_a_picture_black(root: Path, load: Load) -> None:
    def draw(random: np.random.Generator) -> NDArray[np.float32]:
        values = random.uniform(0, 1, (16, 16)).astype(np.float32)
        values[0, 0] = 1.004
        return values

    fill(root, draw)
    decoded = load()
    assert (span(decoded).black, span(decoded).white) == (0, 1)
    means = decoded.train.inputs.float().mean(dim=(1, 2, 3))
    assert means.min() > 100
    assert means.max() < 155


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 1, (0, 1)), (-1, 1, (-1, 1)), (0, 255, (0, 255)), (0, 60_000, (0, 65_535))],
)
def test_usual_ranges_of_real_numbers(
    root: Path, load: Load, low: float, high: float, expected: tuple[float, float]
) -> None:
    fill(root, real(low, high))
    decoded = load()
    assert (span(decoded).black, span(decoded).white) == expected
    assert span(decoded).numbers == "real"


def test_an_unusual_range_of_real_numbers_is_measured(root: Path, load: Load) -> None:
    fill(root, real(-1000, 3000))
    found = span(load())
    assert found.black == pytest.approx(-1000, rel=0.02)
    assert found.white == pytest.approx(3000, rel=0.02)


def test_the_range_is_one_for_all_pictures(root: Path, load: Load) -> None:
    """A dim picture stays dim beside a bright one, in both parts of the data."""
    for part, level in (("train/a", 400), ("train/b", 4000), ("test/a", 400), ("test/b", 4000)):
        (root / part).mkdir(parents=True)
        values = np.full((16, 16), level, np.uint16)
        values[0, 0] = 0
        Image.fromarray(values).save(root / part / "0.png")
    decoded = load()
    assert decoded.test is not None
    for examples in (decoded.train, decoded.test):
        assert [int(picture.max()) for picture in examples.inputs] == [25, 249]


def test_what_is_no_number_is_black_and_what_is_infinite_is_white(root: Path, load: Load) -> None:
    def draw(random: np.random.Generator) -> NDArray[np.float32]:
        values = random.uniform(0, 1, (16, 16)).astype(np.float32)
        values[0, :3] = (np.nan, np.inf, -np.inf)
        return values

    fill(root, draw)
    decoded = load()
    assert (span(decoded).black, span(decoded).white) == (0, 1)
    assert decoded.train.inputs[0, 0, 0, :3].tolist() == [0, 255, 0]


def test_the_range_is_said(root: Path, load: Load) -> None:
    fill(root, whole(0, 4095))
    assert "8 pictures have more than 8 bits, with values from" in notes(load())
    assert "0 is black and 4095 white in all of them." in notes(load())


def test_the_range_can_be_set_and_other_settings_read_anew(root: Path, load: Load) -> None:
    fill(root, whole(0, 4095))
    usual = load()
    chosen = load(black=1000, white=2000)
    assert (span(chosen).black, span(chosen).white, span(chosen).chosen) == (1000, 2000, True)
    assert span(chosen).outside == pytest.approx(0.75, abs=0.05)
    assert "as it was set" in notes(chosen)
    assert chosen.content != usual.content
    assert span(load(white=8191)).black == 0


@pytest.mark.parametrize(("black", "white"), [(5, 5), (6, 5)])
def test_white_below_black_is_refused(black: float, white: float) -> None:
    with pytest.raises(ValidationError, match="larger value"):
        catalog.find("dataset", "images").Settings(black=black, white=white)


def test_pictures_of_8_bits_have_no_such_range(root: Path, load: Load) -> None:
    classes(root, "a", "b")
    assert brief(load()).ranges == ()


def test_one_value_everywhere_is_shown_as_in_its_usual_range() -> None:
    for level, grey in ((25_700, 100), (65_535, 255), (0, 0)):
        counts = ValueCounts()
        counts.add(np.full((4, 4), level, np.uint16))
        assert to_eight_bits(np.array([level], np.uint16), choose_range("whole", counts)).tolist() == [grey]


def test_counts_do_not_depend_on_order_or_on_how_they_are_joined() -> None:
    random = np.random.default_rng(0)
    parts = [random.normal(0, 10.0**i, (20, 20)) for i in range(5)]
    one, several = ValueCounts(), []
    for part in parts:
        one.add(part)
        several.append(ValueCounts())
        several[-1].add(part)
    joined = ValueCounts().join(several[::-1])
    assert np.array_equal(one.counts, joined.counts)
    assert choose_range("real", one) == choose_range("real", joined)
    assert one.share_beyond(one.least, one.most) == 0


# colour of 16 bits a channel


def png16(values: NDArray[np.uint16]) -> bytes:
    """A PNG of 16 bits a channel, (H, W, 3) or (H, W, 4), which Pillow does not write."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    height, width, channels = values.shape
    header = struct.pack(">IIBBBBB", width, height, 16, 2 if channels == 3 else 6, 0, 0, 0)
    lines = b"".join(b"\0" + line.astype(">u2").tobytes() for line in values)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def tiff16(values: NDArray[np.uint16]) -> bytes:
    """An uncompressed TIFF of 16 bits a channel, (H, W, 3)."""
    height, width, _ = values.shape
    data = values.astype("<u2").tobytes()
    tags = [
        (256, 3, 1, width),
        (257, 3, 1, height),
        (258, 3, 3, 8 + len(data)),
        (259, 3, 1, 1),
        (262, 3, 1, 2),
        (273, 4, 1, 8),
        (277, 3, 1, 3),
        (278, 3, 1, height),
        (279, 4, 1, len(data)),
    ]
    body = b"II*\0" + struct.pack("<I", 8 + len(data) + 6) + data + struct.pack("<3H", 16, 16, 16)
    return body + struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + b"\0" * 4


@pytest.mark.parametrize("kind", ["png", "png with opacity", "tif"])
def test_colour_of_12_bits_in_16_is_read_with_all_its_bits(root: Path, load: Load, kind: str) -> None:
    random = np.random.default_rng(0)
    drawn = []
    for name in ("a", "b"):
        (root / name).mkdir(parents=True)
        for i in range(3):
            values = random.integers(0, 4096, (16, 16, 3)).astype(np.uint16)
            drawn.append(values)
            if kind == "png with opacity":
                values = np.dstack([values, np.full((16, 16), 65535, np.uint16)])
            data = tiff16(values) if kind == "tif" else png16(values)
            (root / name / f"{i}.{kind[:3]}").write_bytes(data)
    decoded = load()
    assert (span(decoded).white, span(decoded).pictures) == (4095, 6)
    expected = np.rint(drawn[0] * (255 / 4095)).astype(np.uint8)
    assert np.array_equal(decoded.train.inputs[0].permute(1, 2, 0).numpy(), expected)
