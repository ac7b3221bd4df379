"""Who trains, who chooses, who tests."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from studio.data.splits import part_sizes, repeated_splits, split

LABELS = torch.arange(10).repeat_interleave(torch.tensor([2, 5, 40, 41, 42, 43, 44, 100, 100, 500]))[
    torch.randperm(917)
]


def parts(labels: Tensor = LABELS, **choices: Any) -> list[Tensor]:
    dealt = split(labels, seed=choices.pop("seed", 0), **choices)
    return [
        rows if rows is not None else torch.empty(0, dtype=torch.int64)
        for rows in (dealt.train, dealt.validation, dealt.test)
    ]


def test_nothing_is_in_two_parts_and_nothing_is_lost() -> None:
    train, validation, test = parts(test=0.2, validation=0.1)
    assert torch.equal(torch.cat([train, validation, test]).sort().values, torch.arange(len(LABELS)))


def test_each_class_gives_its_share() -> None:
    train, _, test = parts(test=0.2)
    sizes = torch.bincount(LABELS)
    assert torch.equal(torch.bincount(LABELS[test]), torch.tensor([1, 1, 8, 8, 8, 9, 9, 20, 20, 100]))
    assert torch.equal(torch.bincount(LABELS[train]) + torch.bincount(LABELS[test]), sizes)


def test_validation_is_a_share_of_what_is_left_after_thinning() -> None:
    train, validation, _ = parts(fraction=0.5, validation=0.1)
    left = torch.bincount(LABELS[train]) + torch.bincount(LABELS[validation])
    assert left.tolist() == [1, 3, 20, 21, 21, 22, 22, 50, 50, 250]
    assert torch.bincount(LABELS[validation], minlength=10).tolist() == [0, 1, 2, 2, 2, 2, 2, 5, 5, 25]


def test_per_class_takes_that_many_or_all_there_are() -> None:
    train, _, _ = parts(per_class=40)
    assert torch.bincount(LABELS[train]).tolist() == [2, 5, 40, 40, 40, 40, 40, 40, 40, 40]


def test_a_smaller_fraction_is_part_of_a_larger_one() -> None:
    small, large = (set(parts(fraction=fraction)[0].tolist()) for fraction in (0.1, 0.3))
    assert small < large


def test_the_seed_decides_thinning_and_validation_but_not_the_test_part() -> None:
    first, second = parts(test=0.2, fraction=0.5, seed=0), parts(test=0.2, fraction=0.5, seed=1)
    assert torch.equal(first[2], second[2])
    assert not torch.equal(first[0], second[0])
    assert torch.equal(first[0], parts(test=0.2, fraction=0.5, seed=0)[0])
    assert not torch.equal(first[2], parts(test=0.2, test_seed=1)[2])


def test_no_seed_ever_trains_on_the_pictures_another_is_tested_on() -> None:
    tested = set(parts(test=0.2, seed=5)[2].tolist())
    assert all(not tested & set(parts(test=0.2, seed=seed)[0].tolist()) for seed in range(5))


@settings(max_examples=60, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 30), min_size=1, max_size=6),
    test=st.one_of(st.none(), st.floats(0.01, 0.99)),
    fraction=st.floats(0.001, 1.0),
    validation=st.floats(0.0, 0.5),
    seed=st.integers(0, 2**31 - 1),
)
def test_no_class_is_ever_emptied(sizes: list[int], test: float, fraction: float, validation: float, seed: int) -> None:
    labels = torch.arange(len(sizes)).repeat_interleave(torch.tensor(sizes))
    train, _, tested = parts(labels, test=test, fraction=fraction, validation=validation, seed=seed)
    assert torch.bincount(labels[train], minlength=len(sizes)).min() >= 1
    if test is not None:
        assert all(
            count >= 1
            for count, size in zip(torch.bincount(labels[tested], minlength=len(sizes)), sizes, strict=True)
            if size > 1
        )
    assert torch.equal(train, train.sort().values)


@given(
    sizes=st.lists(st.integers(0, 30), min_size=1, max_size=6),
    test=st.one_of(st.none(), st.floats(0.01, 0.99)),
    thinned=st.one_of(
        st.builds(lambda share: {"fraction": share}, st.floats(0.001, 1.0)),
        st.builds(lambda count: {"per_class": count}, st.integers(1, 9)),
    ),
    validation=st.floats(0.0, 0.5),
)
def test_how_large_the_parts_are_is_known_beforehand(
    sizes: list[int], test: float | None, thinned: dict[str, Any], validation: float
) -> None:
    labels = torch.arange(len(sizes)).repeat_interleave(torch.tensor(sizes))
    told = part_sizes(torch.tensor(sizes), test=test, validation=validation, **thinned)
    dealt = split(labels, seed=0, test=test, validation=validation, **thinned)
    for rows, counts in ((dealt.train, told.train), (dealt.validation, told.validation), (dealt.test, told.test)):
        assert (rows is None) == (counts is None)
        if rows is not None and counts is not None:
            assert torch.equal(torch.bincount(labels[rows], minlength=len(sizes)), counts)


@pytest.mark.parametrize("missing", [0, 3, 9])
def test_a_class_number_without_examples_does_no_harm(missing: int) -> None:
    labels = LABELS[missing != LABELS]
    train, validation, test = parts(labels, test=0.2, fraction=0.5, validation=0.2)
    assert missing not in labels[torch.cat([train, validation, test])]


def test_repeated_splits_differ_keep_the_shares_and_can_be_repeated_by_a_run() -> None:
    several = list(repeated_splits(LABELS, 20, test=0.1, seed=5))
    tested = [each.test for each in several if each.test is not None]
    assert len({tuple(rows.tolist()) for rows in tested}) == 20
    for each, rows in zip(several, tested, strict=True):
        assert torch.equal(torch.cat([each.train, rows]).sort().values, torch.arange(len(LABELS)))
        assert torch.bincount(LABELS[rows]).tolist() == [1, 1, 4, 4, 4, 4, 4, 10, 10, 50]
    assert torch.equal(tested[3], parts(test=0.1, test_seed=8)[2])
