"""Networks and objectives without drawn weights: for questions about them, asked while a run may be training."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch.overrides import TorchFunctionMode

_IN_PLACE = (torch.Tensor.normal_, torch.Tensor.uniform_, torch.Tensor.random_, torch.Tensor.bernoulli_)
#: What draws a new tensor, and what makes one of that shape instead.
_FACTORIES: Mapping[Callable[..., Any], Callable[..., Any]] = {
    torch.randn: torch.zeros,
    torch.rand: torch.zeros,
    torch.randn_like: torch.zeros_like,
    torch.rand_like: torch.zeros_like,
    torch.randperm: torch.arange,
}


class NoDraws(TorchFunctionMode):
    """Leaves initial values undrawn: the memory they are given stays as it is, or is zero.

    No number is taken from the generators of a run that trains meanwhile. In force in its own thread only. (Torch's meta
    device would import 800 modules first: two seconds.)
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        named = kwargs or {}
        if func in _IN_PLACE:
            # zero, not whatever was there: a truncated normal is drawn again and again until it is within its bounds
            return args[0].zero_()
        if getattr(func, "__module__", "") == "torch.nn.init":
            return args[0] if args else named["tensor"]
        if func in _FACTORIES:
            return _FACTORIES[func](*args, **{name: value for name, value in named.items() if name != "generator"})
        return func(*args, **named)
