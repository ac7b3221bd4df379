"""Where methods tap: what their objectives read in a pair that fits them all, found without drawing a number."""

from __future__ import annotations

import pytest
import torch

from studio import catalog
from studio.insight.tap_points import GROUPS, tap_points

GROUP_ENDS = GROUPS[1:]


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("none", set()),
        ("kd", set()),
        ("at", {(group, "out") for group in GROUP_ENDS}),
        ("ab", {(group, "pre") for group in GROUP_ENDS}),
        ("fitnet", {("group2", "out")}),
        ("sp", {("group3", "out")}),
        ("fsp", {(group, "out") for group in GROUPS}),
    ],
)
def test_a_method_taps_where_its_objectives_read(method: str, expected: set[tuple[str, str]]) -> None:
    assert tap_points(method) == expected


@pytest.mark.parametrize("method", catalog.keys("method"))
def test_asking_draws_no_number(method: str) -> None:
    before = torch.get_rng_state()
    tap_points(method)
    assert torch.equal(before, torch.get_rng_state())
