"""Learners that are no networks, as they are chosen on a card: trees, one or many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from studio import catalog
from studio.core.message import translatable


@dataclass(eq=False)
class Learner:
    """What can be named as ``[teacher]`` or ``[student] key`` where the method works with rows of tables.

    Attributes:
        words: one sentence for its card.
        procedure: the key of the procedure that fits it, and what it is told.
        teaches: whether it is offered as a teacher; as a student otherwise.
    """

    key: str
    title: str
    words: str
    procedure: str
    settings: Mapping[str, str] = field(default_factory=dict)
    teaches: bool = True
    #: Like networks that begin as themselves.
    made_from_teacher: bool = False

    def members(self) -> tuple[str, ...]:
        return (self.key,)

    def matches(self, key: str) -> bool:
        return key == self.key

    def name(self, key: str) -> str:
        """What it is called: its title."""
        del key
        return self.title


LEARNERS = (
    Learner(
        "boosted-trees",
        translatable("Boosted trees"),
        translatable("Trees that vote, each fitted to the rows that those before it were wrong on."),
        "fit_trees",
        {"how": "boosted-trees"},
    ),
    Learner(
        "bagged-trees",
        translatable("Bagged trees"),
        translatable("Trees that vote, each fitted to rows drawn anew."),
        "fit_trees",
        {"how": "bagged-trees"},
    ),
    Learner(
        "forest",
        translatable("Random forest"),
        translatable("Trees that vote; each asks about columns drawn at random."),
        "fit_trees",
        {"how": "forest"},
    ),
    Learner(
        "library",
        translatable("Library of learners"),
        translatable("Learners of ten kinds, of which those were chosen that are right together."),
        "fit_library",
    ),
    Learner(
        "tree",
        translatable("One tree"),
        translatable("Questions about single columns, one after the other."),
        "fit_cart",
        teaches=False,
    ),
)
for learner in LEARNERS:
    catalog.register("learner", learner)
