"""Fitting a network to probabilities."""

from __future__ import annotations

import numpy as np
import pytest

from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.network_model import NetworkModel
from studio.networks.soft_fit import SoftFit, SoftFitPlan

INPUTS = np.random.default_rng(0).random((300, 2)).astype(np.float32)
HIGH = 1 / (1 + np.exp(-6 * (INPUTS[:, 0] - 0.5)))
ANSWERS = np.column_stack([1 - HIGH, HIGH]).astype(np.float32)


def begun(steps: int = 400) -> SoftFit:
    network = build_network("mlp-16", Input((2,), (0.5, 0.5), (0.5, 0.5)), ("low", "high"), seed=0)
    return SoftFit(network, INPUTS, ANSWERS, SoftFitPlan(steps, batch=32), seed=0)


def test_it_learns_how_sure_the_answers_are() -> None:
    fit = begun()
    fit.run(400)
    assert NetworkModel(fit.network).probabilities(INPUTS) == pytest.approx(ANSWERS, abs=0.06)


@pytest.mark.parametrize("first", [0, 3, 150])
def test_going_on_is_bit_for_bit_the_same(first: int) -> None:
    whole, broken, again = begun(), begun(), begun()
    whole.run(200)
    broken.run(first)
    again.load_state_dict(broken.state_dict())
    again.run(200 - first)
    for name, array in whole.state_dict().items():
        assert np.array_equal(again.state_dict()[name], array)


def test_the_state_of_another_network_is_refused() -> None:
    state = begun().state_dict()
    name = next(name for name in state if name.startswith("weight."))
    with pytest.raises(ValueError, match="another network"):
        begun().load_state_dict({**state, name: np.zeros((3, 3))})
