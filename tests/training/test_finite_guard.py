"""What a person is told when the weights of a student are no longer numbers."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
import torch

from studio.core.errors import NotANumber
from studio.insight.network_and_data_info import cast_of
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.training.finite_guard import FiniteGuard
from studio.training.network_setup import Networks
from studio.training.stage_run import StageRun

#: Of a run that has made two steps, none of which told a loss that is no number.
RUN = cast("StageRun", SimpleNamespace(loop=SimpleNamespace(bad_step=None), step=2))


def told(key: str, side: int, batch: int, spoilt: str = "weight") -> NotANumber:
    """What is raised for a student whose first value that is called so is no number."""
    student = build_network(key, Input((3, side, side), (0.5,) * 3, (0.25,) * 3), ("a", "b"), 0)
    networks = Networks(student, None, cast_of(None, key, (3, side, side), 2), None, True)
    guard = FiniteGuard(networks, 0.1, batch)
    guard.check(RUN)
    with torch.no_grad():
        next(value for name, value in student.state_dict().items() if spoilt in name).view(-1)[0] = torch.inf
    with pytest.raises(NotANumber) as caught:
        guard.check(RUN)
    assert "since step 3" in str(caught.value)
    return caught.value


def test_steps_that_were_too_large_are_told_with_a_lower_rate() -> None:
    error = told("wrn-10-1", 16, 2)
    assert "Lower the learning rate, for example to 0.02" in str(error)
    assert error.offers == ("lower_learning_rate",)


def test_where_batch_norm_goes_by_two_values_a_larger_batch_is_the_remedy() -> None:
    error = told("mobilenet-v1-0.25", 8, 2)
    assert "In steps of 2 pictures batch norm goes by 2 values" in str(error)
    assert "a larger batch, for example 16" in str(error)
    assert not error.offers


def test_a_network_without_batch_norm_is_told_of_its_rate() -> None:
    assert told("fitnet-1", 8, 2).offers == ("lower_learning_rate",)


def test_statistics_of_batch_norm_are_weights_too() -> None:
    assert told("wrn-10-1", 16, 32, "running_var").offers == ("lower_learning_rate",)
