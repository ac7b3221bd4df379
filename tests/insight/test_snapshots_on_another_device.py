"""What a snapshot computes stays on its device until it is fetched: torch's ``meta`` device has nothing to hand out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from studio.data.base import Dataset
from studio.insight import fetch
from studio.insight.probed_networks import Subject
from studio.insight.snapshot_parts import snapshot_parts
from studio.insight.snapshot_parts.plane_walks import PlaneWalks
from studio.insight.snapshot_taker import SnapshotTaker
from studio.networks.base import Network

ELSEWHERE = torch.device("meta")
Pairing = Callable[[Network, Network], tuple[tuple[str, str], ...]]
Build = Callable[..., Network]


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[Tensor]:
    """What was fetched from the device; zeros arrive in its place."""
    found: list[Tensor] = []

    def zeros(values: Tensor) -> Tensor:
        found.append(values)
        return torch.zeros(values.shape, dtype=values.dtype)

    monkeypatch.setattr(fetch, "in_main_memory", zeros)
    return found


def subject(data: Dataset, build: Build, pair: Pairing, keys: tuple[str, str]) -> Subject:
    teacher, student = (build(key, data) for key in keys)
    pairs = pair(teacher, student)
    return Subject(student.to(ELSEWHERE), teacher.to(ELSEWHERE), data, pairs, seed=0, device=ELSEWHERE)


@pytest.mark.parametrize("keys", [("cnn-8", "cnn-4"), ("wrn-10-2", "resnet-8")])
def test_nothing_of_pictures_leaves_before_it_is_fetched(
    pictures: Dataset, build: Build, pair: Pairing, handed_over: list[Tensor], keys: tuple[str, str]
) -> None:
    asked = replace(subject(pictures, build, pair, keys), made_from_teacher=True)
    arrays = SnapshotTaker(asked).take(None, ("end",))
    assert {name.split("/")[0] for name in arrays} >= {"probe", "logits", "attention", "agreement", "grad_cam", "inner"}
    assert {values.device for values in handed_over} == {ELSEWHERE}


def test_nothing_of_the_plane_leaves_before_it_is_fetched(
    points: Dataset, build: Build, pair: Pairing, handed_over: list[Tensor]
) -> None:
    parts = [part for part in snapshot_parts() if part is not PlaneWalks]  # which points walk depends on the answers
    asked = subject(points, build, pair, ("mlp-9-8", "mlp-5-4"))
    arrays = SnapshotTaker(asked, parts).take(None, ("end",))
    assert {"plane/teacher/probabilities", "plane/student/probabilities", "logits/student"} <= arrays.keys()
    assert {values.device for values in handed_over} == {ELSEWHERE}


def test_without_a_teacher_nothing_leaves_either(pictures: Dataset, build: Build, handed_over: list[Tensor]) -> None:
    student = build("cnn-4", pictures).to(ELSEWHERE)
    arrays = SnapshotTaker(Subject(student, None, pictures, (), seed=0, device=ELSEWHERE)).take(None)
    assert "logits/student" in arrays
    assert {values.device for values in handed_over} == {ELSEWHERE}
