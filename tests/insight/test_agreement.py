"""Agreement of neurons: golden values, the chance level, and the map between unequal widths."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from studio.insight.agreement import Tally, as_maps, chance_level, pooled
from studio.insight.ridge import RidgeFit, rows_at

GOLDEN = np.load(Path(__file__).parent.parent / "golden" / "ab.npz")


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_agreement_has_the_golden_value(layer: int) -> None:
    student, teacher = torch.tensor(GOLDEN[f"student_{layer}"]), torch.tensor(GOLDEN[f"teacher_{layer}"])
    tally = Tally(student.shape[1])
    tally.add(student > 0, teacher > 0)
    assert float(tally.agreement) == pytest.approx(float(GOLDEN[f"agreement_{layer}"]), rel=1e-6)


def test_channels_and_firing_rates_are_counted_over_all_batches() -> None:
    draw = torch.Generator().manual_seed(0)
    student, teacher = torch.randn(2, 10, 5, 4, 4, generator=draw) > 0.3
    tally = Tally(5)
    for rows in (slice(0, 3), slice(3, 10)):
        tally.add(student[rows], teacher[rows])
    assert torch.allclose(tally.firing, teacher.float().mean((0, 2, 3)))
    assert torch.allclose(tally.channels, 100 * (student == teacher).float().mean((0, 2, 3)))


def test_chance_follows_the_firing_rates_of_both() -> None:
    fifth = torch.tensor([0.2])
    assert float(chance_level(fifth, fifth)) == pytest.approx(68.0)
    assert float(chance_level(torch.tensor([0.5, 0.5]), torch.tensor([0.1, 0.9]))) == pytest.approx(50.0)
    assert float(chance_level(torch.tensor([1.0, 0.0]), torch.tensor([1.0, 0.0]))) == pytest.approx(100.0)


def test_unrelated_neurons_agree_about_as_often_as_chance_says() -> None:
    draw = torch.Generator().manual_seed(0)
    tally = Tally(4)
    tally.add(torch.rand(400, 4, 5, 5, generator=draw) < 0.3, torch.rand(400, 4, 5, 5, generator=draw) < 0.1)
    assert float(tally.agreement) == pytest.approx(float(tally.chance), abs=1.0)
    assert float(tally.chance) == pytest.approx(100 * (0.03 + 0.63), abs=1.5)


def test_vectors_are_maps_of_one_place_and_larger_maps_are_averaged() -> None:
    assert as_maps(torch.ones(3, 7)).shape == (3, 7, 1, 1)
    checker = torch.tensor([[1.0, 3.0], [5.0, 7.0]])[None, None]
    assert pooled(checker, (1, 1)).item() == 4.0
    assert pooled(checker, (2, 2)) is checker


def test_the_fitted_map_finds_a_linear_relation_whatever_the_batches() -> None:
    draw = torch.Generator().manual_seed(0)
    x = torch.randn(500, 6, generator=draw)
    weight, bias = torch.randn(4, 6, generator=draw), torch.randn(4, generator=draw)
    fit = RidgeFit(6, 4)
    for part in x.split(130):
        fit.add(part, part @ weight.T + bias)
    found = fit.solve()
    fresh = torch.randn(5, 6, 3, 3, generator=draw)
    expected = torch.einsum("oc,bchw->bohw", weight, fresh) + bias[:, None, None]
    assert torch.allclose(found(fresh), expected, atol=0.05)
    assert found(fresh[:, :, 0, 0]).shape == (5, 4, 1, 1)


def test_dead_and_doubled_channels_do_no_harm() -> None:
    draw = torch.Generator().manual_seed(0)
    x = torch.randn(200, 1, generator=draw).repeat(1, 3)
    x[:, 2] = 0.0
    fit = RidgeFit(3, 1)
    fit.add(x, 2 * x[:, :1] + 1)
    answer = fit.solve()(torch.tensor([[1.0, 1.0, 0.0]]))
    assert answer.flatten().tolist() == pytest.approx([3.0], abs=0.02)


def test_values_that_are_not_numbers_raise_nothing() -> None:
    fit = RidgeFit(3, 2)
    fit.add(torch.full((10, 3), torch.nan), torch.zeros(10, 2))
    assert fit.solve().weight.shape == (2, 3)


def test_rows_are_the_channels_at_the_chosen_places() -> None:
    maps = torch.arange(2 * 3 * 2 * 2, dtype=torch.float32).reshape(2, 3, 2, 2)
    rows = rows_at(maps, torch.tensor([3, 0]))
    assert rows.tolist() == [maps[b, :, y, x].tolist() for b in (0, 1) for y, x in ((1, 1), (0, 0))]
