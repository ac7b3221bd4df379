"""Data that come with the program: digits, shapes and points."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from studio import catalog
from studio.core.errors import StudioError
from studio.data import shapes
from studio.data.prepare import prepare
from studio.data.silhouettes import SILHOUETTES


def test_the_catalogue_lists_all_sources_with_their_facts() -> None:
    assert catalog.keys("dataset")[:5] == ["digits", "shapes", "moons", "spirals", "rings"]
    assert {"mnist", "fashion_mnist", "cifar10", "cifar100", "images"} <= set(catalog.keys("dataset"))
    for source in catalog.entries("dataset"):
        assert source.title
        assert source.words.endswith(".")
        assert source.origin


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all, so that the shapes are drawn once."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("key", ["digits", "shapes", "moons", "spirals", "rings"])
def test_what_the_card_says_is_what_one_gets(key: str, cache: Path) -> None:
    source = catalog.find("dataset", key)
    decoded = source.load(source.Settings(), cache, lambda *_: None)
    assert source.missing(source.Settings(), cache) is None
    assert decoded.kind == source.kind
    assert len(decoded.classes) == source.class_count
    assert tuple(decoded.train.inputs.shape) == (source.train_count, *source.shape)
    assert (len(decoded.test) if decoded.test is not None else None) == source.test_count
    assert decoded.train.inputs.dtype == (torch.uint8 if source.kind == "pictures" else torch.float32)
    assert decoded.train.labels.dtype == torch.int64
    assert torch.bincount(decoded.train.labels).min() >= source.train_count // source.class_count - 10


def test_points_are_drawn_the_same_each_time(tmp_path: Path) -> None:
    first, second = (prepare("spirals", {}, seed=0, cache=tmp_path) for _ in range(2))
    assert first.fingerprint == second.fingerprint
    assert torch.equal(first.train.inputs, second.train.inputs)


def test_shapes_are_drawn_the_same_each_time_and_each_one_differently() -> None:
    labels = np.arange(50) % 10
    first, second = (shapes.draw(labels, np.random.default_rng(1)) for _ in range(2))
    assert np.array_equal(first, second)
    assert len(np.unique(first.reshape(50, -1), axis=0)) == 50
    assert first.dtype == np.uint8


def test_shapes_are_drawn_once_and_then_kept(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = prepare("shapes", {}, seed=0, cache=cache)
    monkeypatch.setattr(shapes, "draw", None)
    kept = prepare("shapes", {}, seed=0, cache=cache)
    assert kept.fingerprint == drawn.fingerprint
    assert torch.equal(kept.test.inputs, drawn.test.inputs)


def test_the_outlines_cover_about_the_same_area() -> None:
    y, x = np.mgrid[-2:2:400j, -2:2:400j]
    areas = {name: float((outline(x, y) < 0).mean() * 16) for name, outline in SILHOUETTES.items()}
    assert all(2.2 < area < 3.6 for area in areas.values()), areas


def test_settings_of_points_are_theirs(tmp_path: Path) -> None:
    few = prepare("moons", {"count": 40, "noise": 0.0}, seed=0, cache=tmp_path)
    other = prepare("moons", {"count": 40, "noise": 0.0, "points_seed": 1}, seed=0, cache=tmp_path)
    assert len(few.train) == 40
    assert len(few.test) == 1000
    assert not torch.equal(few.train.inputs, other.train.inputs)
    upper = few.train.inputs[few.train.labels == 0] + torch.tensor([0.5, 0.25])
    assert torch.allclose(upper.norm(dim=1), torch.ones(20), atol=1e-5)


def test_points_to_test_on_are_fresh(tmp_path: Path) -> None:
    points = prepare("rings", {}, seed=0, cache=tmp_path)
    train = {tuple(row) for row in points.train.inputs.tolist()}
    assert not train & {tuple(row) for row in points.test.inputs.tolist()}


@pytest.mark.parametrize(
    ("key", "settings", "place"),
    [
        ("moons", {"noise": -1}, "dataset.noise"),
        ("digits", {"path": "x"}, "dataset.path"),
        ("moons", {"count": "many"}, "dataset.count"),
    ],
)
def test_a_wrong_setting_is_refused_with_its_place(
    key: str, settings: dict[str, Any], place: str, tmp_path: Path
) -> None:
    with pytest.raises(StudioError) as caught:
        prepare(key, settings, seed=0, cache=tmp_path)
    assert caught.value.place == place


def test_an_unknown_dataset_is_refused_with_the_nearest_name(tmp_path: Path) -> None:
    with pytest.raises(StudioError, match="digits"):
        prepare("digit", {}, seed=0, cache=tmp_path)
