"""Learners that are no networks, as they are chosen on a card: trees, one or many."""

from __future__ import annotations

from dataclasses import dataclass

from studio import catalog
from studio.core.message import translatable
from studio.models.voting_trees import Voting


@dataclass(eq=False)
class Learner:
    """What can be named as ``[teacher]`` or ``[student] key`` where the method works with rows of tables.

    Attributes:
        words: one sentence for its card.
        voting: how its trees come to differ; None of a single one.
    """

    key: str
    title: str
    words: str
    voting: Voting | None = None
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
        "boosted-trees",
    ),
    Learner(
        "bagged-trees",
        translatable("Bagged trees"),
        translatable("Trees that vote, each fitted to rows drawn anew."),
        "bagged-trees",
    ),
    Learner(
        "forest",
        translatable("Random forest"),
        translatable("Trees that vote; each asks about columns drawn at random."),
        "forest",
    ),
    Learner("tree", translatable("One tree"), translatable("Questions about single columns, one after the other.")),
)
for learner in LEARNERS:
    catalog.register("learner", learner)
