"""A pass that asks for shapes alone: what costs time in it is left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from torch import Tensor
from torch.nn import functional
from torch.overrides import TorchFunctionMode


class NoProducts(TorchFunctionMode):
    """The convolutions and linear layers of ``torch.nn`` give zeros of their output's shape, and multiply nothing.

    Hooks and taps see all they would see. In force in its own thread only. What is called in another way than those
    layers call it is calculated, and so is what does not fit, which torch then refuses in its own words. Of tensors
    without numbers (device "meta") batch normalisation and ReLU give the shape they were given as well: torch finds it
    in Python, which takes them a hundred times as long.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        if func in (functional.batch_norm, functional.relu) and _keeps_shape(*args):
            return args[0].new_empty(args[0].shape)
        if kwargs:
            return func(*args, **kwargs)
        if func is functional.conv2d:
            zeros = _convolved(*args)
        elif func is functional.linear:
            zeros = _multiplied(*args)
        else:
            zeros = None
        return func(*args) if zeros is None else zeros


def _keeps_shape(x: Tensor, *others: Any) -> bool:
    """Whether ``x`` has no numbers, and what there is for each of its channels (C) fits it."""
    return x.is_meta and all(other.shape == x.shape[1:2] for other in others if isinstance(other, Tensor))


def _multiplied(x: Tensor, weight: Tensor, *_bias: Tensor | None) -> Tensor | None:
    return x.new_zeros(*x.shape[:-1], weight.shape[0]) if x.shape[-1] == weight.shape[1] else None


def _convolved(x: Tensor, weight: Tensor, _bias: Tensor | None = None, *how: Any) -> Tensor | None:
    """Of an input (N, C, H, W) the output; ``how``: stride, padding and dilation, each (height, width), and groups."""
    if len(how) < 4 or not all(isinstance(pair, tuple) for pair in how[:3]):
        return None
    stride, padding, dilation, groups = how
    # as torch.nn.Conv2d tells it
    sides = [
        (size + 2 * added - apart * (kernel - 1) - 1) // step + 1
        for size, kernel, step, added, apart in zip(
            x.shape[2:], weight.shape[2:], stride, padding, dilation, strict=True
        )
    ]
    if min(sides) < 1 or x.shape[1] != weight.shape[1] * groups:
        return None
    return x.new_zeros(x.shape[0], weight.shape[0], *sides)
