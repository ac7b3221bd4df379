"""What published codes call the layers of families that the catalogue builds as well."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from studio.networks.blocks import Block

#: Another code's name of a module, or of a single tensor, to ours.
LayerNames = Mapping[str, str]
#: Of a network's blocks the names that each known code gives its layers.
NameSource = Callable[[Sequence[Block]], Iterator[LayerNames]]

_sources: dict[str, NameSource] = {}


def register_names(family: str, source: NameSource) -> None:
    """Make a family's names in other codes known.

    Args:
        family: key of the family in the catalogue.
    """
    _sources[family] = source


def other_names(family: str, blocks: Sequence[Block]) -> list[LayerNames]:
    """All that is known; our own names, which change nothing, come first."""
    source = _sources.get(family)
    return [{}, *(source(blocks) if source is not None else ())]


def renamed(name: str, names: LayerNames) -> str:
    """A tensor's name in ours: by itself, or by the longest known beginning."""
    if name in names:
        return names[name]
    module, leaf = name, ""
    while module:
        module, _, last = module.rpartition(".")
        leaf = f".{last}{leaf}"
        if module in names:
            return names[module] + leaf
    return name


def groups(blocks: Sequence[Block]) -> Iterator[tuple[int, int, str]]:
    """(number of the group from 1, number of the block in it from 0, our name) of the blocks in groups."""
    for block in blocks:
        group, _, number = block.name.partition(".")
        if group.startswith("group") and number:
            yield int(group.removeprefix("group")), int(number), block.name
