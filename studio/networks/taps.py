"""Reads the ends of a network's groups by forward hooks, and runs it no further than they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, NamedTuple, Protocol

import torch
from torch import Tensor, nn
from torch.utils.hooks import RemovableHandle

from studio.networks.base import Network, Point, TapKind


class TapPoint(NamedTuple):
    """One of the points of a group, or the end of the block of that name."""

    group: str
    kind: TapKind


class Wanted(Protocol):
    """What is to be read: a :class:`TapPoint`, or anything else that names one."""

    @property
    def group(self) -> str: ...

    @property
    def kind(self) -> TapKind: ...


class _LastTapReached(Exception):
    """Leaves a forward pass behind its last wanted tap; never leaves this file."""


@dataclass
class NetworkOutputs:
    """What one network gave in one forward pass: live tensors, with their gradients.

    They are handed out in float32, whatever precision the pass ran in: losses and measures are computed in it.
    """

    _class_order: Tensor | None = None
    _taps: dict[TapPoint, tuple[Tensor, int]] = field(default_factory=dict)
    _embedding: Tensor | None = None
    _logits: Tensor | None = None

    @property
    def logits(self) -> Tensor:
        """(B, K); LookupError where the pass ended before."""
        if self._logits is None:
            raise LookupError("the pass ended before the logits")
        logits = self._logits.float()
        return logits if self._class_order is None else logits.index_select(1, self._class_order)

    @property
    def embedding(self) -> Tensor:
        """(B, D), the input of the head; LookupError where the pass ended before."""
        if self._embedding is None:
            raise LookupError("the pass ended before the head")
        return self._embedding.float()

    @classmethod
    def joined(cls, parts: Sequence[NetworkOutputs]) -> NetworkOutputs:
        """Those of several passes without gradient as of one, in order."""
        first = parts[0]
        taps = {point: torch.cat([each._taps[point][0] for each in parts]) for point in first._taps}
        return cls(
            first._class_order,
            {point: (tensor, _version(tensor)) for point, tensor in taps.items()},
            _joined([each._embedding for each in parts]),
            _joined([each._logits for each in parts]),
        )

    def rows(self, rows: Tensor) -> NetworkOutputs:
        """Those of some of the examples, (n,) int64, on the device of what was given."""
        taps = {point: tensor.index_select(0, rows) for point, (tensor, _) in self._taps.items()}
        return NetworkOutputs(
            self._class_order,
            {point: (tensor, _version(tensor)) for point, tensor in taps.items()},
            self._embedding.index_select(0, rows) if self._embedding is not None else None,
            self._logits.index_select(0, rows) if self._logits is not None else None,
        )

    @property
    def bytes(self) -> int:
        """Of all that is kept."""
        given = [tensor for tensor, _ in self._taps.values()]
        given += [tensor for tensor in (self._embedding, self._logits) if tensor is not None]
        return sum(tensor.numel() * tensor.element_size() for tensor in given)

    def out(self, group: str) -> Tensor:
        """The output of a group, (B, C, H, W) or (B, D); LookupError if it was not asked for."""
        return self._read(TapPoint(group, "out"))

    def pre(self, group: str) -> Tensor:
        """The pre-ReLU point of a group, same shapes; LookupError if it was not asked for."""
        return self._read(TapPoint(group, "pre"))

    def first(self, group: str) -> Tensor:
        """What the first layer of a group gives, same shapes; LookupError if it was not asked for."""
        return self._read(TapPoint(group, "first"))

    def block(self, name: str) -> Tensor:
        """What the block of this name gives, same shapes; LookupError if it was not asked for."""
        return self._read(TapPoint(name, "block"))

    def _read(self, tap_point: TapPoint) -> Tensor:
        if tap_point not in self._taps:
            raise LookupError(f"{tap_point.kind} of {tap_point.group} was not read")
        tensor, version = self._taps[tap_point]
        if _version(tensor) != version:
            raise RuntimeError(f"{tap_point.kind} of {tap_point.group} was changed in place after it was read")
        return tensor.float()


class TapReader:
    """Hooks on the wanted taps of one network, placed once and silent except within :meth:`run`.

    Several readers may sit on one network, and a network may be called without any of them noticing.
    In-place activations of the body are made plain: they would turn a pre-ReLU point into a post-ReLU one.

    Example:
        >>> reader = TapReader(network, refs, full=False)
        >>> reader.run(pictures).pre("group2")
        >>> reader.close()

    Args:
        network: whose taps.
        wanted: which; repeats are read once.
        class_order: for every class of the data its column in the network's logits; the logits come as they are without.
        full: run to the logits. Otherwise a pass ends behind its last wanted tap: what follows neither runs nor
            updates its batch norms, and with nothing wanted nothing runs.

    Raises:
        KeyError: the network has no such group.
        ValueError: the group has no such point.
    """

    def __init__(
        self, network: Network, wanted: Iterable[Wanted], *, full: bool = True, class_order: Tensor | None = None
    ) -> None:
        self.network = network
        self.full = full
        self._class_order = class_order
        self._running: NetworkOutputs | None = None
        self._calls: Counter[TapPoint] = Counter()
        self._handles: list[RemovableHandle] = []
        self._tap_points: tuple[TapPoint, ...] = tuple(dict.fromkeys(TapPoint(ref.group, ref.kind) for ref in wanted))
        points = [_point(network, tap_point) for tap_point in self._tap_points]
        for module in network.body.modules():
            if getattr(module, "inplace", False):
                setattr(module, "inplace", False)  # noqa: B010 - known to torch's activations, not to nn.Module
        for tap_point, point in zip(self._tap_points, points, strict=True):
            self._add_hook(point, self._keep(tap_point, point))
        if full:
            self._add_hook(Point(network.anatomy.head, "in"), self._keep_embedding)

    def run(self, x: Tensor) -> NetworkOutputs:
        """One forward pass on pictures in [0, 1], (B, C, H, W), or points (B, D)."""
        outer, outputs = (self._running, self._calls), NetworkOutputs(self._class_order)
        self._running, self._calls = outputs, Counter()
        try:
            if self.full:
                outputs._logits = self.network(x)
            elif self._tap_points:
                self.network(x)
        except _LastTapReached:
            pass
        finally:
            self._running, self._calls = outer
        return outputs

    def close(self) -> None:
        """Remove the hooks."""
        for handle in self._handles:
            handle.remove()
        self._handles.clear()

    def __enter__(self) -> TapReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _add_hook(self, point: Point, keep: Callable[[Tensor], None]) -> None:
        module = self.network.body.get_submodule(point.module)
        if point.side == "in":

            def before(_module: nn.Module, inputs: tuple[Any, ...]) -> None:
                keep(inputs[0])

            self._handles.append(module.register_forward_pre_hook(before))
        else:

            def after(_module: nn.Module, _inputs: tuple[Any, ...], output: Tensor) -> Tensor | None:
                keep(output)
                return output.clone() if point.overwritten and self._running is not None else None

            self._handles.append(module.register_forward_hook(after))

    def _keep(self, tap_point: TapPoint, point: Point) -> Callable[[Tensor], None]:
        def keep(tensor: Tensor) -> None:
            outputs = self._running
            if outputs is None:
                return
            self._calls[tap_point] += 1
            if self._calls[tap_point] != point.call + 1:
                return
            tensor = tensor if point.tokens is None else point.tokens(tensor)
            outputs._taps[tap_point] = (tensor, _version(tensor))
            if not self.full and len(outputs._taps) == len(self._tap_points):
                raise _LastTapReached

        return keep

    def _keep_embedding(self, tensor: Tensor) -> None:
        if self._running is not None:
            self._running._embedding = tensor.mean((2, 3)) if tensor.dim() == 4 else tensor


def _point(network: Network, tap_point: TapPoint) -> Point:
    group, kind = tap_point
    if kind == "block":
        return network.block_end(group)
    tap = network.anatomy.tap(group)
    point = {"out": tap.out, "pre": tap.pre, "first": tap.first}[kind]
    if point is None:
        missing = "pre-ReLU point" if kind == "pre" else "first of several layers"
        raise ValueError(f"{network.key} has no {missing} at {group}")
    return point


def _joined(parts: Sequence[Tensor | None]) -> Tensor | None:
    known = [part for part in parts if part is not None]
    return torch.cat(known) if known else None


def _version(tensor: Tensor) -> int:
    """How often ``tensor`` was written to; inference tensors do not count."""
    return 0 if tensor.is_inference() else tensor._version
