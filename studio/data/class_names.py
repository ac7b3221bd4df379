"""Names of classes as folders spell them: which are one, which only look it, and how those are shown that are no text.

Two spellings of one text are one class: systems differ in whether an accent is a letter of its own (NFD, as macOS writes
it) or part of its letter (NFC). Whatever else differs keeps classes apart, and is told where it can hardly be seen.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

from studio.core.picture_scan import NAMED, NameFinding, NameRemark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

#: Bytes that are no UTF-8, as Python keeps them in names of files.
_NO_TEXT = re.compile("[\udc80-\udcff]")
#: What would break a line, steer a terminal, or turn the order of letters round.
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
#: Groups of like names told of one finding.
_GROUPS = 20


def same_class(name: str) -> str:
    """What two names have in common exactly if they are names of one class: the composed form (NFC).

    Example:
        >>> same_class("cafe\u0301") == same_class("caf\u00e9")
        True
    """
    return unicodedata.normalize("NFC", name)


def printable(name: str) -> str:
    """A name of a file or folder that can be written anywhere: a byte that is no text stands as ``\\xff``."""
    if name.isascii() and name.isprintable():
        return name
    escaped = _NO_TEXT.sub(lambda found: f"\\x{ord(found[0]) - 0xDC00:02x}", name)
    escaped = _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), escaped)
    return escaped.encode("utf-8", "backslashreplace").decode("utf-8")


def shown_names(names: Iterable[str]) -> dict[str, str]:
    """Each name as :func:`same_class` gives it, and how it is shown: no two alike."""
    shown: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(names):
        words = once = printable(name)
        number = 1
        while words in taken:  # a folder may be called \xe9, another have that byte in its name
            number += 1
            words = f"{once} ({number})"
        shown[name] = words
        taken.add(words)
    return shown


def name_remarks(
    shown: Mapping[str, str], spellings: Mapping[str, Sequence[str]], parts: Iterable[str]
) -> list[NameRemark]:
    """What a person should know about the names of classes.

    Args:
        shown: of all classes, as :func:`shown_names` gives it.
        spellings: of each class, the names of its folders.
        parts: names, in small letters, that parts of data have.
    """
    parts = set(parts)
    remarks = [
        _remark("accents", [shown[name] for name, folders in spellings.items() if len(set(folders)) > 1]),
        *_groups("capitals", shown, str.lower),
        *_groups("look_alike", shown, _looks),
        _remark("not_text", [words for name, words in shown.items() if _NO_TEXT.search(name)]),
        _remark("part", [words for name, words in shown.items() if name.casefold() in parts]),
    ]
    return [remark for remark in remarks if remark.count]


def _remark(finding: NameFinding, names: Sequence[str]) -> NameRemark:
    return NameRemark(finding, tuple(sorted(names)[:NAMED]), len(names))


def _groups(finding: NameFinding, shown: Mapping[str, str], key: Callable[[str], str]) -> list[NameRemark]:
    """A remark for each group of names that have the key in common; those that differ in capitals alone are one group."""
    groups: dict[str, list[str]] = defaultdict(list)
    for name in shown:
        groups[key(name)].append(name)
    told = [group for group in groups.values() if len(group) > 1]
    if key is not str.lower:
        told = [group for group in told if len({name.lower() for name in group}) > 1]
    return [_remark(finding, [_quoted(shown[name]) for name in group]) for group in told[:_GROUPS]]


def _looks(name: str) -> str:
    """What is seen of a name: without spaces at its ends, invisible signs, and special forms of letters."""
    visible = "".join(sign for sign in name if unicodedata.category(sign) not in ("Cf", "Cc"))
    return " ".join(unicodedata.normalize("NFKC", visible).split()).casefold()


def _quoted(name: str) -> str:
    """With marks around it where spaces or invisible signs would not be seen otherwise."""
    seen = "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in name)
    return seen if seen == " ".join(seen.split()) else f"“{seen}”"
