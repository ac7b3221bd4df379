"""The probe: fixed by seed, spread over the classes, and apart from what maps are fitted on."""

from __future__ import annotations

import torch

from studio.data.base import Dataset, Examples
from studio.insight.probe import choose_probe, draw_by_class


def dataset(train: list[int], test: list[int]) -> Dataset:
    """Examples whose input is their own number, so that they can be told apart."""

    def numbered(labels: list[int], start: int) -> Examples:
        return Examples(torch.arange(start, start + len(labels), dtype=torch.float32)[:, None], torch.tensor(labels))

    classes = tuple(str(label) for label in sorted(set(train + test)))
    return Dataset("points", classes, numbered(train, 0), None, numbered(test, 10_000), (0.0,), (1.0,), "numbers")


def test_equal_seeds_give_equal_examples_and_others_give_others() -> None:
    data = dataset([0, 1] * 300, [0, 1] * 300)
    first, again, other = choose_probe(data, 3), choose_probe(data, 3), choose_probe(data, 4)
    assert torch.equal(first.measured.inputs, again.measured.inputs)
    assert torch.equal(first.fitting.inputs, again.fitting.inputs)
    assert not torch.equal(first.measured.inputs, other.measured.inputs)


def test_choosing_leaves_the_global_generator_alone() -> None:
    before = torch.get_rng_state()
    choose_probe(dataset([0, 1] * 300, [0, 1] * 300), 0)
    assert torch.equal(before, torch.get_rng_state())


def test_measures_are_taken_on_test_and_fitted_on_training_examples() -> None:
    probe = choose_probe(dataset([0, 1] * 300, [0, 1] * 300), 0)
    assert len(probe.measured) == 256
    assert bool((probe.measured.inputs >= 10_000).all())
    assert bool((probe.fitting.inputs < 10_000).all())
    assert len(probe.measured.inputs.unique()) == 256


def test_the_drawn_ones_show_as_many_classes_as_they_can_in_order() -> None:
    few = choose_probe(dataset([0], [0, 1, 2] * 40), 0).drawn.labels.tolist()
    assert few == sorted(few)
    assert {few.count(label) for label in range(3)} <= {2, 3}
    many = choose_probe(dataset([0], list(range(20)) * 5), 0).drawn.labels.tolist()
    assert len(set(many)) == 8


def test_a_rare_class_is_seen_before_a_common_one_is_seen_again() -> None:
    labels = torch.tensor([0] * 500 + [1] * 3)
    chosen = labels[draw_by_class(labels, 20, torch.Generator().manual_seed(0))]
    assert sorted(chosen[:2].tolist()) == [0, 1]
    assert int((chosen == 1).sum()) == 3


def test_fewer_examples_than_asked_for_are_all_taken() -> None:
    probe = choose_probe(dataset([0, 1], [0, 1, 0]), 0)
    assert (len(probe.measured), probe.shown, len(probe.fitting)) == (3, 3, 2)
