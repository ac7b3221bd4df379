"""Batches of training examples as a pure function of seed and step, so that resuming needs no state."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import torch

from studio.data.augment import augment
from studio.data.base import Augmentation, Examples, as_float
from studio.data.random import generator

if TYPE_CHECKING:
    from types import TracebackType

    from torch import Tensor

#: Of an accelerator's free memory; the rest is for networks and activations.
DEVICE_SHARE = 0.5


class Loader:
    """Deals a training set out in batches, every epoch in an order of its own.

    The whole set lives on the device where it fits; otherwise batches are read from memory or from disk, the next one
    in a thread while the present one is worked on.

    >>> loader = Loader(dataset.train, 128, dataset_augmentation, seed=0, device="cuda")
    >>> inputs, labels = loader.batch(step=17)

    Args:
        examples: what to train on.
        batch_size: examples a step; as many as there are if that is fewer.
        augmentation: how pictures are varied; points never are.
        seed: decides orders, crops and flips.
        device: where the batches are wanted.
        memory_format: of the pictures handed out.
    """

    def __init__(
        self,
        examples: Examples,
        batch_size: int,
        augmentation: Augmentation | None = None,
        *,
        seed: int,
        device: torch.device | str = "cpu",
        memory_format: torch.memory_format = torch.channels_last,
    ) -> None:
        self.batch_size = min(batch_size, len(examples))
        self.steps_per_epoch = len(examples) // self.batch_size
        self._count = len(examples)
        self._seed = seed
        self._device = torch.device(device)
        self._format = memory_format
        pictures = examples.inputs.dim() == 4
        self._augmentation = augmentation if pictures else None
        # pictures as rows of bytes, (N, H W C): reading a batch is then one memcpy a picture
        inputs = examples.inputs.permute(0, 2, 3, 1).contiguous() if pictures else examples.inputs
        self._row_shape = inputs.shape[1:]
        resident = not examples.on_disk and _fits(inputs, self._device)
        home = self._device if resident else torch.device("cpu")
        self._inputs = inputs.reshape(self._count, -1).to(home)
        self._labels = examples.labels.to(home)
        self._reader = None if resident else ThreadPoolExecutor(1, thread_name_prefix="data-reader")
        self._ahead: tuple[int, Future[tuple[Tensor, Tensor]]] | None = None
        self._order: tuple[int, Tensor] | None = None

    def batch(self, step: int, *, varied: bool = True) -> tuple[Tensor, Tensor]:
        """Inputs and labels of a step, on the device: (B, C, H, W) float32 in [0, 1], or (B, D); and (B,) int64.

        Args:
            varied: whether pictures are cropped and flipped as the augmentation says, or come as they are.
        """
        rows, labels = self._read(step) if self._reader is None else self._read_ahead(self._reader, step)
        labels = labels.to(self._device, non_blocking=True)
        return self._inputs_of(rows, self._augmentation if varied else None, step), labels

    def in_order(self) -> Iterator[Tensor]:
        """All examples as they are, in the order of the data, no more than a batch at a time; as :meth:`batch` has them."""
        for begin in range(0, self._count, self.batch_size):
            yield self._inputs_of(self._inputs[begin : begin + self.batch_size])

    def deals_plain(self, *, varied: bool) -> bool:
        """Whether :meth:`batch` gives the examples as they are."""
        return not varied or self._augmentation is None

    def _inputs_of(self, rows: Tensor, augmentation: Augmentation | None = None, step: int = 0) -> Tensor:
        rows = rows.to(self._device, non_blocking=True).view(len(rows), *self._row_shape)
        if rows.dim() != 4:
            return as_float(rows)
        pictures = rows.permute(0, 3, 1, 2)
        if augmentation is not None:
            pictures = augment(pictures, augmentation, generator(self._seed, "augment", step))
        return as_float(pictures).contiguous(memory_format=self._format)

    def close(self) -> None:
        """End the reading thread, if there is one. The loader can be used no more."""
        if self._reader is not None:
            self._reader.shutdown(wait=True, cancel_futures=True)
        self._ahead = None

    def __enter__(self) -> Loader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def rows(self, step: int) -> Tensor:
        """The examples of a step. What an epoch's last whole batch leaves over is left out, others each epoch."""
        epoch, place = divmod(step, self.steps_per_epoch)
        dealt = self._order  # the reading thread may be an epoch ahead
        if dealt is None or dealt[0] != epoch:
            order = torch.randperm(self._count, generator=generator(self._seed, "order", epoch))
            dealt = self._order = (epoch, order.to(self._labels.device))
        return dealt[1][place * self.batch_size : (place + 1) * self.batch_size]

    def _read(self, step: int) -> tuple[Tensor, Tensor]:
        rows = self.rows(step)
        return self._inputs.index_select(0, rows), self._labels.index_select(0, rows)

    def _read_ahead(self, reader: ThreadPoolExecutor, step: int) -> tuple[Tensor, Tensor]:
        """The batch of ``step``, if all went as foreseen already read; then the next one is begun."""
        ahead = self._ahead if self._ahead is not None and self._ahead[0] == step else None
        future = ahead[1] if ahead is not None else reader.submit(self._fetch, step)
        batch = future.result()
        self._ahead = (step + 1, reader.submit(self._fetch, step + 1))
        return batch

    def _fetch(self, step: int) -> tuple[Tensor, Tensor]:
        """A batch read within the reading thread alone: numpy's copy starts no helper threads and lets others run."""
        rows = self.rows(step).numpy()
        inputs = torch.from_numpy(self._inputs.numpy().take(rows, axis=0))
        labels = torch.from_numpy(self._labels.numpy().take(rows))
        pinned = self._device.type == "cuda"
        return (inputs.pin_memory(), labels.pin_memory()) if pinned else (inputs, labels)


def _fits(inputs: Tensor, device: torch.device) -> bool:
    """Whether all inputs may live on the device. Shared memory (CPU, MPS) holds them already."""
    if device.type != "cuda":
        return True
    free, _ = torch.cuda.mem_get_info(device)
    return inputs.numel() * inputs.element_size() <= DEVICE_SHARE * free
