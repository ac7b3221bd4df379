"""Recall@K: golden values, and what it does at the edges."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from studio.insight import recall_at_k

GOLDEN = np.load(Path(__file__).parent.parent / "golden" / "recall_at_k.npz")


def test_agrees_with_the_golden_values() -> None:
    found = recall_at_k(torch.tensor(GOLDEN["embeddings"]), torch.tensor(GOLDEN["labels"]), GOLDEN["K"].tolist())
    assert found == pytest.approx(GOLDEN["recall"].tolist())


def test_agrees_with_a_plain_search_over_more_queries_than_are_compared_at_once() -> None:
    draw = torch.Generator().manual_seed(0)
    points, labels = torch.randn(700, 3, generator=draw), torch.randint(0, 20, (700,), generator=draw)
    distances = (points[:, None] - points[None]).square().sum(2).fill_diagonal_(torch.inf)
    order = distances.argsort(1)
    expected = [(labels[order[:, :k]] == labels[:, None]).any(1).float().mean().item() for k in (1, 5)]
    assert recall_at_k(points, labels, [1, 5]) == pytest.approx(expected)


def test_a_query_is_not_its_own_neighbour() -> None:
    assert recall_at_k(torch.tensor([[0.0], [1.0]]), torch.tensor([0, 1]), [1]) == [0.0]


def test_equal_embeddings_of_one_class_find_each_other() -> None:
    assert recall_at_k(torch.zeros(3, 2), torch.tensor([4, 4, 4]), [1, 2]) == [1.0, 1.0]


def test_more_neighbours_than_there_are_count_all_others() -> None:
    embeddings, labels = torch.tensor([[0.0], [1.0], [5.0]]), torch.tensor([0, 1, 0])
    assert recall_at_k(embeddings, labels, [1, 2, 50]) == pytest.approx([0.0, 2 / 3, 2 / 3])


def test_near_neighbours_far_from_the_origin_are_told_apart() -> None:
    embeddings = 1e4 + torch.tensor([[0.0], [0.01], [0.03]], dtype=torch.float64)
    assert recall_at_k(embeddings, torch.tensor([0, 0, 1]), [1]) == pytest.approx([2 / 3])


@pytest.mark.parametrize("count", [0, 1])
def test_without_others_nothing_is_found(count: int) -> None:
    assert recall_at_k(torch.zeros(count, 2), torch.zeros(count, dtype=torch.int64), [1, 4]) == [0.0, 0.0]


def test_impossible_questions_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        recall_at_k(torch.zeros(3, 2), torch.zeros(3), [0])
    with pytest.raises(ValueError, match="expected"):
        recall_at_k(torch.zeros(3, 2), torch.zeros(4), [1])
