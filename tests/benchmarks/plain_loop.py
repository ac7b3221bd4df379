"""A training loop as published research code writes it: the yardstick of the speed and accuracy benchmarks.

PIL transforms in a DataLoader, float32, contiguous layout, ``.item()`` on every term at every step.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - the field's own abbreviation
from torch.utils.data import DataLoader, Dataset

from studio.data.vision import torchvision
from studio.networks.base import Network, TapKind

torchvision()  # mended where it was built for another torch
from torchvision import transforms  # noqa: E402

PROCESSOR = torch.device("cpu")


class PictureArray(Dataset[tuple[Tensor, int]]):
    """Pictures (N, H, W, 3) uint8 handed out as transformed PIL images, as torchvision's CIFAR classes do."""

    def __init__(
        self, pictures: np.ndarray, labels: np.ndarray, mean: tuple[float, ...], std: tuple[float, ...], augment: bool
    ) -> None:
        vary = [transforms.Pad(4, padding_mode="reflect"), transforms.RandomCrop(32), transforms.RandomHorizontalFlip()]
        self.pictures, self.labels = pictures, labels
        self.transform = transforms.Compose(
            [*(vary if augment else []), transforms.ToTensor(), transforms.Normalize(mean, std)]
        )

    def __len__(self) -> int:
        return len(self.labels)

    def __getitem__(self, i: int) -> tuple[Tensor, int]:
        return self.transform(Image.fromarray(self.pictures[i])), int(self.labels[i])


def attention(feature: Tensor) -> Tensor:
    """Attention map of a feature (B, C, H, W) as the method's published code computes it."""
    return F.normalize(feature.pow(2).mean(1).view(feature.size(0), -1))


def in_layout(body: nn.Module, layout: torch.memory_format) -> nn.Module:
    """The same body with its weights in another layout."""
    moved: nn.Module = body.to(memory_format=layout)  # type: ignore[call-overload]  # torch takes it, its stubs do not know
    return moved


def _module(network: Network, group: str, tap: TapKind) -> str:
    """The module whose output is the tap of a group."""
    point = network.anatomy.tap(group).out if tap == "out" else network.anatomy.tap(group).pre
    assert point is not None
    assert point.side == "out"
    return point.module


class PlainLoop:
    """Soft targets, optionally with attention transfer, step by step.

    Works on copies of the given networks' bodies, so that both loops start from the same weights.

    Args:
        groups: what is compared besides, at their ``tap``.
        steps: over which the rate falls along a cosine; it stays without.
        bf16: both forward passes under autocast, instead of in float32.
    """

    def __init__(
        self,
        teacher: Network,
        student: Network,
        data: PictureArray,
        *,
        batch: int,
        groups: tuple[str, ...] = (),
        tap: TapKind = "out",
        workers: int = 0,
        lr: float = 0.05,
        steps: int | None = None,
        device: torch.device = PROCESSOR,
        bf16: bool = False,
    ) -> None:
        self.teacher = in_layout(copy.deepcopy(teacher.body), torch.contiguous_format).to(device).eval()
        self.student = in_layout(copy.deepcopy(student.body), torch.contiguous_format).to(device).train()
        pinned = device.type == "cuda"
        self.loader = DataLoader(data, batch, shuffle=True, drop_last=True, num_workers=workers, pin_memory=pinned)
        self.device, self.bf16 = device, bf16
        self.optimiser = torch.optim.SGD(self.student.parameters(), lr, momentum=0.9, nesterov=True, weight_decay=5e-4)
        self.schedule = torch.optim.lr_scheduler.CosineAnnealingLR(self.optimiser, steps) if steps else None
        self.features: dict[str, list[Tensor]] = {"teacher": [], "student": []}
        for group in groups:
            self.teacher.get_submodule(_module(teacher, group, tap)).register_forward_hook(self._keep("teacher"))
            self.student.get_submodule(_module(student, group, tap)).register_forward_hook(self._keep("student"))
        self._batches: Iterator[tuple[Tensor, Tensor]] = iter(())
        self.losses: list[float] = []

    def _keep(self, who: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        def hook(_module: nn.Module, _inputs: tuple[Tensor, ...], output: Tensor) -> None:
            self.features[who].append(output)

        return hook

    def next_batch(self) -> tuple[Tensor, Tensor]:
        """The next batch of the DataLoader, epoch after epoch."""
        try:
            return next(self._batches)
        except StopIteration:
            self._batches = iter(self.loader)
            return next(self._batches)

    def step(self, batch: tuple[Tensor, Tensor] | None = None) -> float:
        """One optimiser step; returns the loss."""
        given = self.next_batch() if batch is None else batch
        inputs, labels = (tensor.to(self.device, non_blocking=True) for tensor in given)
        for kept in self.features.values():
            kept.clear()
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.bf16):
            loss, terms = self.loss(inputs, labels)
        self.optimiser.zero_grad()
        loss.backward()
        self.optimiser.step()
        if self.schedule is not None:
            self.schedule.step()
        self.losses = [term.item() for term in terms]
        return loss.item()

    def loss(self, inputs: Tensor, labels: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The loss of a batch, 0-dim, and the terms it is made of."""
        with torch.no_grad():
            known = self.teacher(inputs)
        logits = self.student(inputs)
        soft = F.kl_div(F.log_softmax(logits / 4, 1), F.softmax(known / 4, 1), reduction="batchmean") * 16
        hard = F.cross_entropy(logits, labels)
        loss = 0.9 * soft + 0.1 * hard
        pairs = zip(self.features["student"], self.features["teacher"], strict=True)
        maps = [(attention(s) - attention(t)).pow(2).mean() for s, t in pairs]
        if maps:
            loss = loss + 1000 * sum(maps)
        return loss, [soft, hard, *maps]
