"""A runner that goes through one step, keeps its operations, and repeats them: as a recording on a graphics card does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor
from torch._ops import OpOverload
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from studio.training.step_runner import StepWork

#: Steps that Python goes through first: what optimisers and readings keep is made in them.
WARM_UP = 2


class Recording(TorchDispatchMode):
    """Keeps every operation within its block with the tensors it took and gave, whatever called it.

    :meth:`repeat` does them again, on what these tensors hold then, and puts what they give where it was given before.

    Attributes:
        asks: operations that gave a plain value, for which another device would have been waited.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.asks: list[OpOverload] = []
        self._done: list[tuple[OpOverload, Sequence[Any], Mapping[str, Any], Any]] = []

    def __torch_dispatch__(
        self,
        func: OpOverload,
        types: Sequence[type],
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        del types
        result = func(*args, **(kwargs or {}))
        if func.namespace == "profiler":  # only marks where something happens
            return result
        if any(isinstance(leaf, bool | int | float) for leaf in tree_leaves(result)):
            self.asks.append(func)
        self._done.append((func, args, kwargs or {}, result))
        return result

    def repeat(self) -> None:
        assert not self.asks
        with torch.no_grad():
            for func, args, kwargs, before in self._done:
                again = func(*args, **kwargs)
                for kept, new in zip(tree_leaves(before), tree_leaves(again), strict=True):
                    if isinstance(kept, Tensor) and kept.data_ptr() != new.data_ptr():
                        kept.copy_(new)


class RecordingRunner:
    """Keeps the operations of every step, and repeats none: what is kept autograd adds up elsewhere, in another layout.

    A layout may decide the last bit of a sum, so steps that are repeated are held against steps taken so.
    """

    def take(self, work: StepWork) -> None:
        with Recording():
            work.compute()
        work.update()


class RepeatingRunner:
    """Takes the first steps as :class:`RecordingRunner` does, and repeats the last of these ever after.

    Attributes:
        repeated: how many steps it took so.
    """

    def __init__(self) -> None:
        self.repeated = 0
        self._gone = 0
        self._recording = Recording()

    def take(self, work: StepWork) -> None:
        if work.repeats and self._gone > WARM_UP:
            self._recording.repeat()
            self.repeated += 1
        else:
            self._recording = Recording()
            with self._recording:
                work.compute()
        self._gone += 1
        work.update()
