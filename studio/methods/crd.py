"""Contrastive representation distillation: know the teacher's view of a picture from its views of many others."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from studio import catalog
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.methods.base import Aspects, Batch, Build, Cast, Method, MethodSettings, Objective, Source, Suited, Term
from studio.methods.ops.precision import full_precision
from studio.methods.ops.published_weights import CLEARLY, MARGIN
from studio.methods.ops.sizes import unit_rows

#: Numbers in the vectors that are compared, as in the authors' code.
DIMENSIONS = 128
#: The label of bank places that no picture has filled yet; no picture's own.
NOBODY = -1


def contrastive_loss(
    anchors: Tensor, positives: Tensor, others: Tensor, usable: Tensor, mean_likeness: Tensor, temperature: float
) -> Tensor:
    """Noise-contrastive estimation: tell the anchor's own counterpart from the vectors of other pictures.

    −1/B Σ_b [ log h(a_b, p_b) + Σ_n log(1 − h(a_b, o_n)) ] with h(a, v) = e / (e + m ē), e = exp(aᵀv / τ), m the number
    of others of that anchor and ē the mean of e over chance vectors.

    Args:
        anchors: (B, D), of unit length.
        positives: (B, D), of unit length; they receive no gradient.
        others: (N, D), of unit length; they receive no gradient.
        usable: (B, N) bool, which of the others belong to another class than the anchor.
        mean_likeness: ē, 0-dim.
        temperature: τ.

    Returns:
        0-dim, float32 or the input's float64.

    Source: Tian et al., "Contrastive representation distillation", ICLR 2020, equations 8-10, as in their code.

    Example:
        >>> from torch import tensor
        >>> anchor, opposite, usable = tensor([[1.0, 0.0]]), tensor([[-1.0, 0.0]]), tensor([[True]])
        >>> mean = tensor(1.0).exp()  # h is ½ for the anchor's own, 1 / (1 + e²) for the other
        >>> round(contrastive_loss(anchor, anchor, opposite, usable, mean, temperature=1.0).item(), 4)
        0.8201
    """
    anchors = full_precision(anchors)
    noise = (usable.sum(1).clamp_min(1) * mean_likeness).log()
    own = (anchors * full_precision(positives).detach()).sum(1) / temperature - noise
    strange = anchors @ full_precision(others).detach().T / temperature - noise[:, None]
    # −log h and −log(1 − h) without ever forming h
    return (softplus(-own) + (softplus(strange) * usable).sum(1)).mean()


class ContrastiveSettings(MethodSettings):
    """Settings of contrastive representation distillation."""

    weight: float = setting(
        0.8,
        ge=0,
        le=100,
        description="How much telling the teacher's view of a picture from others counts",
        step=0.1,
        label="Weight",
    )
    negatives: int = setting(
        16384,
        ge=64,
        le=65536,
        description="How many views of earlier pictures are kept to compare with; at most those of one epoch",
        step=1024,
        level="expert",
        label="Views kept",
    )
    temperature: float = setting(
        0.07,
        gt=0,
        le=1,
        description="How sharply likeness is judged (τ); smaller is sharper",
        step=0.01,
        level="expert",
        label="Temperature τ",
    )


class Bank(nn.Module):
    """The last views of both networks with their labels, overwritten in turn; at first unit vectors at random.

    Everything in it is part of the checkpoint.
    """

    student: Tensor
    teacher: Tensor
    labels: Tensor
    written: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        for name in ("student", "teacher"):
            self.register_buffer(name, unit_rows(torch.randn(size, DIMENSIONS)))
        self.register_buffer("labels", torch.full((size,), NOBODY, dtype=torch.int64))
        self.register_buffer("written", torch.zeros((), dtype=torch.int64))

    def add(self, student: Tensor, teacher: Tensor, labels: Tensor, size: int) -> None:
        """Write (B, D) views and (B,) labels over the oldest of the first ``size`` places."""
        count = min(len(labels), size)
        places = (self.written + torch.arange(count, device=labels.device)) % size
        self.student[places] = student.detach()[:count]
        self.teacher[places] = teacher.detach()[:count]
        self.labels[places] = labels[:count]
        self.written += count


class Contrast(Objective):
    """Both networks' embeddings as unit vectors, each telling the other's from those in the bank.

    The authors keep one view of every training picture by its number and draw 16,384 of other classes for each anchor.
    Here the bank holds the latest views, all of other classes count, and the counterpart of an anchor is this step's
    view instead of the remembered one; no picture needs a number. No :class:`Comparison`: it remembers earlier batches
    and reads the labels.
    """

    mean_likeness: Tensor

    def __init__(self, cast: Cast, settings: ContrastiveSettings) -> None:
        super().__init__()
        assert cast.teacher is not None
        self.settings = settings
        self.student_view = nn.Linear(cast.student.embedding, DIMENSIONS)
        self.teacher_view = nn.Linear(cast.teacher.embedding, DIMENSIONS)
        self.bank = Bank(settings.negatives)
        # of the student's and the teacher's anchors; set in the first step and kept, as in the authors' code
        self.register_buffer("mean_likeness", torch.zeros(2))

    def forward(self, batch: Batch) -> dict[str, Term]:
        assert batch.labels is not None
        student = unit_rows(self.student_view(batch.student.embedding))
        teacher = unit_rows(self.teacher_view(batch.teacher.embedding))
        per_epoch = len(batch.labels) * -(-batch.steps // batch.epochs)
        size = min(self.settings.negatives, per_epoch)
        usable = self.bank.labels[None, :size] != batch.labels[:, None]
        # copies: backward needs them as they were, and the bank is about to be written to
        earlier = self.bank.student[:size].clone(), self.bank.teacher[:size].clone()
        pairings = ((student, teacher, earlier[1]), (teacher, student, earlier[0]))
        with torch.no_grad():
            likeness = [(a @ o.T / self.settings.temperature).exp().mean() for a, _, o in pairings]
            self.mean_likeness.copy_(torch.where(self.mean_likeness > 0, self.mean_likeness, torch.stack(likeness)))
        t = self.settings.temperature
        losses = [contrastive_loss(*views, usable, e, t) for views, e in zip(pairings, self.mean_likeness, strict=True)]
        self.bank.add(student, teacher, batch.labels, size)
        return {"contrast": Term(losses[0] + losses[1], self.settings.weight)}


class ContrastiveDistillation(Method[ContrastiveSettings]):
    """One stage beside the labels, on the vectors that go into the classifier."""

    key = "crd"
    title = "Contrastive representation"
    words = "Recognise the teacher's view of a picture among its views of thousands of others."
    source = Source("Tian et al.", "ICLR 2020", "Contrastive representation distillation", year=2020)
    compares = "relations"
    aspects = Aspects(
        "linear image of unit length", "linear image of unit length", "noise-contrastive estimation", "embedding"
    )
    Settings = ContrastiveSettings

    def suited(self, settings: ContrastiveSettings, cast: Cast) -> Mapping[str, Suited]:
        """Less for a student whose views have little room.

        Views made of d numbers are alike by chance with variance 1 / d, and the contrast is the harder to meet. Measured on
        the digits (small CNN 8, d = 32, 100 labelled pictures, 3 seeds): 82.0 % at 0.8, 92.1 % at 0.08, alone 91.1 %.
        """
        numbers = cast.student.embedding
        if cast.teacher is None or numbers * CLEARLY >= DIMENSIONS:
            return {}
        weight = float(f"{type(settings)().weight * numbers / DIMENSIONS * MARGIN:.0e}")
        return {"weight": Suited(weight, Text("a student of {n} numbers before its classifier", {"n": numbers}))}

    def joint(self, settings: ContrastiveSettings) -> Build | None:
        return lambda cast: Contrast(cast, settings)


catalog.register("method", ContrastiveDistillation())
