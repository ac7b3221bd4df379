"""The parts of a snapshot: who gives which array, what that costs, when, and that a new part needs no other change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from studio.data.base import Dataset, as_float
from studio.insight.grad_cam import grad_cam_maps
from studio.insight.inner_places import inner_places
from studio.insight.probed_networks import ProbedNetworks, Subject
from studio.insight.snapshot_parts import part_giving, snapshot_parts
from studio.insight.snapshot_parts.base import ComputedArrays, PartCost, PartReading, SnapshotPart
from studio.insight.snapshot_taker import SnapshotTaker
from studio.methods.base import Objective
from studio.methods.ops.attention_maps import attention_map
from studio.networks.base import Network
from studio.networks.files import load_network, save_network
from studio.networks.taps import TapPoint, TapReader
from tests.insight.test_snapshot_taker import scrambled

CPU = torch.device("cpu")
Pairing = Callable[[Network, Network], tuple[tuple[str, str], ...]]
Build = Callable[..., Network]


class FirstWeights(SnapshotPart):
    """A part of nobody else: the mean of every parameter of the student."""

    key = "means"
    gives = ("means/",)

    def __init__(self, student: Network) -> None:
        super().__init__()
        self._student = student

    @classmethod
    def made(cls, networks: ProbedNetworks) -> FirstWeights:
        return cls(networks.subject.student)

    @classmethod
    def cost(cls, networks: ProbedNetworks) -> PartCost:
        return PartCost(bytes=4 * len(list(networks.subject.student.parameters())))

    def begin(self, _objective: Objective | None, /) -> PartReading:
        means = [parameter.mean().item() for parameter in self._student.parameters()]
        return ComputedArrays({"means/student": np.array(means, np.float32)})


def _subject(pictures: Dataset, build: Build, pair: Pairing, teacher: str, student: str) -> Subject:
    big, small = build(teacher, pictures), scrambled(build(student, pictures, seed=1))
    return Subject(small, big, pictures, pair(big, small), seed=0, device=CPU)


def test_every_key_is_one_part_and_no_two_give_an_array() -> None:
    parts = snapshot_parts()
    assert len({part.key for part in parts}) == len(parts)
    beginnings = [beginning for part in parts for beginning in part.gives]
    assert not any(one != other and one.startswith(other) for one in beginnings for other in beginnings)
    assert len(set(beginnings)) == len(beginnings)


@pytest.mark.parametrize("data", ["pictures", "points"])
def test_arrays_are_those_the_parts_declare_and_no_more_bytes(
    request: pytest.FixtureRequest, data: str, build: Build, pair: Pairing
) -> None:
    dataset: Dataset = request.getfixturevalue(data)
    teacher, student = ("resnet-20", "resnet-8") if data == "pictures" else ("mlp-40-6", "mlp-5-4")
    taker = SnapshotTaker(_subject(dataset, build, pair, teacher, student))
    arrays = taker.take(None, ("start",))
    bytes_of = dict.fromkeys(taker.costs, 0)
    for name, array in arrays.items():
        part = part_giving(name)
        assert part is not None, name
        bytes_of[part.key] += array.nbytes
    assert all(bytes_of[key] <= cost.bytes for key, cost in taker.costs.items())
    assert all(found > 0 for found in bytes_of.values())


def test_inner_maps_are_kept_at_key_moments_alone(pictures: Dataset, build: Build, pair: Pairing) -> None:
    taker = SnapshotTaker(_subject(pictures, build, pair, "resnet-20", "resnet-8"))
    usual, end = taker.take(None), taker.take(None, ("end",))
    assert not any(name.startswith("inner/") for name in usual)
    assert {name for name in end if not name.startswith("inner/")} == set(usual)
    assert end["inner/attention/student/pre/group1"].shape == (8, 8, 8)
    assert end["inner/grad_cam/teacher/first/group2"].dtype == np.float16


def test_inner_maps_are_those_of_the_taps(pictures: Dataset, build: Build, pair: Pairing) -> None:
    subject = _subject(pictures, build, pair, "resnet-20", "resnet-20")
    arrays = SnapshotTaker(subject).take(None, ("end",))
    inputs = as_float(torch.from_numpy(arrays["probe/inputs"]))
    block, pre = TapPoint("group2.0", "block"), TapPoint("group2", "pre")
    with torch.no_grad(), TapReader(subject.student.eval(), (block, pre)) as reader:
        outputs = reader.run(inputs)
    expected = attention_map(outputs.block("group2.0")).reshape(8, 4, 4)
    assert np.allclose(arrays["inner/attention/student/block/group2.0"], expected, atol=2e-3)
    _, maps = grad_cam_maps(subject.student, inputs, (pre,))
    unit = torch.nn.functional.normalize(maps[pre].flatten(1), dim=1).reshape(8, 4, 4)
    assert np.allclose(arrays["inner/grad_cam/student/pre/group2"], unit, atol=2e-3)


def test_blocks_stand_beside_those_at_the_same_depth(pictures: Dataset, build: Build, pair: Pairing) -> None:
    teacher, student = build("resnet-56", pictures), build("resnet-20", pictures)
    places = inner_places(student, teacher, pair(teacher, student))
    blocks = {place.student.group: place.teacher for place in places if place.student.kind == "block"}
    assert list(blocks) == [f"group{g}.{b}" for g in (1, 2, 3) for b in (0, 1)]
    assert blocks["group1.0"] == TapPoint("group1.2", "block")  # a third of nine
    assert blocks["group1.1"] == TapPoint("group1.5", "block")
    alone = inner_places(teacher, None, tuple((None, ours) for _, ours in pair(teacher, teacher)))
    assert all(place.teacher is None for place in alone)
    assert [p.student.group for p in alone if p.student.kind == "block"][:4] == [f"group1.{b}" for b in (0, 2, 5, 7)]


def test_what_can_be_asked_afterwards_needs_nothing_of_the_training(
    pictures: Dataset, build: Build, pair: Pairing, tmp_path: Path
) -> None:
    subject = _subject(pictures, build, pair, "cnn-8", "cnn-4")
    told = SnapshotTaker(subject).take(None, ("end",))
    save_network(subject.student, tmp_path / "student.safetensors")
    again = replace(subject, student=load_network(tmp_path / "student.safetensors"))
    askable = [part for part in snapshot_parts() if part.askable]
    asked = SnapshotTaker(again, askable).take(None, ("end",))
    assert {"grad_cam", "attention", "inner_maps"} <= {part.key for part in askable}
    assert asked.keys() == {name for name in told if part_giving(name) in askable}
    assert all(np.array_equal(array, told[name]) for name, array in asked.items())


def test_a_new_part_is_taken_without_another_change(pictures: Dataset, build: Build, pair: Pairing) -> None:
    subject = _subject(pictures, build, pair, "cnn-8", "cnn-4")
    plain = SnapshotTaker(subject).take(None)
    more = SnapshotTaker(subject, (*snapshot_parts(), FirstWeights)).take(None)
    assert set(more) - set(plain) == {"means/student"}
    assert all(np.array_equal(plain[name], more[name]) for name in plain)
    assert set(SnapshotTaker(subject, (FirstWeights,)).take(None)) == {"means/student"}
