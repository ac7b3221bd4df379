"""The tables on board: what their cards say is what one gets, and the waveforms are Breiman's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from studio import catalog
from studio.data.base import silent
from studio.data.onboard_tables import waves
from studio.data.prepare import prepare
from studio.data.table_encoding import encoded_width
from studio.data.table_examples import columns_of

KEYS = ["breast_cancer", "wine", "iris", "waveform"]


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("key", KEYS)
def test_what_the_card_says_is_what_one_gets(key: str, cache: Path) -> None:
    source = catalog.find("dataset", key)
    decoded = source.load(source.Settings(), cache, silent)
    columns = columns_of(decoded)
    assert source.missing(source.Settings(), cache) is None
    assert source.offers.has_columns
    assert len(decoded.classes) == source.class_count
    assert (encoded_width(columns),) == source.shape
    assert len(decoded.train) == source.train_count
    assert (len(decoded.test) if decoded.test is not None else None) == source.test_count
    assert all(column.name == column.name.strip() for column in columns)


@pytest.mark.parametrize("key", KEYS)
def test_rows_are_the_same_each_time_and_from_the_cache(key: str, cache: Path, tmp_path: Path) -> None:
    first, again, elsewhere = (prepare(key, {}, seed=0, cache=folder) for folder in (cache, cache, tmp_path))
    assert first.fingerprint == again.fingerprint == elsewhere.fingerprint
    assert first.table is not None
    assert again.table is not None
    np.testing.assert_array_equal(first.table.train.numeric, again.table.train.numeric)


def test_iris_is_fishers(cache: Path) -> None:
    data = prepare("iris", {}, seed=0, cache=cache)
    assert data.table is not None
    assert [column.name for column in data.table.train.columns] == [
        "sepal length",
        "sepal width",
        "petal length",
        "petal width",
    ]
    setosa = data.table.train.labels == data.classes.index("setosa")
    assert data.table.train.cells(2)[setosa].max() < 2 < data.table.train.cells(2)[~setosa].min()


def test_waveforms_err_as_the_book_says(tmp_path: Path) -> None:
    """Linear discriminants err on 19 % of the rows (Hastie et al., Elements of Statistical Learning, table 12.4)."""
    data = prepare("waveform", {"count": 300}, seed=0, cache=tmp_path)
    assert data.table is not None
    train, test = data.table.train, data.table.test
    model = LinearDiscriminantAnalysis().fit(train.numeric, train.labels)
    error = 1 - model.score(test.numeric, test.labels)
    assert 0.16 < error < 0.23


def test_waves_without_noise_are_mixtures_of_two_triangles() -> None:
    labels = torch.arange(3).repeat_interleave(4000)
    values = waves(labels, torch.Generator().manual_seed(0))
    means = torch.stack([values[labels == label].mean(0) for label in range(3)])
    triangles = torch.tensor(
        [[max(6 - abs(place - peak), 0) for place in range(1, 22)] for peak in (11, 15, 7)]
    ).float()
    expected = torch.stack([triangles[[0, 1]].mean(0), triangles[[0, 2]].mean(0), triangles[[1, 2]].mean(0)])
    assert torch.allclose(means, expected, atol=0.12)


def test_any_number_of_rows_can_be_drawn(tmp_path: Path) -> None:
    data = prepare("waveform", {"count": 12_345, "rows_seed": 3}, seed=0, cache=tmp_path)
    assert len(data.train) == 12_345
    assert torch.bincount(data.train.labels).tolist() == [4115, 4115, 4115]
