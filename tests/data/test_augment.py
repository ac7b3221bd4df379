"""Every picture its own crop and flip, the same by either way of computing it."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from studio.data.augment import augment, crop_by_gather, draw
from studio.data.base import Augmentation

SIZES = [(3, 32, 32, 4), (1, 8, 8, 3), (1, 8, 8, 10), (4, 5, 9, 2), (3, 1, 7, 2), (2, 1, 1, 3), (3, 6, 6, 0)]


def pictures(count: int, *shape: int, seed: int = 0) -> Tensor:
    return torch.randint(0, 256, (count, *shape), dtype=torch.uint8, generator=torch.Generator().manual_seed(seed))


def seeded(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("padding", ["reflect", "zeros"])
@pytest.mark.parametrize(("channels", "height", "width", "pad"), SIZES)
def test_copying_windows_and_gathering_pixels_give_the_same(
    channels: int, height: int, width: int, pad: int, padding: str
) -> None:
    batch = pictures(50, channels, height, width)
    varied = augment(batch, Augmentation(pad=pad, padding=padding, flip=True), seeded())
    gathered = crop_by_gather(batch, draw(50, pad, True, seeded()), pad, zeros=padding == "zeros")
    assert varied.dtype == torch.uint8
    assert torch.equal(varied, gathered)
    assert varied.is_contiguous(memory_format=torch.channels_last)


@pytest.mark.parametrize("padding", ["reflect", "zeros"])
def test_each_picture_is_a_crop_of_its_padded_self(padding: str) -> None:
    batch = pictures(40, 3, 10, 12)
    varied = augment(batch, Augmentation(pad=2, padding=padding), seeded())
    mode = "reflect" if padding == "reflect" else "constant"
    padded = nn.functional.pad(batch.float(), (2, 2, 2, 2), mode=mode).to(torch.uint8)
    places = set()
    for picture, whole in zip(varied, padded, strict=True):
        found = [(y, x) for y in range(5) for x in range(5) if torch.equal(whole[:, y : y + 10, x : x + 12], picture)]
        assert len(found) == 1
        places.update(found)
    assert len(places) > 12  # each its own, not one for the batch


def test_every_second_picture_is_flipped_and_no_other_way_changed() -> None:
    batch = pictures(400, 3, 4, 4)
    varied = augment(batch, Augmentation(flip=True), seeded())
    same = (varied == batch).flatten(1).all(1)
    mirrored = (varied == batch.flip(3)).flatten(1).all(1)
    assert (same | mirrored).all()
    assert 150 < int(mirrored.sum()) < 250


def test_places_and_flips_are_evenly_drawn() -> None:
    down, across, flipped = draw(90_000, 4, True, seeded())
    for values, kinds in ((down, 9), (across, 9), (flipped, 2)):
        counts = torch.bincount(values, minlength=kinds)
        assert len(counts) == kinds
        assert (counts.float() / (90_000 / kinds) - 1).abs().max() < 0.05


def test_the_given_pictures_are_left_as_they_are() -> None:
    batch = pictures(8, 3, 6, 6).contiguous(memory_format=torch.channels_last)
    before = batch.clone()
    augment(batch, Augmentation(pad=1, flip=True), seeded())
    augment(batch, Augmentation(flip=True), seeded())
    assert torch.equal(batch, before)


def test_without_pad_and_flip_nothing_happens() -> None:
    batch = pictures(8, 3, 6, 6)
    assert augment(batch, Augmentation(), seeded()) is batch


def test_the_generator_decides() -> None:
    batch, way = pictures(20, 3, 8, 8), Augmentation(pad=2, flip=True)
    assert torch.equal(augment(batch, way, seeded(4)), augment(batch, way, seeded(4)))
    assert not torch.equal(augment(batch, way, seeded(4)), augment(batch, way, seeded(5)))
