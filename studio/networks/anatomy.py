"""The parts and taps of a network, read from its blocks: nothing else says where they are."""

from __future__ import annotations

from collections.abc import Sequence

from studio.networks.base import Anatomy, Point, Tap
from studio.networks.block_modules import opening_norm
from studio.networks.blocks import Block
from studio.networks.body import Body


def anatomy_of(body: Body) -> Anatomy:
    """Groups as parts, the end of each as its tap, the classifier as head.

    Where a block hands on a raw sum, the batch norm and ReLU that open the block behind it finish its group: they make
    its ``pre`` and belong to its part (METHODS 0.1, pre-activation networks).
    """
    groups = list(dict.fromkeys(block.group for block in body.blocks))
    parts: dict[str, list[str]] = {group: [] for group in groups}
    for block, names in zip(body.blocks, body.calls, strict=True):
        parts[block.group].extend(names)
    taps: list[Tap] = []
    for index, block in enumerate(body.blocks[:-1]):
        behind = body.blocks[index + 1]
        if behind.group == block.group or block.group in ("head", "members"):
            continue
        members = [each for each in body.blocks if each.group == block.group]
        opening = opening_norm(behind) if hands_on_raw(block) else None
        parts[block.group].extend(opening or ())
        taps.append(_tap(members, body.calls[index][-1], opening[0] if opening else None))
    return Anatomy({group: tuple(names) for group, names in parts.items()}, tuple(taps), head=body.calls[-1][-1])


def hands_on_raw(block: Block) -> bool:
    """Whether a block hands on values that no ReLU has seen."""
    return block.pre_activation or block.kind in ("dense", "transition", "pyramid", "pyramid_bottleneck", "inverted")


def _tap(members: Sequence[Block], out: str, opening: str | None) -> Tap:
    """The end of a group made of ``members``; ``opening`` is the batch norm behind it where its sum is raw."""
    last, first = members[-1], _first(members)
    name = last.name
    if hands_on_raw(last):
        return Tap(last.group, Point(out), Point(opening) if opening else None, norm=opening, first=first)
    if last.pieces > 1:  # no ReLU: the largest of several is what a unit gives, before and after
        return Tap(last.group, Point(out), None, first=first)
    match last.kind:
        case "basic":
            pre, norm = Point(f"{name}.relu2", "in"), f"{name}.bn2"
        case "bottleneck" | "grouped" | "shuffle":
            pre, norm = Point(f"{name}.relu3", "in"), f"{name}.bn3"
        case "plain" | "local" | "split":
            return Tap(last.group, Point(out), Point(f"{name}.relu", "in"), first=first)
        case "separable":
            pre, norm = Point(f"{name}.bn2"), f"{name}.bn2"
        case "linear":
            made_by = f"norms.{name.partition('.')[2]}" if last.norm else None
            return Tap(last.group, Point(out), Point(made_by or name), norm=made_by)
        case _:
            norm = "bn1" if last.kind == "stem" else f"{name}.bn"
            pre = Point(norm)
    return Tap(last.group, Point(out), pre, norm=norm, first=first)


def _first(members: Sequence[Block]) -> Point | None:
    """What the first layer of a group gives, where it is not the last and has its shape."""
    first = members[0]
    if first.width != members[-1].width:
        return None
    if first.kind == "basic":
        return Point(f"{first.name}.relu2" if first.pre_activation else f"{first.name}.relu1")
    return Point(first.name) if first.kind in ("conv", "plain", "separable") and len(members) > 1 else None
