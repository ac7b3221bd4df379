"""A run as the dock at the side shows it, in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Section = tuple[str, Sequence[tuple[str, str]]]
"""A heading and its (name, value) pairs, both already translated; without a name, the value is a sentence of its own."""


@dataclass(frozen=True)
class RunDetails:
    """A run in words: what was picked, what was reached, and what the person wrote on it."""

    run: str
    name: str
    sentence: str = ""
    sections: Sequence[Section] = ()
    tags: Sequence[str] = ()
    notes: str = ""
