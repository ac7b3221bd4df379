"""What stands between a student's features and its teacher's: where its weights begin."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
import torch
from torch import nn

from studio.methods.base import Objective
from studio.methods.objectives.connectors import (
    boundary_connector,
    hint_regressor,
    normed_connector,
    width_connector,
)
from studio.networks.base import TapShape
from tests.methods.method_steps import build, cast, method


def deviation(module: nn.Module) -> float:
    """Of the weights of its only convolution or linear layer; their mean is zero."""
    (layer,) = (part for part in module.modules() if isinstance(part, nn.Conv2d | nn.Linear))
    assert abs(layer.weight.mean().item()) < 0.1 * layer.weight.std().item()
    return layer.weight.std().item()


def tap(channels: int, size: int = 4) -> TapShape:
    return TapShape("g", channels, size, size, True, True)


@pytest.mark.parametrize(("student", "teacher"), [(50, 800), (800, 50)])
def test_weights_begin_where_the_authors_codes_begin(student: int, teacher: int) -> None:
    torch.manual_seed(0)
    for connector in (normed_connector, boundary_connector):
        module = connector(tap(student), tap(teacher))
        assert deviation(module) == pytest.approx(math.sqrt(2 / teacher), rel=0.02)
        assert isinstance(module, nn.Sequential)
        norm = module[1]
        assert isinstance(norm, nn.BatchNorm2d)
        assert norm.weight.tolist() == [1] * teacher
        assert norm.bias.tolist() == [0] * teacher


@pytest.mark.parametrize(("student", "teacher"), [(50, 800), (800, 50)])
def test_without_a_norm_behind_it_the_scale_of_the_features_is_kept(student: int, teacher: int) -> None:
    torch.manual_seed(0)
    for module in (normed_connector(tap(student, 1), tap(teacher, 1)), width_connector(tap(student), tap(teacher))):
        assert deviation(module) == pytest.approx(math.sqrt(2 / student), rel=0.02)


def connector_of(key: str, group: str) -> nn.Module:
    """The connector at a group that the first stage of a method learns between networks 16 and 4 wide and wider."""
    entry = method(key)
    settings = entry.Settings(connectors=True) if key in ("fsp", "flow") else entry.Settings()
    who = cast("cnn-16", "cnn-4")
    torch.manual_seed(0)
    objective: Objective = build(entry.plan(settings, who)[0], who)
    return objective.get_submodule(f"student_side.places.{group}")


@pytest.mark.parametrize("key", ["ab", "ofd", "fsp", "flow"])
def test_methods_that_share_it_share_its_start(key: str) -> None:
    assert deviation(connector_of(key, "group1")) == pytest.approx(math.sqrt(2 / 16), rel=0.3)


def test_channel_correlation_has_the_start_of_its_own_code() -> None:
    assert deviation(connector_of("ickd", "group3")) == pytest.approx(1 / math.sqrt(3 * 16), rel=0.1)


@pytest.mark.parametrize("connector", [normed_connector, hint_regressor])
def test_a_map_of_a_single_place_stays_a_map(connector: Callable[[TapShape, TapShape], nn.Module]) -> None:
    made = connector(tap(6, 1), tap(4, 1))
    values = torch.rand(3, 6)
    assert made(values).shape == (3, 4)
    assert torch.equal(made(values[:, :, None, None]), made(values)[:, :, None, None])
