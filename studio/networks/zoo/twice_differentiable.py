"""What torch differentiates once only, in a form that methods which compare slopes can differentiate again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.overrides import TorchFunctionMode


class PiecewiseSigmoid(nn.Module):
    """relu6(x + 3) / 6: torch's Hardsigmoid, whose second derivative torch does not have."""

    def forward(self, x: Tensor) -> Tensor:
        return nn.functional.relu6(x + 3) / 6


def make_twice_differentiable(model: nn.Module) -> None:
    """Exchange such activations of ``model`` in place; it has the same weights, by the same names."""
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.Hardsigmoid):
                setattr(module, name, PiecewiseSigmoid())


class TwiceDifferentiable(TorchFunctionMode):
    """Functions of torch, each in steps that have a second derivative everywhere.

    Attention as softmax(q kᵀ / √d) v, for torch's fused form on processors has none; division by the length, for the second
    derivative of torch's length of nothing is no number: a window of Swin v2 that reaches beyond its map holds keys of zeros.

    In force in its own thread only.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Any,
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        named = dict(kwargs or {})
        if func is nn.functional.scaled_dot_product_attention and not named.get("enable_gqa", False):
            named.pop("enable_gqa", None)
            return _attention(*args, **named)
        if func is nn.functional.multi_head_attention_forward and not named.get("need_weights", True):
            # the mode is off within a function of torch's that it has been asked about; this one goes step by step, too,
            # where it is to tell its weights
            return func(*args, **{**named, "need_weights": True})[0], None
        if func is nn.functional.normalize and named.pop("p", 2.0) == 2.0 and named.pop("out", None) is None:
            return _normalize(*args, **named)
        return func(*args, **named)


def _attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attn_mask: Tensor | None = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
) -> Tensor:
    """As torch's function of these arguments: queries (..., L, E), keys (..., S, E), values (..., S, V) to (..., L, V)."""
    scores = query @ key.transpose(-2, -1) * (query.shape[-1] ** -0.5 if scale is None else scale)
    if is_causal:
        attn_mask = scores.new_ones(scores.shape[-2:]).tril().bool()
    if attn_mask is not None and attn_mask.dtype == torch.bool:
        scores = scores.masked_fill(~attn_mask, -torch.inf)
    elif attn_mask is not None:
        scores = scores + attn_mask
    return nn.functional.dropout(scores.softmax(-1), dropout_p) @ value


def _normalize(x: Tensor, dim: int = 1, eps: float = 1e-12) -> Tensor:
    """``x`` over its length along ``dim``, which counts as ``eps`` at least; of the shape of ``x``."""
    return x / (x * x).sum(dim, keepdim=True).clamp_min(eps * eps).sqrt()
