"""How classes and groups of layers are called."""

from __future__ import annotations

from studio.core.format import percent
from studio.core.printable import one_line


def group_name(group: str) -> str:
    """ "group1" as it is shown: "Group 1"."""
    word = group.rstrip("0123456789")
    return f"{word.replace('_', ' ').strip().capitalize()} {group[len(word) :]}".strip()


def group_of_block(block: str) -> tuple[str, int | None]:
    """A block's name in parts, its number counted from 1: "group1.0" is ("group1", 1); of a group's only block None."""
    group, _, number = block.partition(".")
    return group, int(number) + 1 if number.isdigit() else None


def class_name(classes: tuple[str, ...], index: int) -> str:
    """The name of a class, its number where it has none."""
    return one_line(classes[index]) if index < len(classes) else str(index)


def answer(classes: tuple[str, ...], index: int, share: float) -> str:
    """A class with its probability: "horse 98 %"; a class that is called by a number stands in quotes: "“5” 80 %"."""
    name = class_name(classes, index)
    quoted = f"“{name}”" if name[-1:].isdigit() else name
    return f"{quoted} {percent(float(share), 0)}"
