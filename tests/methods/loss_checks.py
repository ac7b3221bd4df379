"""What the tests of losses share: the golden arrays, and what it means to agree with them and to be finite."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

GOLDEN = Path(__file__).parents[1] / "golden"

Loss = Callable[[Tensor, Tensor], Tensor]
#: (B, C_student, H, W), (C_teacher, H, W): a batch of one, odd, not square, single pixels
SHAPES = [((1, 3, 8, 8), (3, 8, 8)), ((2, 1, 7, 5), (1, 7, 5)), ((3, 4, 1, 1), (4, 1, 1)), ((1, 2, 1, 9), (2, 1, 9))]
UNEQUAL = [((2, 3, 8, 8), (5, 8, 8)), ((1, 5, 7, 3), (2, 3, 7)), ((2, 3, 5, 5), (4, 9, 11)), ((2, 3, 8, 8), (3, 1, 1))]


class Golden:
    """The arrays of one file; those of the student want gradients."""

    def __init__(self, name: str) -> None:
        with np.load(GOLDEN / f"{name}.npz") as arrays:
            self.arrays = {key: torch.from_numpy(np.array(arrays[key])) for key in arrays.files}

    def __getitem__(self, key: str) -> Tensor:
        return self.arrays[key]

    def student(self, key: str) -> Tensor:
        return self.arrays[key].clone().requires_grad_()


class Perceptron:
    """A network of two layers with the weights of a golden file; ``who`` is "student" or "teacher"."""

    def __init__(self, golden: Golden, who: str) -> None:
        self.weights = [golden.student(f"{who}_{name}") for name in ("W1", "b1", "W2", "b2")]

    def __call__(self, x: Tensor) -> Tensor:
        w1, b1, w2, b2 = self.weights
        return (x.flatten(1) @ w1.T + b1).relu() @ w2.T + b2


def close(found: Tensor | float, golden: Tensor) -> None:
    """Equal at relative 1e-6; entries that should be zero, to 1e-9 of the largest."""
    found = torch.as_tensor(found, dtype=torch.float64).detach()
    scale = max(float(golden.abs().max()), 1e-300)
    torch.testing.assert_close(found, golden.double(), rtol=1e-6, atol=1e-9 * scale)


def check(loss: Tensor, value: Tensor, *gradients: tuple[Tensor, Tensor]) -> None:
    """The loss has the golden value and, at each (student, golden gradient), the golden gradient."""
    close(loss, value)
    found = torch.autograd.grad(loss, [student for student, _ in gradients])
    for gradient, (_, golden) in zip(found, gradients, strict=True):
        close(gradient, golden)


def finite(loss: Loss, student: Tensor, teacher: Tensor) -> Tensor:
    """Value and gradient are finite, and the teacher receives none; returns the value."""
    student = student.clone().requires_grad_()
    teacher = teacher.clone().requires_grad_()
    value = loss(student, teacher)
    assert value.shape == ()
    assert torch.isfinite(value)
    (gradient,) = torch.autograd.grad(value, student, retain_graph=True)
    assert torch.isfinite(gradient).all()
    assert list(torch.autograd.grad(value, teacher, allow_unused=True)) == [None]
    return value.detach()
