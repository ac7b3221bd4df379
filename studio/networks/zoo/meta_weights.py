"""Models on the meta device although their makers calculate with tensors: only what becomes a weight is left without memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

#: What layers make their weights with, to be filled afterwards.
_EMPTY = (torch.empty, torch.zeros, torch.ones)


class MetaWeights(TorchFunctionMode):
    """Weights on the meta device where that is the default, and every calculation on the processor.

    Some models find their widths or tables of positions by tensors whose values they need: on the meta device these
    have none. Outside of it this changes nothing.
    """

    def __init__(self) -> None:
        super().__init__()
        self._wanted = torch.get_default_device().type == "meta"

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        named = kwargs or {}
        if not self._wanted:
            return func(*args, **named)
        with torch.device("meta" if func in _EMPTY else "cpu"):
            return func(*args, **named)
