"""What runs are tested on, to be looked at: the same examples in the same order as in training."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.data.prepare import prepare
from studio.data.test_part import used_for_testing


@pytest.mark.parametrize("key", ["digits", "moons"])
def test_it_is_the_test_part_of_a_run(tmp_path: Path, key: str) -> None:
    dataset = prepare(key, {}, seed=5, fraction=0.5, test=0.25, test_seed=3, cache=tmp_path)
    part = used_for_testing(key, {}, test=0.25, test_seed=3, cache=tmp_path)
    assert np.array_equal(part.labels, dataset.test.labels.numpy())
    rows = np.array([4, 0, 7])
    assert np.array_equal(part.inputs(rows), dataset.test.inputs.numpy()[rows])
    assert part.columns == ()


def test_rows_of_a_table_are_told_by_their_first_columns(tmp_path: Path) -> None:
    part = used_for_testing("iris", {}, test=0.2, test_seed=0, cache=tmp_path)
    row = part.inputs(np.array([0]))[0]
    words = part.words(row, most=2)
    assert words == ", ".join(
        f"{column.name} {value:.4g}" for column, value in zip(part.columns[:2], row, strict=False)
    )
