"""Words that somebody gave - names of runs, classes, files - as they may be shown: no sign in them does anything.

A terminal obeys escape codes; signs of writing direction let a name look like another one, or reorder what stands beside it.
"""

from __future__ import annotations

import unicodedata

#: Stands for a sign that is not shown.
REPLACED = "\N{REPLACEMENT CHARACTER}"
#: Letters of a name that are shown where it stands in a line.
LONGEST_NAME = 200
_KEPT = "\n\t"
_SPACES = str.maketrans("\n\r\t\v\f\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}\N{NEXT LINE}", " " * 8)
#: What stands between our own numbers and their units, which Python does not count among what is printable.
_OUR_SPACE = "\N{NO-BREAK SPACE}"
#: Joiners within words of some scripts and within emoji, the soft hyphen, and marks of direction, which reach no further
#: than the letters beside them.
_HARMLESS = "\u200c\u200d\u00ad\u200e\u200f\u061c"
_PICTURES = 0x2400  # the signs that stand for control signs: ␛ for escape


def printable(words: str) -> str:
    """The same words with what is not printable made visible; ends of lines and tabs stay."""
    if words.isprintable() or words.replace(_OUR_SPACE, " ").isprintable():
        return words
    hidden = {ord(sign): _stand_in(sign) for sign in set(words) if not _is_shown(sign)}
    return words.translate(hidden) if hidden else words


def one_line(words: str, most: int = LONGEST_NAME) -> str:
    """The same on one line: ends of lines and tabs become spaces, and of a very long text the beginning is shown."""
    line = words if len(words) <= most else words[: most - 1] + "…"
    if line.isprintable():  # no ends of lines either; asked for every cell of ten thousand runs
        return line
    return printable(line.translate(_SPACES))


def _is_shown(sign: str) -> bool:
    return sign in _KEPT or sign in _HARMLESS or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Zl", "Zp")


def _stand_in(sign: str) -> str:
    code = ord(sign)
    if code < 0x20:
        return chr(_PICTURES + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else REPLACED
