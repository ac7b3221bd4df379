"""Which blocks of a network are exchanged for what: a plan for any network, written as ``conv-0.4`` or group by group."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from studio.core.errors import StudioError
from studio.core.message import Text, text
from studio.networks.blocks import Block
from studio.networks.exchange import KIND_WORDS, Target, TargetKind, exchange_refusal

_KEEP = "keep"
_ENTRY = r"(?:keep|(?:conv|basic|bottleneck)(?:-(?:1|0\.[0-9]{0,2}[1-9]))?)"
#: How a plan is written: ``conv``, ``basic-0.2``, or one for each group from below, ``conv-0.5,conv-0.5,keep``.
PLAN_PATTERN = rf"{_ENTRY}(?:,{_ENTRY}){{0,19}}"


@dataclass(frozen=True)
class RecastPlan:
    """What the blocks of each group become.

    Attributes:
        entries: one for all groups, or one for each group from below; None keeps a group as it is.

    Example:
        >>> RecastPlan.parse("conv-0.5,keep")
        RecastPlan(entries=(Target(kind='conv', ratio=0.5), None))
        >>> str(RecastPlan((Target("basic"),)))
        'basic-1'
    """

    entries: tuple[Target | None, ...]

    @classmethod
    def parse(cls, written: str) -> RecastPlan:
        """The plan that ``str`` of one gave, or a person wrote.

        Raises:
            ValueError: it is none.
        """
        if re.fullmatch(PLAN_PATTERN, written) is None:
            raise ValueError(f"{written!r} is no plan of blocks")
        return cls(tuple(map(_entry, written.split(","))))

    def __str__(self) -> str:
        return ",".join(_KEEP if entry is None else f"{entry.kind}-{entry.ratio:g}" for entry in self.entries)

    @property
    def words(self) -> str:
        """In words, for the title of a network: ``convolution × 0.4``."""
        return ", ".join(map(_words, self.entries))

    def targets(self, blocks: Sequence[Block]) -> dict[int, Target]:
        """What each block becomes, by its index, from below. Stems, transitions and what ends a network stay.

        Raises:
            StudioError: no block can become what is asked, or the plan is for another number of groups.
        """
        groups = list(dict.fromkeys(block.group for block in blocks if block.group.startswith("group")))
        if len(self.entries) not in (1, len(groups)):
            raise StudioError(
                "The blocks cannot be recast as planned.",
                "The plan names {planned} groups, and the network has {groups}.",
                "Name what each of its groups becomes, or one thing for all of them.",
                planned=len(self.entries),
                groups=len(groups),
            )
        by_group = dict(zip(groups, self.entries * (len(groups) if len(self.entries) == 1 else 1), strict=True))
        wanted = {index: target for index, block in enumerate(blocks) if (target := by_group.get(block.group))}
        found = {index: target for index, target in wanted.items() if exchange_refusal(blocks[index], target) is None}
        if not found:
            raise StudioError("No block of this network can be recast so.", self._why(blocks, wanted))
        return found

    def _why(self, blocks: Sequence[Block], wanted: dict[int, Target]) -> Text:
        if any(blocks[index].kind == "linear" for index in wanted):
            return Text("It is made of linear layers; only blocks of convolutions are recast. Choose another teacher.")
        for index, target in wanted.items():
            refusal = exchange_refusal(blocks[index], target)
            if refusal is not None:
                return text("{reason} Choose another kind of new blocks, or another teacher.", reason=refusal)
        return Text("It has no such blocks, or all are to be kept. Choose another teacher, or another plan.")


def _entry(written: str) -> Target | None:
    if written == _KEEP:
        return None
    kind, _, ratio = written.partition("-")
    return Target(cast("TargetKind", kind), float(ratio or 1))


def _words(entry: Target | None) -> str:
    if entry is None:
        return "kept"
    return f"{KIND_WORDS[entry.kind]}{f' × {entry.ratio:g}' if entry.ratio != 1 else ''}"
