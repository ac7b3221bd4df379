"""Singular vectors: loss and gradient against the golden arrays, stable wherever vectors tie, and clipped gradients."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from torch import Tensor

from studio.methods import clip_to_task, singular_loss
from studio.methods.ops.clipping import ClippedToTask
from tests.methods.loss_checks import Golden, check, close, finite
from tests.methods.method_steps import cast, cast_of, method, network, take_step

ENTRY = method("svd")
#: Random steps a run of the tests; 10,000 were tried once.
STEPS = 300


def levels(golden: Golden) -> tuple[list[Tensor], list[Tensor]]:
    return [golden.student(f"student_{i}") for i in range(3)], [golden[f"teacher_{i}"] for i in range(3)]


def test_loss() -> None:
    golden = Golden("kdsvd")
    students, teachers = levels(golden)
    loss = singular_loss(students, teachers, int(golden["k"]))
    check(loss, golden["loss"], *((student, golden[f"grad_{i}"]) for i, student in enumerate(students)))
    for i in range(2):
        close(singular_loss(students[i : i + 2], teachers[i : i + 2], 1), golden["loss_pairs"][i])


@pytest.mark.parametrize("epoch", [0, 1, 20])
@pytest.mark.parametrize("size", ["big", "small"])
def test_clipping_to_the_task(epoch: int, size: str) -> None:
    golden = Golden("kdsvd")
    found = clip_to_task(golden["clip_g_main"], golden[f"clip_g_distill_{size}"], epoch)
    close(found, golden[f"clip_epoch{epoch}_{size}"])


def test_clipping_is_finite_where_a_gradient_is_zero() -> None:
    zero, some = torch.zeros(3, 4), torch.randn(3, 4)
    torch.testing.assert_close(clip_to_task(zero, some, 3), zero)
    torch.testing.assert_close(clip_to_task(some, zero, 3), some)
    torch.testing.assert_close(clip_to_task(zero, zero, 0), zero)


@pytest.mark.parametrize("k", [1, 2, 5])
@pytest.mark.parametrize("sizes", [((6, 6), (6, 6)), ((9, 7), (4, 4)), ((1, 1), (1, 1)), ((2, 2), (1, 9))])
def test_it_agrees_with_a_plain_decomposition(k: int, sizes: tuple[tuple[int, int], tuple[int, int]]) -> None:
    """Value and gradient of the same formula through torch's own decomposition."""
    torch.manual_seed(1)
    students = [
        torch.randn(2, c, *size, dtype=torch.float64).requires_grad_() for c, size in zip((4, 7), sizes, strict=True)
    ]
    teachers = [torch.randn_like(student) for student in students]
    found, expected = singular_loss(students, teachers, k), plain(students, teachers, k)
    close(found, expected.detach())
    for ours, theirs in zip(
        torch.autograd.grad(found, students), torch.autograd.grad(expected, students, allow_unused=True), strict=True
    ):
        torch.testing.assert_close(ours, theirs, rtol=1e-6, atol=1e-8)


def plain(students: list[Tensor], teachers: list[Tensor], k: int) -> Tensor:
    levels = []
    for student, teacher in zip(students, teachers, strict=True):
        _, _, ours = torch.linalg.svd(student.flatten(2).mT, full_matrices=False)
        _, strengths, theirs = torch.linalg.svd(teacher.flatten(2).mT, full_matrices=False)
        ours, theirs, strengths = ours[:, : k + 3], theirs[:, :k], strengths[:, :k]
        cosine = theirs @ ours.detach().mT
        best = cosine.abs().argmax(2)
        sign = cosine.gather(2, best[..., None]).sign()
        chosen = sign * ours.gather(1, best[..., None].expand(-1, -1, ours.shape[2]))
        scale = torch.nn.functional.normalize(strengths, dim=1)[..., None]
        levels.append((scale * chosen, scale * theirs))
    total = torch.zeros((), dtype=torch.float64)
    for (s_low, t_low), (s_up, t_up) in pairwise(levels):
        for i in range(min(s_low.shape[1], s_up.shape[1])):
            rbf_s = (-(s_up[:, i, :, None] - s_low[:, i, None, :]).square() / 8).exp()
            rbf_t = (-(t_up[:, i, :, None] - t_low[:, i, None, :]).square() / 8).exp()
            total = total + (rbf_s - rbf_t).square().sum() / len(rbf_s)
    return total


def nasty(generator: torch.Generator, shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    """A random feature, often with what makes vectors tie: zeros, twins, few directions, equal strengths, extreme sizes."""
    x = torch.randn(shape, generator=generator, dtype=dtype)
    b, c, h, w = shape
    kind = int(torch.randint(8, (), generator=generator))
    if kind == 1:
        x[:, : c // 2] = 0
    elif kind == 2:
        x[:, c // 2 :] = x[:, : c - c // 2].clone()
    elif kind == 3:
        x = x[:, :1].expand(shape).clone()
    elif kind == 4:
        basis, _ = torch.linalg.qr(torch.randn(b, max(c, h * w), min(c, h * w), generator=generator, dtype=dtype))
        x = (basis if c >= h * w else basis.mT).reshape(shape).clone()
    elif kind == 5:
        x = x.relu() * 10.0 ** float(torch.randint(-20, 5, (), generator=generator))
    elif kind == 6:
        x = torch.zeros(shape, dtype=dtype)
    elif kind == 7:
        x[..., w // 2 :] = x[..., : w - w // 2].clone()
    return x


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_no_step_is_ever_not_a_number(dtype: torch.dtype) -> None:
    generator = torch.Generator().manual_seed(0)
    for _ in range(STEPS):
        b, c, d, k = (int(torch.randint(1, 6, (), generator=generator)) for _ in range(4))
        h, w, i, j = (int(torch.randint(1, 5, (), generator=generator)) for _ in range(4))
        students = [nasty(generator, (b, c, h, w), dtype), nasty(generator, (b, d, i, j), dtype)]
        teachers = [nasty(generator, (b, c, h, w), dtype), nasty(generator, (b, d, j, i), dtype)]

        def loss(
            student: Tensor, teacher: Tensor, above: Tensor = students[1], below: Tensor = teachers[1], k: int = k
        ) -> Tensor:
            return singular_loss([student, above], [teacher, below], k)

        finite(loss, students[0], teachers[0])


def test_twins_and_empty_features_pull_at_nothing() -> None:
    teacher = [torch.randn(2, 4, 3, 3) for _ in range(2)]
    for student in (torch.zeros(2, 4, 3, 3), torch.eye(4).expand(2, 4, 4).reshape(2, 4, 2, 2).clone()):
        student.requires_grad_()
        loss = singular_loss([student, teacher[1]], teacher, 1)
        (gradient,) = torch.autograd.grad(loss, student)
        assert gradient.abs().max() < 10


@pytest.mark.parametrize("half", [torch.float16, torch.bfloat16])
def test_half_precision_is_computed_in_full(half: torch.dtype) -> None:
    features = [(20 * torch.randn(2, 6, 5, 5)).to(half) for _ in range(4)]
    value = singular_loss(features[:2], features[2:], 2)
    assert value.dtype == torch.float32
    torch.testing.assert_close(
        value, singular_loss([f.float() for f in features[:2]], [f.float() for f in features[2:]], 2)
    )


def test_equal_features_cost_nothing_wherever_their_parts_are() -> None:
    features = [torch.randn(2, c, 4, 4, dtype=torch.float64) for c in (4, 6)]
    moved = [3 * feature.flip(3) for feature in features]
    assert float(singular_loss(moved, features, 2)) == pytest.approx(0, abs=1e-12)


def test_what_is_not_a_number_is_left_to_the_run_to_report() -> None:
    features = [torch.full((2, 4, 3, 3), torch.nan), torch.full((2, 4, 3, 3), torch.inf)]
    assert singular_loss(features, features, 1).shape == (), "it does not raise"


def test_one_stage_is_clipped_to_the_task_and_two_leave_the_classifier_alone() -> None:
    who = cast("resnet-14", "resnet-8")
    (stage,) = ENTRY.plan(ENTRY.Settings(), who)
    assert isinstance(stage.update, ClippedToTask)
    assert stage.labels
    first, second = ENTRY.plan(ENTRY.Settings(stages="two"), who)
    assert (first.update, first.labels) == (None, False)
    assert "student.head" not in first.trains
    assert "student" not in first.trains
    assert second.objective is None


@pytest.mark.parametrize("vectors", [1, 3])
def test_it_takes_the_stem_and_the_ends_of_the_groups(vectors: int) -> None:
    teacher, student = network("resnet-14", seed=1), network("resnet-8")
    build = ENTRY.joint(ENTRY.Settings(vectors=vectors))
    assert build is not None
    objective = build(cast_of(teacher, student))
    assert {ref.group for ref in objective.taps()} == {"stem", "group1", "group2", "group3"}
    take_step(objective, teacher, student)["singular vectors"].value.backward()
    assert student.get_parameter("body.group3.0.conv2.weight").grad is not None
    assert student.get_parameter("body.fc.weight").grad is None


def test_other_widths_are_refused() -> None:
    assert "It needs equally many channels at group1" in str(
        ENTRY.refusal(ENTRY.Settings(), cast("wrn-10-2", "wrn-10-1"))
    )
    assert "works on vectors" in str(ENTRY.refusal(ENTRY.Settings(), cast("mlp-5-4", "mlp-5-4")))
