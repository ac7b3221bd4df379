"""Words that are explained where they stand: resources/help/glossary.md, the same text as its page in the help.

A section of the page is an entry: its heading is the word, what stands below is what it means.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from studio.core import resources

#: The page of the help that has all of them.
PAGE = "glossary"
_SECTION = re.compile(r"^## +(?P<word>.+?)\s*$", re.MULTILINE)
_SEE = re.compile(r"\s*\bSee\s+\[[^\]]+\]\([^)]*\)\.")
_LINK = re.compile(r"\[([^\]]+)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(\*{1,2})(.+?)\1")


@dataclass(frozen=True)
class GlossaryEntry:
    """One word.

    Attributes:
        word: as its heading has it.
        text: what it means, without marks of Markdown, one line; "See ..." is left to the page.
    """

    word: str
    text: str


@dataclass(frozen=True)
class GlossarySpan:
    """Where a word stands in a text: from ``start`` up to ``end``."""

    start: int
    end: int
    entry: GlossaryEntry


class Glossary:
    """Finds its words in texts, in the singular or the plural, however they are written."""

    def __init__(self, markdown: str) -> None:
        self.entries = tuple(_entries(markdown))
        self._by_word = {entry.word.casefold(): entry for entry in self.entries}
        longest_first = sorted(self._by_word, key=len, reverse=True)
        words = "|".join(re.escape(word) for word in longest_first)
        self._pattern = re.compile(rf"\b({words})(?:e?s)?\b", re.IGNORECASE) if words else None

    def entry(self, word: str) -> GlossaryEntry | None:
        """The entry of a word as its heading has it, whatever its case; None where there is none."""
        return self._by_word.get(word.casefold())

    def spans(self, text: str) -> list[GlossarySpan]:
        """Each word that stands in a text, where it stands first; in the order of the text."""
        found: dict[str, GlossarySpan] = {}
        for match in self._pattern.finditer(text) if self._pattern else ():
            word = match[1].casefold()
            found.setdefault(word, GlossarySpan(match.start(), match.end(), self._by_word[word]))
        return list(found.values())


@lru_cache(maxsize=1)
def glossary() -> Glossary:
    """The words of the program; none where their page cannot be read."""
    return read_glossary(resources.folder("help") / f"{PAGE}.md")


def read_glossary(path: Path) -> Glossary:
    """The words of a page; none where it cannot be read."""
    try:
        return Glossary(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return Glossary("")


def plain_words(markdown: str) -> str:
    """A paragraph of a help page as one line without its marks: links as their words, nothing set off."""
    unlinked = _LINK.sub(r"\1", markdown)
    return " ".join(_EMPHASIS.sub(r"\2", unlinked).split())


def _entries(markdown: str) -> Iterator[GlossaryEntry]:
    sections = list(_SECTION.finditer(markdown))
    for section, following in itertools.zip_longest(sections, sections[1:]):
        end = following.start() if following is not None else len(markdown)
        yield GlossaryEntry(section["word"], plain_words(_SEE.sub("", markdown[section.end() : end])))
