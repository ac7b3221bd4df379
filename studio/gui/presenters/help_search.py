"""Finds words in the help pages, as they are written in resources/help."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from studio.gui.text.glossary import plain_words

#: Places that are told at most; more are no answer.
MOST = 25
#: Letters of a place that are told around what was found.
AROUND = 60
#: The page that tells in short what other pages explain: what is found there comes last.
NEWS = "whats-new"
_HEADING = re.compile(r"^(#{1,3}) +(.+?)\s*$", re.MULTILINE)
_CELLS = re.compile(r"^\|(.*)\|\s*$", re.MULTILINE)
_NO_PROSE = re.compile(r"^[|>].*$", re.MULTILINE)
_NO_TEXT = re.compile(r"!\[[^\]]*\]\([^)]*\)|^@[a-z-]+$|<[^>]+>|^\s*[-|: ]+$|^\s*(?:[->]|\d+\.)\s", re.MULTILINE)


@dataclass(frozen=True)
class HelpHit:
    """A place in the help.

    Attributes:
        page: its name, without its ending.
        title: of the page.
        section: the heading it stands below; empty below the title.
        excerpt: what stands there, in one line, tables and formulas left out; empty where there is nothing else.
    """

    page: str
    title: str
    section: str
    excerpt: str


def search_help(folder: Path, wanted: str) -> list[HelpHit]:
    """The sections in which every word of ``wanted`` stands, at most :data:`MOST`, the best first.

    A word counts from its beginning: "temp" finds "temperature". Titles are better than headings, those than what stands
    below them; a page is better the more words its heading has, then the more often they stand there. What is new comes last,
    unless its title was asked for.
    """
    words = wanted.casefold().split()
    if not words:
        return []
    patterns = [re.compile(rf"\b{re.escape(word)}", re.IGNORECASE) for word in words]
    found = []
    for path in sorted(folder.glob("*.md")):
        try:
            sections = list(_sections(path.read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError):
            continue
        title = sections[0][0] if sections else path.stem
        for number, (heading, text, prose) in enumerate(sections):
            whole = f"{heading} {text}"
            if all(pattern.search(whole) for pattern in patterns):
                named = all(pattern.search(heading) for pattern in patterns)
                times = sum(len(pattern.findall(text)) for pattern in patterns)
                kind = 0 if named and number == 0 else 3 if path.stem == NEWS else 1 if named else 2
                rank = (kind, -sum(bool(one.search(heading)) for one in patterns), -times, path.stem, number)
                hit = HelpHit(path.stem, title, heading if number else "", _excerpt(prose, patterns))
                found.append((rank, hit))
    return [hit for _, hit in sorted(found, key=lambda one: one[0])[:MOST]]


def _sections(markdown: str) -> Iterator[tuple[str, str, str]]:
    """Heading, text, and the text without its tables and formulas, of each section, without marks."""
    headings = list(_HEADING.finditer(markdown))
    ends = [heading.start() for heading in headings[1:]] + [len(markdown)]
    for heading, end in zip(headings, ends, strict=True):
        body = markdown[heading.end() : end]
        yield plain_words(heading[2]), _running_text(body), _running_text(_NO_PROSE.sub("", body))


def _running_text(markdown: str) -> str:
    """One line without marks; the cells of a row of a table with commas between."""

    def row(line: re.Match[str]) -> str:
        return ", ".join(cell.strip() for cell in line[1].split("|") if cell.strip()) + "."

    return plain_words(_CELLS.sub(row, _NO_TEXT.sub(" ", markdown))).replace("`", "")


def _excerpt(text: str, patterns: list[re.Pattern[str]]) -> str:
    """What stands around the first word that was found, cut at words; the beginning where none stands in the text."""
    match = next((found for pattern in patterns if (found := pattern.search(text))), None)
    middle = match.start() if match else 0
    start, end = max(0, middle - AROUND), min(len(text), middle + 2 * AROUND)
    cut = text[start:end]
    if start > 0:
        cut = "… " + cut.partition(" ")[2]
    if end < len(text):
        cut = cut.rpartition(" ")[0] + " …"
    return cut
