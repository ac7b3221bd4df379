"""Contrastive representation distillation: the loss, and the bank of earlier views."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor
from torch.nn.functional import normalize

from studio.methods import contrastive_loss
from studio.methods.base import Objective
from studio.methods.crd import NOBODY, Bank, Contrast
from tests.methods.method_steps import cast_of, method, network, take_step


def views(*shape: int) -> Tensor:
    return normalize(torch.randn(*shape, dtype=torch.float64), dim=-1)


def test_it_is_the_noise_contrastive_loss_written_out() -> None:
    anchors, positives, others = views(3, 4).requires_grad_(), views(3, 4), views(6, 4)
    usable, mean, t = torch.rand(3, 6) > 0.3, torch.tensor(1.7, dtype=torch.float64), 0.3
    expected = torch.zeros((), dtype=torch.float64)
    for b in range(3):
        m = int(usable[b].sum())
        own = (anchors[b] @ positives[b] / t).exp()
        expected = expected - (own / (own + m * mean)).log()
        for n in range(6):
            strange = (anchors[b] @ others[n] / t).exp()
            if usable[b, n]:
                expected = expected - (m * mean / (strange + m * mean)).log()
    loss = contrastive_loss(anchors, positives, others, usable, mean, t)
    torch.testing.assert_close(loss, expected / 3)
    torch.testing.assert_close(*(torch.autograd.grad(value, anchors)[0] for value in (loss, expected / 3)))


@pytest.mark.parametrize("temperature", [0.01, 0.07, 1.0])
def test_it_is_finite_where_all_views_are_equal_zero_or_of_one_class(temperature: float) -> None:
    row = views(1, 4)
    for anchors, others in ((row.expand(3, -1), row.expand(5, -1)), (0 * row.expand(2, -1), views(5, 4))):
        for usable in (torch.ones(len(anchors), 5, dtype=torch.bool), torch.zeros(len(anchors), 5, dtype=torch.bool)):
            leaf = anchors.clone().requires_grad_()
            loss = contrastive_loss(leaf, anchors, others, usable, torch.tensor(2.0), temperature)
            loss.backward()
            assert leaf.grad is not None
            assert loss.isfinite()
            assert leaf.grad.isfinite().all()


def test_it_falls_as_the_counterpart_comes_nearer_and_the_others_go() -> None:
    anchor, opposite = torch.tensor([[1.0, 0.0]]), torch.tensor([[-1.0, 0.0]])
    usable, mean = torch.ones(1, 1, dtype=torch.bool), torch.tensor(2.0)

    def loss(positive: Tensor, other: Tensor) -> float:
        return contrastive_loss(anchor, positive, other, usable, mean, 0.5).item()

    assert loss(anchor, opposite) < loss(opposite, opposite) < loss(opposite, anchor)


def test_the_bank_overwrites_the_oldest_in_turn() -> None:
    bank = Bank(8)
    assert bank.labels.tolist() == [NOBODY] * 8
    for step in range(3):
        bank.add(views(2, 128).float(), views(2, 128).float(), torch.tensor([2 * step, 2 * step + 1]), size=4)
    assert bank.labels.tolist() == [4, 5, 2, 3, *[NOBODY] * 4]
    bank.add(views(9, 128).float(), views(9, 128).float(), torch.arange(9), size=4)
    assert sorted(bank.labels[:4].tolist()) == [0, 1, 2, 3]


def objective() -> tuple[Objective, list[dict[str, Tensor]]]:
    torch.manual_seed(0)
    teacher, student = network("cnn-8", seed=1), network("cnn-4")
    build = method("crd").joint(method("crd").Settings(negatives=64))
    assert build is not None
    made = build(cast_of(teacher, student))
    states = []
    for _ in range(3):
        take_step(made, teacher, student, batch=4)
        states.append({name: value.clone() for name, value in made.state_dict().items()})
    return made, states


def test_what_it_remembers_is_in_its_state_and_repeats_with_the_seed() -> None:
    made, states = objective()
    assert isinstance(made, Contrast)
    assert {"bank.student", "bank.teacher", "bank.labels", "bank.written", "mean_likeness"} <= states[0].keys()
    assert (states[0]["mean_likeness"] > 0).all()
    assert torch.equal(states[0]["mean_likeness"], states[-1]["mean_likeness"])
    assert not torch.equal(states[0]["bank.student"], states[-1]["bank.student"])
    again = objective()[1]
    assert all(torch.equal(states[-1][name], again[-1][name]) for name in states[-1])


def test_no_more_views_are_compared_with_than_an_epoch_has() -> None:
    """The tests' epoch is one batch of four: later batches write over it, and the rest of the bank stays unused."""
    _, states = objective()
    assert states[-1]["bank.labels"][:4].min() >= 0
    assert (states[-1]["bank.labels"][4:] == NOBODY).all()
