"""From a key and settings to what a run works on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from studio.core.errors import StudioError
from studio.data import storage
from studio.data.base import Dataset, Decoded, Examples
from studio.data.normalisation import STD_FLOOR, mean_and_std
from studio.data.prepare import prepare


def digits(tmp_path: Path, **choices: Any) -> Dataset:
    return prepare("digits", {}, **{"seed": 0, "cache": tmp_path, **choices})


def test_the_parts_are_split_thinned_and_measured(tmp_path: Path) -> None:
    data = digits(tmp_path, per_class=10, validation=0.1)
    assert data.validation is not None
    assert (len(data.train), len(data.validation), len(data.test)) == (90, 10, 359)
    assert data.shape == (1, 8, 8)
    pixels = data.train.inputs.double() / 255
    assert data.mean == pytest.approx([float(pixels.mean())], abs=1e-9)
    assert data.std == pytest.approx([float(pixels.std(correction=0))], abs=1e-9)


def test_equal_fingerprints_mean_equal_examples_and_nothing_else(tmp_path: Path) -> None:
    first = digits(tmp_path, fraction=0.5)
    assert first.fingerprint == digits(tmp_path, fraction=0.5).fingerprint
    others = [
        digits(tmp_path),
        digits(tmp_path, fraction=0.5, seed=1),
        digits(tmp_path, fraction=0.5, validation=0.1),
        digits(tmp_path, fraction=0.5, test=0.3),
        digits(tmp_path, fraction=0.5, test_seed=1),
    ]
    assert len({first.fingerprint, *(other.fingerprint for other in others)}) == 6


def test_runs_of_all_seeds_are_tested_on_the_same_examples(tmp_path: Path) -> None:
    assert torch.equal(digits(tmp_path, seed=0).test.inputs, digits(tmp_path, seed=7).test.inputs)


def test_a_share_and_a_number_at_once_are_refused(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="not by both"):
        digits(tmp_path, fraction=0.5, per_class=3)


def test_progress_is_told_and_may_cancel(tmp_path: Path) -> None:
    told = []
    digits(tmp_path, progress=lambda words, fraction: told.append(str(words)))
    assert told == ["Loading the digits", "Measuring the training data"]

    def cancel(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        prepare("shapes", {}, seed=0, cache=tmp_path / "other", progress=cancel)
    assert not list((tmp_path / "other").rglob("*.npy"))


def test_mean_and_std_are_exact_in_any_memory_layout() -> None:
    pictures = torch.randint(0, 256, (500, 3, 9, 7), dtype=torch.uint8)
    mean, std = mean_and_std(pictures)
    channels = pictures.double().div(255).transpose(0, 1).flatten(1)
    assert mean == pytest.approx(channels.mean(1).tolist(), abs=1e-12)
    assert std == pytest.approx(channels.std(1, correction=0).tolist(), abs=1e-12)
    assert mean_and_std(pictures.contiguous(memory_format=torch.channels_last)) == (mean, std)


def test_a_channel_that_never_varies_is_not_blown_up() -> None:
    mean, std = mean_and_std(torch.full((10, 2, 4, 4), 51, dtype=torch.uint8))
    assert mean == pytest.approx([0.2, 0.2])
    assert std == (STD_FLOOR, STD_FLOOR)
    assert mean_and_std(torch.ones(10, 2))[1] == (STD_FLOOR, STD_FLOOR)


class Large:
    """Stands for pictures that only fit on disk."""

    def __init__(self, folder: Path) -> None:
        pictures = np.arange(60 * 4 * 4 * 3, dtype=np.uint8).reshape(60, 4, 4, 3)
        np.save(folder / "large.npy", pictures)
        mapped = torch.from_numpy(np.load(folder / "large.npy", mmap_mode="c")).permute(0, 3, 1, 2)
        train = Examples(mapped, torch.arange(60) % 3, on_disk=True)
        self.decoded = Decoded("pictures", ("a", "b", "c"), train, None, storage="disk")


@pytest.fixture
def large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Decoded:
    from studio.data.digits import Digits

    decoded = Large(tmp_path).decoded
    monkeypatch.setattr(Digits, "load", lambda *_: decoded)
    return decoded


def test_a_part_that_fits_is_taken_into_memory(large: Decoded, tmp_path: Path) -> None:
    data = digits(tmp_path, fraction=0.5)
    assert not data.train.on_disk
    assert data.storage == "memory"
    assert "the whole would not fit" in str(data.storage_words)


def test_a_part_that_does_not_fit_gets_a_file_of_its_own(
    large: Decoded, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_memory = digits(tmp_path, fraction=0.5)
    monkeypatch.setattr(storage, "available_memory", lambda: 0)
    for _ in range(2):
        on_disk = digits(tmp_path, fraction=0.5)
        assert on_disk.train.on_disk
        assert torch.equal(on_disk.train.inputs, in_memory.train.inputs)
        assert torch.equal(on_disk.train.labels, in_memory.train.labels)
        assert torch.equal(on_disk.test.inputs, in_memory.test.inputs)
        assert (on_disk.storage, in_memory.storage) == ("disk", "memory")
        assert on_disk.fingerprint == in_memory.fingerprint
        assert (on_disk.mean, on_disk.std) == (in_memory.mean, in_memory.std)


def test_keeping_back_from_single_pictures_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="No pictures can be kept back for choosing") as refused:
        digits(tmp_path, per_class=1, validation=0.1)
    assert refused.value.place == "dataset.validation"
