"""How terms become gradients: their sum's, or the distillation's clipped to the task's tensor by tensor."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor, nn

from studio.methods import clip_to_task
from studio.methods.base import StageMoment, Term, total_loss
from studio.methods.ops.clipping import ClippedToTask
from studio.training.gradients import set_gradients

DECAY = 0.1
MOMENT = StageMoment(epoch=0, epochs=5, step=0, steps=5, steps_per_epoch=1)


class Pieces:
    """A task and a distillation that share a layer; each has one of its own."""

    def __init__(self, kind: str = "sgd") -> None:
        torch.manual_seed(0)
        self.shared, self.head, self.connector = nn.Linear(4, 3), nn.Linear(3, 2), nn.Linear(3, 5)
        parameters = [p for layer in (self.shared, self.head, self.connector) for p in layer.parameters()]
        optimisers = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
        self.optimiser = optimisers[kind](parameters, lr=0.1, weight_decay=DECAY)
        self.x = torch.randn(8, 4)

    def terms(self, weight: float = 50.0) -> dict[str, Term]:
        hidden = self.shared(self.x).relu()
        task = self.head(hidden).square().mean()
        return {"labels": Term(task, 0.5, "task"), "features": Term(self.connector(hidden).square().mean(), weight)}

    def gradients(self, loss: Tensor) -> dict[str, Tensor | None]:
        found = torch.autograd.grad(loss, list(self.named().values()), allow_unused=True)
        return dict(zip(self.named(), found, strict=True))

    def total(self, weight: float = 50.0) -> Tensor:
        """All terms with their weights."""
        return total_loss(self.terms(weight).values(), MOMENT)

    def set_gradients(self, update: ClippedToTask | None, epoch: int = 0, weight: float = 50.0) -> None:
        moment = replace(MOMENT, epoch=epoch)
        terms = self.terms(weight)
        set_gradients(terms, total_loss(terms.values(), moment), update, self.optimiser, moment)

    def named(self) -> dict[str, nn.Parameter]:
        layers = {"shared": self.shared, "head": self.head, "connector": self.connector}
        return {f"{name}.{part}": p for name, layer in layers.items() for part, p in layer.named_parameters()}


def test_summed_terms_are_one_backward_pass() -> None:
    pieces = Pieces()
    pieces.set_gradients(None)
    expected = pieces.gradients(pieces.total())
    for name, parameter in pieces.named().items():
        torch.testing.assert_close(parameter.grad, expected[name])


@pytest.mark.parametrize("kind", ["sgd", "adam", "adamw"])
@pytest.mark.parametrize("epoch", [0, 3])
def test_clipped_terms_push_no_harder_than_the_task_with_its_weight_decay(kind: str, epoch: int) -> None:
    pieces = Pieces(kind)
    pieces.set_gradients(ClippedToTask(), epoch)
    ours, theirs = (
        pieces.gradients(term.weight_at(MOMENT) * term.value)
        for term in (pieces.terms()["labels"], pieces.terms()["features"])
    )
    for name, parameter in pieces.named().items():
        assert parameter.grad is not None
        task, transfer = ours[name], theirs[name]
        if name.startswith("head"):
            torch.testing.assert_close(parameter.grad, task)
        elif name.startswith("connector"):
            torch.testing.assert_close(parameter.grad, transfer)
        else:
            assert task is not None
            assert transfer is not None
            pull = (0 if kind == "adamw" else DECAY) * parameter.detach()
            expected = clip_to_task(task + pull, transfer, epoch) - pull
            torch.testing.assert_close(parameter.grad, expected)
            limit = (task + pull).norm() * torch.sigmoid(torch.tensor(float(epoch)))
            assert (parameter.grad - task).norm() <= limit * 1.0001


def test_a_gentle_distillation_is_not_clipped() -> None:
    pieces = Pieces()
    pieces.set_gradients(ClippedToTask(), weight=1e-4)
    expected = pieces.gradients(pieces.total(1e-4))
    for name, parameter in pieces.named().items():
        torch.testing.assert_close(parameter.grad, expected[name])


@pytest.mark.parametrize("left", ["labels", "features"])
def test_with_one_kind_of_terms_there_is_nothing_to_clip(left: str) -> None:
    pieces = Pieces()
    ClippedToTask().set_gradients({left: pieces.terms()[left]}, pieces.optimiser, MOMENT)
    term = pieces.terms()[left]
    expected = pieces.gradients(term.weight_at(MOMENT) * term.value)
    for name, parameter in pieces.named().items():
        assert (parameter.grad is None) == (expected[name] is None)
        if parameter.grad is not None:
            torch.testing.assert_close(parameter.grad, expected[name])


def test_gradients_of_the_step_before_are_gone() -> None:
    pieces = Pieces()
    for update in (None, ClippedToTask()):
        pieces.set_gradients(update)
        first = [parameter.grad.clone() for parameter in pieces.named().values() if parameter.grad is not None]
        assert len(first) == len(pieces.named())
        pieces.set_gradients(update)
        for before, parameter in zip(first, pieces.named().values(), strict=True):
            torch.testing.assert_close(parameter.grad, before, rtol=0, atol=0)
