"""Pure losses: value and gradient against the golden arrays, and finite where it is difficult."""

from __future__ import annotations

import pytest
import torch

from studio.methods import (
    activation_agreement,
    activation_boundary_loss,
    activation_boundary_total,
    annealed_weight,
    attention_loss,
    attention_map,
    centred_logit_loss,
    hint_loss,
    kd_loss,
    logit_loss,
    soft_cross_entropy,
)
from studio.methods.ab import response_loss
from studio.methods.ops.attention_maps import MapKind
from tests.methods.loss_checks import SHAPES, UNEQUAL, Golden, Loss, check, close, finite

TEMPERATURES = [1, 2, 3, 4, 20]


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_soft_targets(temperature: int) -> None:
    golden = Golden("kd")
    student, teacher, t = golden.student("student_logits"), golden["teacher_logits"], temperature
    check(kd_loss(student, teacher, t), golden[f"kd_T{t}"], (student, golden[f"grad_kd_T{t}"]))
    check(soft_cross_entropy(student, teacher, t), golden[f"softce_T{t}"], (student, golden[f"grad_kd_T{t}"] / t**2))
    close(kd_loss(student, teacher, t) / t**2, golden[f"kl_T{t}"])


def test_soft_targets_beside_labels() -> None:
    golden = Golden("kd")
    student = golden.student("student_logits")
    labels = torch.nn.functional.cross_entropy(student, golden["labels"])
    total = 0.9 * kd_loss(student, golden["teacher_logits"], 4) + 0.1 * labels
    check(total, golden["total_T4_alpha0.9"], (student, golden["grad_total_T4_alpha0.9"]))
    close(labels + 4 * soft_cross_entropy(student, golden["teacher_logits"], 3), golden["fitnet_kd_tau3_lambda4"])


def test_logit_matching() -> None:
    golden = Golden("logit_matching")
    student, teacher = golden.student("student_logits"), golden["teacher_logits"]
    check(logit_loss(student, teacher), golden["loss"], (student, golden["grad"]))
    close(centred_logit_loss(student, teacher), golden["dtl"])
    close(logit_loss(student, teacher) * 2 / student.shape[1], golden["mse_mean"])
    labels = torch.nn.functional.cross_entropy(student, golden["labels"])
    close(logit_loss(student, teacher) * 2 / student.shape[1] + labels, golden["recast_kd"])


def test_hint() -> None:
    golden = Golden("fitnet_hint")
    student = golden.student("regressor_out")
    loss = hint_loss(student, golden["teacher_hint"])
    check(loss, golden["loss_code"], (student, golden["grad_code"]))
    paper = hint_loss(student, golden["teacher_hint"]) * student[0].numel() / 2
    check(paper, golden["loss_paper"], (student, golden["grad_paper"]))


def test_annealed_weight() -> None:
    golden = Golden("fitnet_hint")["lambda_schedule_10_epochs"]
    close(torch.tensor([annealed_weight(epoch, 10) for epoch in range(10)], dtype=torch.float64), golden)
    assert annealed_weight(0, 1) == 4
    assert annealed_weight(99, 10, 3, 2) == 2


@pytest.mark.parametrize(("name", "kind", "p"), [("sum", "sum", 1), ("sum2", "sum", 2), ("max2", "max", 2)])
def test_attention_maps(name: str, kind: MapKind, p: int) -> None:
    golden = Golden("at")
    for layer in range(3):
        close(attention_map(golden[f"teacher_{layer}"], kind, p), golden[f"map_{name}_teacher_{layer}"])


def test_attention() -> None:
    golden = Golden("at")
    students = [golden.student(f"student_{i}") for i in range(3)]
    teachers = [golden[f"teacher_{i}"] for i in range(3)]
    check(
        attention_loss(students, teachers),
        golden["loss_code"],
        *((student, golden[f"grad_code_{i}"]) for i, student in enumerate(students)),
    )
    close(attention_loss(students, teachers, "sum", 1), golden["loss_code_sum"])
    close(attention_loss(students, teachers, "max", 2), golden["loss_code_max2"])
    maps = zip(map(attention_map, students), map(attention_map, teachers), strict=True)
    apart = torch.stack([torch.linalg.vector_norm(s - t, dim=1) for s, t in maps])
    close(apart, golden["l2_per_layer_sample"])
    close(apart.mean(1).sum(), golden["loss_paper_no_beta"])
    close(apart.square().mean(1).sum(), golden["loss_sq_sum"])


def test_attention_pools_the_larger_feature_before_the_power() -> None:
    small, large = torch.randn(2, 3, 4, 5), torch.randn(2, 6, 9, 10)
    pooled = torch.nn.functional.adaptive_avg_pool2d(large, (4, 5))
    torch.testing.assert_close(attention_loss([small], [large]), attention_loss([small], [pooled]))
    torch.testing.assert_close(attention_loss([large], [small]), attention_loss([pooled], [small]))


def test_activation_boundary() -> None:
    golden = Golden("ab")
    students = [golden.student(f"student_{i}") for i in range(3)]
    teachers = [golden[f"teacher_{i}"] for i in range(3)]
    margin = float(golden["margin"])
    for i, (student, teacher) in enumerate(zip(students, teachers, strict=True)):
        loss = activation_boundary_loss(student, teacher, margin)
        check(loss, golden["loss_sum"][i], (student, golden[f"grad_sum_{i}"]))
        close(activation_agreement(student, teacher), golden[f"agreement_{i}"])
        apart = (1 - activation_agreement(student, teacher) / 100) * student.numel()
        close(apart, golden[f"transfer_loss_{i}"])
    close(activation_boundary_total(students, teachers, margin), golden["loss_code"])


@pytest.mark.parametrize("p", [2.0, 1.0, 0.5])
def test_responses_are_compared_behind_the_relu(p: float) -> None:
    student, teacher = torch.tensor([[-3.0, 1.0, 5.0]]), torch.tensor([[-1.0, 0.0, 1.0]])
    torch.testing.assert_close(response_loss(student, teacher, p), torch.tensor(1.0 + 4.0**p), rtol=0.05, atol=0)
    assert float(response_loss(-student.abs(), -teacher.abs(), p)) == pytest.approx(0, abs=1e-6)


ON_LOGITS: dict[str, Loss] = {
    "kd T=1": lambda s, t: kd_loss(s, t, 1),
    "kd T=20": lambda s, t: kd_loss(s, t, 20),
    "soft cross-entropy": lambda s, t: soft_cross_entropy(s, t, 3),
    "logits": logit_loss,
    "centred logits": centred_logit_loss,
}
ON_EQUAL_FEATURES: dict[str, Loss] = {
    "hint": hint_loss,
    "boundary": activation_boundary_loss,
    "boundary total": lambda s, t: activation_boundary_total([s, s], [t, t]),
    "responses 2": lambda s, t: response_loss(s, t, 2),
    "responses 1": lambda s, t: response_loss(s, t, 1),
    "responses 0.5": lambda s, t: response_loss(s, t, 0.5),
}
ON_FEATURES: dict[str, Loss] = {
    "attention sum": lambda s, t: attention_loss([s], [t], "sum", 1),
    "attention sum2": lambda s, t: attention_loss([s], [t], "sum", 2),
    "attention max2": lambda s, t: attention_loss([s], [t], "max", 2),
    "attention sum3": lambda s, t: attention_loss([s], [t], "sum", 3),
}


@pytest.mark.parametrize("name", ON_LOGITS)
@pytest.mark.parametrize("batch", [1, 3])
def test_losses_on_logits_are_finite(name: str, batch: int) -> None:
    student, teacher = torch.randn(2, batch, 4)
    loss = ON_LOGITS[name]
    for scale in (0.0, 1e-20, 1.0, 1e4):
        finite(loss, scale * student, teacher)
        finite(loss, student, scale * teacher)
        finite(loss, scale * student, -scale * student)
    same = finite(loss, teacher, teacher)
    if name != "soft cross-entropy":  # of equal answers it is their entropy
        assert same.item() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("name", [*ON_EQUAL_FEATURES, *ON_FEATURES])
@pytest.mark.parametrize(("shape", "teacher_shape"), SHAPES)
def test_losses_on_features_are_finite(name: str, shape: tuple[int, ...], teacher_shape: tuple[int, ...]) -> None:
    loss = {**ON_EQUAL_FEATURES, **ON_FEATURES}[name]
    student, teacher = torch.randn(shape), torch.randn(shape[0], *teacher_shape)
    for scale in (0.0, 1e-20, 1.0, 1e3):
        finite(loss, scale * student, teacher)
        finite(loss, student, scale * teacher)
    finite(loss, torch.zeros_like(student), torch.zeros_like(teacher))
    if "boundary" not in name:
        assert float(finite(loss, student, student)) == 0


@pytest.mark.parametrize("name", ON_FEATURES)
@pytest.mark.parametrize(("shape", "teacher_shape"), UNEQUAL)
def test_attention_takes_other_widths_and_sizes(
    name: str, shape: tuple[int, ...], teacher_shape: tuple[int, ...]
) -> None:
    finite(ON_FEATURES[name], torch.randn(shape), torch.randn(shape[0], *teacher_shape))


def test_perfect_boundaries_beyond_the_margin_cost_nothing() -> None:
    teacher = torch.randn(2, 3, 4, 4)
    assert float(finite(activation_boundary_loss, 2 * teacher.sign(), teacher)) == 0
    assert float(activation_agreement(teacher, 5 * teacher)) == 100
    assert float(activation_agreement(teacher, -teacher)) == 0


@pytest.mark.parametrize("name", [*ON_LOGITS, *ON_EQUAL_FEATURES, *ON_FEATURES])
@pytest.mark.parametrize("half", [torch.float16, torch.bfloat16])
def test_half_precision_is_summed_in_float32(name: str, half: torch.dtype) -> None:
    losses = {**ON_LOGITS, **ON_EQUAL_FEATURES, **ON_FEATURES}
    shape = (2, 10) if name in ON_LOGITS else (2, 64, 16, 16)
    student, teacher = (20 * torch.randn(2, *shape)).to(half)
    value = losses[name](student, teacher)
    assert value.dtype == torch.float32
    torch.testing.assert_close(value, losses[name](student.float(), teacher.float()))
