"""Counts the memory that tensors hold while code runs, on any device, ``meta`` included."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class LiveMemory(TorchDispatchMode):
    """Within its block every storage that an operation makes on a device is counted until nothing holds it any more.

    What autograd keeps for the backward pass is held as anything else is. What an operation needs for itself and gives
    back before it returns, a convolution's rearranged inputs say, is not seen.

    >>> with LiveMemory("cpu") as memory:
    ...     pair = torch.zeros(4) + 1
    >>> memory.most
    32

    Args:
        device: type of the one that counts.

    Attributes:
        held: bytes at present.
        most: the most bytes at any time.
    """

    def __init__(self, device: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._device = device
        self.held: int = 0
        self.most: int = 0
        self._known: weakref.WeakSet[torch.UntypedStorage] = weakref.WeakSet()

    def __torch_dispatch__(
        self,
        func: Callable[..., Any],
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        del types
        result = func(*args, **(kwargs or {}))
        for leaf in tree_leaves(result):
            if isinstance(leaf, torch.Tensor) and leaf.device.type == self._device:
                self._count(leaf.untyped_storage())
        return result

    def _count(self, storage: torch.UntypedStorage) -> None:
        if storage in self._known:
            return
        self._known.add(storage)
        size = storage.nbytes()
        weakref.finalize(storage, self._release, size)
        self.held += size
        self.most = max(self.most, self.held)

    def _release(self, size: int) -> None:
        self.held -= size
