"""What the models of a chain are, as texts for a person: made from their roles, which are keys and stay as they are.

A role is a kind, or a kind and a number: "teacher", "generation 2". The kind is a part of the template, so that translators
meet "generation {n}" once, whatever number it has; ``tests/tools/translatable_texts.py`` asks every system for its kinds.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

from studio.core.message import Text, text
from studio.events import StageBand

#: The role of the student that nobody taught.
ALONE = "alone"
#: Members of an ensemble that are told one by one.
MOST_LISTED = 3
#: A role may be any text of a stranger: a longer number counts nothing.
MOST_DIGITS = 9


def split_role(role: str) -> tuple[str, str]:
    """Its kind and its number, empty where it has none.

    >>> split_role("generation 2"), split_role("teacher")
    (('generation', '2'), ('teacher', ''))
    """
    kind, _, number = role.rpartition(" ")
    return (kind, number) if kind and number.isdecimal() and len(number) <= MOST_DIGITS else (role, "")


def role_text(role: str, *, first: bool = False) -> Text:
    """A role within a sentence.

    Args:
        first: it begins the sentence, or is a title.

    >>> str(role_text("generation 2")), str(role_text("teacher", first=True))
    ('generation 2', 'Teacher')
    """
    kind, number = split_role(role)
    words = "student alone" if role == ALONE else kind
    if not _is_plain(words):  # of a stranger: shown as it stands, and no template
        return text("{role}", role=capitalised(role) if first else role)
    words = capitalised(words) if first else words
    return text(words + " {n}", n=number) if number else Text(words)


def band_text(band: StageBand) -> Text:
    """What a stage is called; one that is a training of a chain by its role."""
    return Text(band.title) if band.taught_by is None else role_text(band.name, first=True)


def step_text(role: str, planned: Iterable[str]) -> Text:
    """A role at the beginning of a sentence, with how many of its kind are planned.

    >>> str(step_text("generation 2", ["teacher", "generation 1", "generation 2", "generation 3"]))
    'Generation 2 of 3'
    """
    kind, number = split_role(role)
    alike = sum(split_role(other)[0] == kind for other in planned)
    if not number or alike < 2 or not _is_plain(kind):
        return role_text(role, first=True)
    return text(capitalised(kind) + " {n} of {count}", n=number, count=alike)


def average_text(members: Sequence[str], *, first: bool = False, most_listed: int = MOST_LISTED) -> Text:
    """What the mean of these roles is called.

    Args:
        first: it begins the sentence, or is a title.
        most_listed: more numbers in a row are told by the first and the last.

    >>> str(average_text(["generation 1", "generation 2", "generation 3"]))
    'mean of generations 1, 2 and 3'
    >>> str(average_text(["teacher", "generation 1", "generation 2"]))
    'mean of teacher and generations 1 and 2'
    >>> str(average_text([f"generation {number}" for number in range(1, 21)], first=True))
    'Mean of generations 1 to 20'
    """
    parts: list[Text] = []
    for kind, group in itertools.groupby(members, key=lambda member: split_role(member)[0]):
        alike = list(group)
        if len(alike) > 1 and _is_plain(kind) and split_role(alike[0])[1]:
            parts.append(
                text(kind + "s {numbers}", numbers=_numbers([split_role(member)[1] for member in alike], most_listed))
            )
        else:
            parts += [role_text(member) for member in alike]
    return text("Mean of {members}" if first else "mean of {members}", members=_listed(parts))


def average_name(members: Sequence[str]) -> str:
    """The role of the mean of these roles: what it is called in English."""
    return str(average_text(members))


def capitalised(words: str) -> str:
    """Words at the beginning of a sentence."""
    return words[:1].upper() + words[1:]


def _is_plain(kind: str) -> bool:
    """Whether a kind is words, with nothing in them that a template would obey."""
    return all(word.isalpha() for word in kind.split(" "))


def _numbers(numbers: Sequence[str], most_listed: int) -> Text:
    begin = int(numbers[0])
    in_a_row = list(numbers) == [str(begin + place) for place in range(len(numbers))]
    if in_a_row and len(numbers) > most_listed:
        return text("{first} to {last}", first=numbers[0], last=numbers[-1])
    return _listed(numbers)


def _listed(words: Sequence[Text | str]) -> Text:
    if len(words) == 1:
        return words[0] if isinstance(words[0], Text) else text("{word}", word=words[0])
    before: Text | str = words[0]
    for word in words[1:-1]:
        before = text("{before}, {word}", before=before, word=word)
    return text("{before} and {last}", before=before, last=words[-1])
