"""Variational information distillation: how well the teacher's maps can be foretold."""

from __future__ import annotations

import pytest
import torch
from torch.nn.functional import conv2d

from studio.methods import variational_loss
from studio.methods.vid import Predictor
from tests.methods.loss_checks import SHAPES, Golden, check, close


def test_it_has_the_golden_value_and_gradient() -> None:
    golden = Golden("extras")
    student = golden.student("feat_s")
    predictor = Predictor(5, 8, variance=5.0).double()
    weights = {f"mean.{2 * i}.weight": golden[f"vid_w{i}"][:, :, None, None] for i in range(3)}
    predictor.load_state_dict({**weights, "log_scale": golden["vid_log_scale"]})
    check(predictor(student, golden["feat_t"]), golden["vid"], (student, golden["grad_vid"]))
    middle = conv2d(student, weights["mean.0.weight"]).relu()
    predicted = conv2d(conv2d(middle, weights["mean.2.weight"]).relu(), weights["mean.4.weight"])
    close(variational_loss(predicted, golden["vid_log_scale"], golden["feat_t"]), golden["vid"])


def test_every_channel_begins_with_the_variance_asked_for() -> None:
    for variance in (0.05, 5.0, 80.0):
        scale = Predictor(2, 3, variance).log_scale
        found = 2 * variational_loss(torch.zeros(1, 3, 1, 1), scale, torch.zeros(1, 3, 1, 1))
        assert found.item() == pytest.approx(torch.tensor(variance).log().item(), rel=1e-3)


@pytest.mark.parametrize(("shape", "teacher_shape"), SHAPES)
def test_it_is_finite_for_any_maps_and_variances(shape: tuple[int, ...], teacher_shape: tuple[int, ...]) -> None:
    teacher = torch.randn(shape[0], *teacher_shape, requires_grad=True)
    for scale in (0.0, 1e-20, 1.0, 1e4):
        for log_scale in (-200.0, 0.0, 200.0):
            predicted = (scale * torch.randn(shape)).requires_grad_()
            variance = torch.full((shape[1],), log_scale, requires_grad=True)
            loss = variational_loss(predicted, variance, teacher)
            gradients = torch.autograd.grad(loss, (predicted, variance), retain_graph=True)
            assert loss.isfinite()
            assert all(gradient.isfinite().all() for gradient in gradients)
            assert list(torch.autograd.grad(loss, teacher, allow_unused=True)) == [None]


def test_the_larger_map_is_pooled() -> None:
    predictor = Predictor(3, 6, 5.0)
    small, large = torch.randn(2, 3, 4, 5), torch.randn(2, 6, 9, 10)
    pooled = torch.nn.functional.adaptive_avg_pool2d(large, (4, 5))
    torch.testing.assert_close(predictor(small, large), predictor(small, pooled))


def test_a_channel_that_cannot_be_foretold_is_given_a_wide_variance() -> None:
    """Channel 0 of the teacher is the student's, channel 1 is chance."""
    torch.manual_seed(0)
    predictor = Predictor(1, 2, 1.0)
    optimizer = torch.optim.Adam(predictor.parameters(), lr=0.02)
    for _ in range(150):
        student = torch.rand(8, 1, 4, 4)
        teacher = torch.cat([student, 2 * torch.randn(8, 1, 4, 4)], 1)
        optimizer.zero_grad()
        predictor(student, teacher).backward()
        optimizer.step()
    known, unknown = predictor.log_scale.tolist()
    assert unknown > known + 1
