"""Points that walk to the teacher's boundary: what a snapshot shows of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch

from studio.data.base import Dataset
from studio.insight.probed_networks import Subject
from studio.insight.snapshot_taker import SnapshotTaker
from studio.methods.ops.boundary_walk import BoundaryAttack
from studio.networks.base import Network

CPU = torch.device("cpu")
Build = Callable[..., Network]
Pairing = Callable[[Network, Network], tuple[tuple[str, str], ...]]
WALKS = ("paths", "bases", "targets", "taught")


def split_at(network: Network, x: float) -> Network:
    """The network made to see the right of ``x`` as the class "right"."""
    layers = [module for module in network.modules() if isinstance(module, torch.nn.Linear)]
    mean, std = network.source.mean[0], network.source.std[0]
    names = network.classes
    with torch.no_grad():
        for layer in layers:
            layer.weight.zero_()
            layer.bias.zero_()
            layer.weight[0, 0] = 1
        layers[0].bias[0] = 10  # the ReLUs pass everything
        layers[-1].weight[names.index("left"), 0] = -1
        layers[-1].weight[names.index("right"), 0] = 1
        for name, sign in (("left", 1.0), ("right", -1.0)):
            layers[-1].bias[names.index(name)] = sign * (10 + (x - mean) / std)
    return network


def walks(arrays: dict[str, np.ndarray]) -> tuple[np.ndarray, ...]:
    return tuple(arrays[f"plane/walks/{name}"] for name in WALKS)


def test_points_walk_from_their_place_over_the_teachers_boundary(points: Dataset, build: Build, pair: Pairing) -> None:
    teacher = split_at(build("mlp-5-4", points, classes=("right", "left")), 1.0)
    student = split_at(build("mlp-5-4", points, seed=1), 1.1)
    observer = SnapshotTaker(
        Subject(student, teacher, points, pair(teacher, student), seed=0, device=CPU, attack=BoundaryAttack(0.5, 30))
    )
    paths, bases, targets, taught = walks(observer.take(None))
    assert 2 <= len(paths) <= 12
    assert paths.dtype == np.float32
    assert taught
    assert np.array_equal(targets, 1 - bases)
    known = {tuple(point) for point in points.train.inputs.tolist()}
    assert all(tuple(path[0].tolist()) in known for path in paths)
    assert ((paths[:, 0, 0] > 1) == (bases == 1)).all()
    assert np.allclose(paths[:, -1, 0], 1.0, atol=0.02)  # it stops just behind
    assert np.allclose(paths[:, :, 1], paths[:, :1, 1])  # straight towards it
    away = np.abs(paths[:, :, 0] - 1.0)
    assert (away[:, 1:] <= away[:, :-1] + 1e-3).all()


def test_who_walks_follows_the_student_and_the_walks_do_not(points: Dataset, build: Build, pair: Pairing) -> None:
    teacher, student = split_at(build("mlp-5-4", points), 1.0), build("mlp-5-4", points, seed=1)
    split_at(student, 9.0)  # all is left to it: nothing on the right is right
    observer = SnapshotTaker(Subject(student, teacher, points, pair(teacher, student), seed=0, device=CPU))
    first = walks(observer.take(None))
    assert set(first[1]) == {0}
    assert not first[3]
    again = walks(observer.take(None))
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    split_at(student, -9.0)
    assert set(walks(observer.take(None))[1]) == {1}


def test_nobody_walks_where_no_point_is_right(points: Dataset, build: Build, pair: Pairing) -> None:
    teacher, student = split_at(build("mlp-5-4", points), 1.0), build("mlp-5-4", points, seed=1)
    with torch.no_grad():
        for parameter in student.parameters():
            parameter.zero_()
        [layer for layer in student.modules() if isinstance(layer, torch.nn.Linear)][-1].bias[0] = 1
    teacher_wrong = split_at(teacher, -9.0)
    observer = SnapshotTaker(Subject(student, teacher_wrong, points, pair(teacher, student), seed=0, device=CPU))
    paths, bases, *_ = walks(observer.take(None))
    assert paths.shape[::2] == (0, 2)
    assert len(bases) == 0


def test_without_a_boundary_that_speaks_of_these_classes_nobody_walks(
    points: Dataset, pictures: Dataset, build: Build, pair: Pairing
) -> None:
    student = build("mlp-5-4", points)
    stranger = build("mlp-5-4", points, classes=("up", "down"))
    for teacher, pairs in ((None, ()), (stranger, pair(stranger, student))):
        arrays = SnapshotTaker(Subject(student, teacher, points, pairs, seed=0, device=CPU)).take(None)
        assert not any(name.startswith("plane/walks") for name in arrays)
    student, teacher = build("cnn-4", pictures), build("cnn-8", pictures)
    arrays = SnapshotTaker(Subject(student, teacher, pictures, pair(teacher, student), seed=0, device=CPU)).take(None)
    assert not any("walks" in name for name in arrays)


def test_walking_leaves_no_trace_in_the_networks(points: Dataset, build: Build, pair: Pairing) -> None:
    teacher, student = build("mlp-5-4", points), build("mlp-5-4", points, seed=1)
    before = [tensor.clone() for network in (teacher, student) for tensor in network.state_dict().values()]
    chance = torch.get_rng_state()
    SnapshotTaker(
        Subject(student, teacher, points, pair(teacher, student), seed=0, device=CPU, attack=BoundaryAttack(0.3, 10))
    ).take(None)
    after = [tensor for network in (teacher, student) for tensor in network.state_dict().values()]
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))
    assert all(p.grad is None for network in (teacher, student) for p in network.parameters())
    assert torch.equal(chance, torch.get_rng_state())
