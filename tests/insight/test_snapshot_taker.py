"""Snapshots: their arrays, what they mean, and that taking one leaves no trace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from studio.data.base import Dataset, as_float
from studio.insight.probed_networks import Subject
from studio.insight.snapshot_taker import SnapshotTaker
from studio.methods.base import Batch, Objective, Term
from studio.networks.base import Network

CPU = torch.device("cpu")
Pairing = Callable[[Network, Network], tuple[tuple[str, str], ...]]
Build = Callable[..., Network]


class Connected(Objective):
    """Brings one group to the teacher's width by a layer of its own."""

    def __init__(self, group: str, connector: nn.Module) -> None:
        super().__init__()
        self.group = group
        self.connector = connector

    def connect(self, group: str, student_pre: Tensor) -> Tensor | None:
        return self.connector(student_pre) if group == self.group else None

    def forward(self, batch: Batch) -> dict[str, Term]:
        raise AssertionError("a snapshot computes no loss")


def scrambled(network: Network) -> Network:
    """The network with modes no run would leave it in, and running statistics that are not the fresh ones."""
    for index, module in enumerate(network.modules()):
        module.training = index % 3 == 0
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean = torch.linspace(-0.2, 0.2, module.num_features)
    return network


def traces(*modules: nn.Module) -> list[Any]:
    """All that a look could change."""
    states = [tensor.clone() for module in modules for tensor in module.state_dict().values()]
    modes = [part.training for module in modules for part in module.modules()]
    hooks = [len(part._forward_hooks) + len(part._forward_pre_hooks) for module in modules for part in module.modules()]
    grads = [p.grad for module in modules for p in module.parameters()]
    return [states, modes, hooks, grads, torch.get_rng_state(), torch.is_grad_enabled()]


def same(before: list[Any], after: list[Any]) -> bool:
    states = all(torch.equal(a, b) for a, b in zip(before[0], after[0], strict=True))
    return states and torch.equal(before[4], after[4]) and before[1:4] == after[1:4] and before[5] == after[5]


def test_building_and_looking_leave_no_trace(pictures: Dataset, build: Build, pair: Pairing) -> None:
    teacher, student = scrambled(build("cnn-8", pictures)), scrambled(build("cnn-4", pictures, seed=1))
    connector = nn.Sequential(nn.Conv2d(4, 8, 1), nn.BatchNorm2d(8), nn.Dropout(0.5))
    connector[1].eval()
    objective = Connected("group1", connector)
    before = traces(teacher, student, objective)
    observer = SnapshotTaker(Subject(student, teacher, pictures, pair(teacher, student), seed=0, device=CPU))
    observer.take(objective)
    observer.take(None)
    assert same(before, traces(teacher, student, objective))


def test_modes_are_put_back_when_looking_fails(pictures: Dataset, build: Build, pair: Pairing) -> None:
    teacher, student = build("cnn-8", pictures), scrambled(build("cnn-4", pictures))
    observer = SnapshotTaker(Subject(student, teacher, pictures, pair(teacher, student), seed=0, device=CPU))
    before = traces(student)

    class Broken(nn.Module):
        def forward(self, values: Tensor) -> Tensor:
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        observer.take(Connected("group1", Broken()))
    assert same(before, traces(student))


def test_a_student_watched_at_every_step_learns_the_same(pictures: Dataset, build: Build, pair: Pairing) -> None:
    def learn(*, watched: bool) -> list[Tensor]:
        teacher, student = build("cnn-8", pictures).eval(), build("cnn-4", pictures, seed=1).train()
        observer = SnapshotTaker(Subject(student, teacher, pictures, pair(teacher, student), seed=0, device=CPU))
        optimiser = torch.optim.SGD(student.parameters(), lr=0.1, momentum=0.9)
        for rows in torch.arange(160).split(40):
            if watched:
                observer.take(None)
            batch = pictures.train.take(rows)
            optimiser.zero_grad()
            nn.functional.cross_entropy(student(as_float(batch.inputs)), batch.labels).backward()
            optimiser.step()
        return [tensor.clone() for tensor in student.state_dict().values()]

    assert all(torch.equal(a, b) for a, b in zip(learn(watched=False), learn(watched=True), strict=True))


def test_pictures_give_the_arrays_of_the_contract(pictures: Dataset, build: Build, pair: Pairing) -> None:
    teacher, student = build("cnn-8", pictures), build("cnn-4", pictures, seed=1)
    arrays = SnapshotTaker(Subject(student, teacher, pictures, pair(teacher, student), seed=0, device=CPU)).take(None)
    expected = {
        "probe/inputs": ((8, 3, 8, 8), np.uint8),
        "probe/labels": ((8,), np.int64),
        "logits/teacher": ((8, 4), np.float32),
        "logits/student": ((8, 4), np.float32),
    }
    for group, size, channels in (("group1", 8, 8), ("group2", 4, 16), ("group3", 2, 32)):
        for kind in ("sum", "sum2", "max2"):
            expected[f"attention/teacher/{group}/{kind}"] = ((8, size, size), np.float16)
            expected[f"attention/student/{group}/{kind}"] = ((8, size, size), np.float16)
            expected[f"alike/{group}/{kind}"] = ((), np.float32)
        expected[f"grad_cam/teacher/{group}"] = expected[f"grad_cam/student/{group}"] = ((8, size, size), np.float16)
        expected[f"agreement/{group}"] = expected[f"chance/{group}"] = ((), np.float32)
        expected[f"channels/{group}"] = expected[f"firing/{group}"] = ((channels,), np.float32)
        expected[f"how/{group}"] = ((), np.int8)
    assert {key: (array.shape, array.dtype.type) for key, array in arrays.items()} == expected


def test_two_looks_at_one_moment_show_the_same(pictures: Dataset, build: Build, pair: Pairing) -> None:
    teacher, student = build("cnn-8", pictures), build("cnn-4", pictures, seed=1)
    observer = SnapshotTaker(Subject(student, teacher, pictures, pair(teacher, student), seed=0, device=CPU))
    first, second = observer.take(None), observer.take(None)
    assert first.keys() == second.keys()
    assert all(np.array_equal(first[key], second[key]) for key in first)


def test_a_network_agrees_with_itself_in_everything(pictures: Dataset, build: Build, pair: Pairing) -> None:
    teacher, student = build("cnn-8", pictures), build("cnn-8", pictures)
    arrays = SnapshotTaker(Subject(student, teacher, pictures, pair(teacher, student), seed=0, device=CPU)).take(None)
    for group in ("group1", "group2", "group3"):
        assert arrays[f"own/how/{group}"] == 0
        assert arrays[f"own/agreement/{group}"] == 100
        assert arrays[f"agreement/{group}"] > 98
        assert arrays[f"chance/{group}"] < 90
        for kind in ("sum", "sum2", "max2"):
            assert arrays[f"alike/{group}/{kind}"] == pytest.approx(1, abs=1e-5)
    assert np.array_equal(arrays["logits/teacher"], arrays["logits/student"])


def test_maps_are_of_unit_length_and_those_of_the_outputs(pictures: Dataset, build: Build, pair: Pairing) -> None:
    teacher, student = build("cnn-8", pictures), build("cnn-4", pictures, seed=1)
    arrays = SnapshotTaker(Subject(student, teacher, pictures, pair(teacher, student), seed=0, device=CPU)).take(None)
    student.eval()
    with torch.no_grad():
        out = student.get_submodule("body.group1")(student.input(as_float(torch.tensor(arrays["probe/inputs"]))))
    energy = out.square().sum(1)
    unit = energy / energy.flatten(1).norm(dim=1)[:, None, None]
    assert np.allclose(arrays["attention/student/group1/sum2"], unit.numpy(), atol=1e-3)


def test_other_widths_are_compared_behind_a_fitted_map(pictures: Dataset, build: Build, pair: Pairing) -> None:
    teacher, student = build("cnn-4", pictures), build("cnn-8", pictures)
    with torch.no_grad():  # the student knows all the teacher does, its channels mixed and doubled
        known = teacher.get_parameter("body.group1.conv.weight")
        student.get_parameter("body.group1.conv.weight").copy_(known.repeat(2, 1, 1, 1).flip(0))
    arrays = SnapshotTaker(Subject(student, teacher, pictures, pair(teacher, student), seed=0, device=CPU)).take(None)
    assert arrays["how/group1"] == 2
    assert arrays["agreement/group1"] > 98
    assert arrays["chance/group1"] < 60


def test_a_connector_of_the_objective_is_read_beside_the_fitted_map(
    pictures: Dataset, build: Build, pair: Pairing
) -> None:
    teacher, student = build("cnn-8", pictures), build("cnn-4", pictures)
    connector = nn.Conv2d(4, 8, 1, bias=False)
    nn.init.zeros_(connector.weight)  # behind it no neuron is on
    arrays = SnapshotTaker(Subject(student, teacher, pictures, pair(teacher, student), seed=0, device=CPU)).take(
        Connected("group1", connector)
    )
    assert [int(arrays[f"how/{group}"]) for group in ("group1", "group2")] == [2, 2]
    assert arrays["own/how/group1"] == 1
    assert "own/how/group2" not in arrays
    assert arrays["own/agreement/group1"] == pytest.approx(100 * (1 - arrays["firing/group1"].mean()), abs=1e-3)
    assert arrays["own/agreement/group1"] == pytest.approx(arrays["own/chance/group1"], abs=1e-3)


@pytest.mark.parametrize("student_key", ["cnn-4", "cnn-8"])
def test_a_student_has_one_number_whatever_it_was_trained_with(
    student_key: str, pictures: Dataset, build: Build, pair: Pairing
) -> None:
    """Runs of one teacher are compared by it: neither its method's connector nor equal widths make another of it."""
    teacher, student = build("cnn-8", pictures), build(student_key, pictures, seed=1)
    width = int(student_key.removeprefix("cnn-"))
    observer = SnapshotTaker(Subject(student, teacher, pictures, pair(teacher, student), seed=0, device=CPU))
    plain = observer.take(None)
    connected = observer.take(Connected("group1", nn.Conv2d(width, 8, 1)))
    for name in ("agreement", "chance", "channels", "firing", "how"):
        for group in ("group1", "group2", "group3"):
            assert np.array_equal(plain[f"{name}/{group}"], connected[f"{name}/{group}"])
    assert connected["own/how/group1"] == 1
    assert not np.array_equal(connected["own/channels/group1"], connected["channels/group1"])


def test_a_connector_that_does_nothing_is_none(pictures: Dataset, build: Build, pair: Pairing) -> None:
    teacher, student = build("cnn-8", pictures), build("cnn-8", pictures, seed=1)
    arrays = SnapshotTaker(Subject(student, teacher, pictures, pair(teacher, student), seed=0, device=CPU)).take(
        Connected("group1", nn.Identity())
    )
    assert arrays["own/how/group1"] == 0


def test_maps_and_vectors_can_be_compared(pictures: Dataset, build: Build, pair: Pairing) -> None:
    teacher, student = build("cnn-8", pictures), build("mlp-12-12", pictures)
    pairs = pair(teacher, student)
    arrays = SnapshotTaker(Subject(student, teacher, pictures, pairs, seed=0, device=CPU)).take(None)
    assert 0 <= arrays["agreement/group2"] <= 100
    assert "attention/teacher/group2/sum" in arrays
    assert not any(key.startswith(("attention/student", "alike")) for key in arrays)


def test_without_a_teacher_only_the_student_is_shown(pictures: Dataset, build: Build) -> None:
    arrays = SnapshotTaker(Subject(build("resnet-8", pictures), None, pictures, (), seed=0, device=CPU)).take(None)
    assert "attention/student/group3/sum2" in arrays
    kept = ("probe/", "logits/student", "attention/student/group", "grad_cam/student/group")
    assert all(key.startswith(kept) for key in arrays)


def test_the_teachers_answers_stand_in_the_order_of_the_data(pictures: Dataset, build: Build, pair: Pairing) -> None:
    teacher, student = build("cnn-8", pictures), build("cnn-4", pictures)
    plain = SnapshotTaker(Subject(student, teacher, pictures, pair(teacher, student), seed=0, device=CPU)).take(None)
    turned = build("cnn-8", pictures, classes=tuple(reversed(pictures.classes)))
    again = SnapshotTaker(Subject(student, turned, pictures, pair(turned, student), seed=0, device=CPU)).take(None)
    assert np.array_equal(again["logits/teacher"], plain["logits/teacher"][:, ::-1])


def test_a_teacher_of_other_classes_shows_no_answers(pictures: Dataset, build: Build, pair: Pairing) -> None:
    teacher, student = build("cnn-8", pictures, classes=("a", "b")), build("cnn-4", pictures)
    arrays = SnapshotTaker(Subject(student, teacher, pictures, pair(teacher, student), seed=0, device=CPU)).take(None)
    assert "logits/teacher" not in arrays
    assert "agreement/group1" in arrays


def test_the_plane_shows_what_the_networks_answer_there(points: Dataset, build: Build, pair: Pairing) -> None:
    teacher, student = build("mlp-40-6", points), build("mlp-5-4", points, seed=1)
    arrays = SnapshotTaker(Subject(student, teacher, points, pair(teacher, student), seed=0, device=CPU)).take(None)
    x0, x1, y0, y1 = arrays["plane/extent"].tolist()
    low, high = points.train.inputs.amin(0), points.train.inputs.amax(0)
    assert x0 < low[0] < high[0] < x1
    assert y0 < low[1] < high[1] < y1

    probabilities = arrays["plane/student/probabilities"]
    grid = probabilities.shape[-1]
    assert probabilities.shape == (2, grid, grid)
    corners = torch.tensor([[x0, y0], [x1, y0], [x0, y1], [x1, y1]])
    with torch.no_grad():
        answers = student(corners).softmax(1).T.reshape(2, 2, 2)
    assert np.allclose(probabilities[:, [0, 0, -1, -1], [0, -1, 0, -1]].reshape(2, 2, 2), answers, atol=2e-3)

    assert arrays["plane/teacher/layer/group1"].shape == (32, grid, grid)
    assert arrays["plane/student/layer/group2"].shape == (4, grid, grid)
    assert (arrays["plane/student/layer/group1"] < 0).any()
    assert arrays["plane/teacher/probabilities"].dtype == arrays["plane/student/layer/group1"].dtype == np.float16
    assert arrays["plane/points"].shape == (60, 2)
    assert arrays["plane/points"].dtype == arrays["plane/extent"].dtype == arrays["probe/inputs"].dtype == np.float32
    assert np.array_equal(arrays["plane/points"][:, 0] > 1, arrays["plane/labels"] == 1)


def test_values_too_large_for_half_precision_are_cut_off(points: Dataset, build: Build) -> None:
    student = build("mlp-5-4", points)
    with torch.no_grad():
        student.get_parameter("body.layers.0.weight").mul_(1e9)
    layer = SnapshotTaker(Subject(student, None, points, (), seed=0, device=CPU)).take(None)[
        "plane/student/layer/group1"
    ]
    assert np.isfinite(layer).all()
