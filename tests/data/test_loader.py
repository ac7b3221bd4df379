"""Batches as a pure function of seed and step."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.data.base import Augmentation, Examples
from studio.data.decoded import to_tensor
from studio.data.loader import Loader

VARIED = Augmentation(pad=2, flip=True)


def examples(count: int = 50, channels: int = 3) -> Examples:
    """Pictures that carry their own number in every pixel."""
    numbers = torch.arange(count)
    inputs = numbers.to(torch.uint8)[:, None, None, None].expand(count, channels, 6, 6).contiguous()
    return Examples(inputs, numbers)


@pytest.fixture
def on_disk(tmp_path: Path) -> Examples:
    """The same pictures, mapped from a file."""
    whole = examples()
    np.save(tmp_path / "pictures.npy", whole.inputs.permute(0, 2, 3, 1).contiguous().numpy())
    mapped = np.load(tmp_path / "pictures.npy", mmap_mode="c")
    return Examples(to_tensor(mapped), whole.labels, on_disk=True)


def test_a_batch_is_float_pictures_in_0_1_channels_last_with_their_labels() -> None:
    inputs, labels = Loader(examples(), 16, VARIED, seed=0).batch(0)
    assert inputs.shape == (16, 3, 6, 6)
    assert inputs.dtype == torch.float32
    assert inputs.is_contiguous(memory_format=torch.channels_last)
    assert torch.equal((inputs[:, 0, 0, 0] * 255).round().long(), labels)


def test_a_step_gives_the_same_batch_whatever_was_asked_before() -> None:
    pictures = Examples(torch.randint(0, 256, (50, 3, 6, 6), dtype=torch.uint8), torch.arange(50))
    straight, jumping = (Loader(pictures, 8, VARIED, seed=3) for _ in range(2))
    in_order = [straight.batch(step) for step in range(14)]
    for step in (13, 2, 7, 0, 12):
        again = jumping.batch(step)
        assert torch.equal(again[0], in_order[step][0])
        assert torch.equal(again[1], in_order[step][1])


def test_an_epoch_shows_each_example_at_most_once_and_the_next_in_another_order() -> None:
    loader = Loader(examples(), 8, None, seed=0)
    assert loader.steps_per_epoch == 6
    first, second = (torch.cat([loader.batch(epoch * 6 + i)[1] for i in range(6)]).tolist() for epoch in (0, 1))
    assert len(set(first)) == len(set(second)) == 48
    assert first != second
    left_over = [set(range(50)) - set(epoch) for epoch in (first, second)]
    assert left_over[0] != left_over[1]


def test_seeds_give_other_orders() -> None:
    orders = [Loader(examples(), 50, None, seed=seed).batch(0)[1].tolist() for seed in (0, 1)]
    assert orders[0] != orders[1]


def test_a_batch_is_never_larger_than_the_data() -> None:
    loader = Loader(examples(10), 64, VARIED, seed=0)
    assert (loader.batch_size, loader.steps_per_epoch) == (10, 1)
    assert sorted(loader.batch(5)[1].tolist()) == list(range(10))


def test_other_memory_formats_can_be_had() -> None:
    inputs, _ = Loader(examples(), 8, VARIED, seed=0, memory_format=torch.contiguous_format).batch(0)
    assert inputs.is_contiguous()


def test_points_are_handed_out_as_they_are() -> None:
    points = Examples(torch.randn(30, 2), torch.arange(30))
    inputs, labels = Loader(points, 10, VARIED, seed=0).batch(1)
    assert torch.equal(inputs, points.inputs[labels])


def test_data_on_disk_give_the_same_batches_as_in_memory(on_disk: Examples) -> None:
    with Loader(on_disk, 8, VARIED, seed=1) as streamed:
        held = Loader(examples(), 8, VARIED, seed=1)
        for step in (0, 1, 2, 9, 4, 5, 6):
            for ours, theirs in zip(streamed.batch(step), held.batch(step), strict=True):
                assert torch.equal(ours, theirs)


def test_the_reading_thread_ends_with_the_loader(on_disk: Examples) -> None:
    loader = Loader(on_disk, 8, VARIED, seed=1)
    loader.batch(0)
    assert any(thread.name.startswith("data-reader") for thread in threading.enumerate())
    loader.close()
    assert not any(thread.name.startswith("data-reader") for thread in threading.enumerate())


def test_data_in_memory_need_no_thread() -> None:
    before = threading.active_count()
    Loader(examples(), 8, VARIED, seed=1).batch(0)
    assert threading.active_count() == before
