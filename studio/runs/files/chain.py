"""The trainings of a run that takes several: ``chain.json`` of the parent."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, Field

from studio.core.ensemble_keys import Mean
from studio.core.score import Score
from studio.core.score_scale import ACCURACY
from studio.runs.files.folder import RunFolder, read_document, write_document
from studio.runs.files.summary import Accuracy

#: Figures of one model.
MOST_SCORES = 100


class ChainStep(BaseModel):
    """A finished step.

    Attributes:
        role: what its model is in the whole: "teacher", "generation 2", ...
        run: its id.
        taught_by: the role of the step that taught it; empty where the chain's own teacher did, or none.
        accuracy: on the test part.
        scores: all that was measured there, by name.
        validation: on the pictures kept back for choosing, a fraction; None where none are.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    role: str
    run: str
    taught_by: str = ""
    accuracy: Accuracy | None = None
    scores: dict[str, Score] = Field(default_factory=dict, max_length=MOST_SCORES)
    validation: float | None = None

    def reached(self, headline: str) -> Score | None:
        """The score of that name; None where it was not measured."""
        return _reached(headline, self.accuracy, self.scores)


class ChainAverage(BaseModel):
    """An ensemble of steps that was measured at the end; ``run`` is the row it has in the table."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    members: tuple[str, ...]
    mean: Mean
    run: str
    accuracy: Accuracy | None = None
    scores: dict[str, Score] = Field(default_factory=dict, max_length=MOST_SCORES)

    def reached(self, headline: str) -> Score | None:
        """The score of that name; None where it was not measured."""
        return _reached(headline, self.accuracy, self.scores)


class Chain(BaseModel):
    """``chain.json``.

    Attributes:
        planned: the roles that were expected when the chain began.
        steps: finished ones, in order.
        result: the role of the step whose model counts; empty before it is known.
        headline: the name of the score that counts, as that step has it.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    schema_version: int = 1
    planned: tuple[str, ...] = ()
    steps: tuple[ChainStep, ...] = ()
    averages: tuple[ChainAverage, ...] = ()
    result: str = ""
    headline: str = ACCURACY

    def step(self, role: str) -> ChainStep | None:
        """The finished step of a role, None where there is none."""
        return next((step for step in self.steps if step.role == role), None)

    @property
    def runs(self) -> tuple[str, ...]:
        """The ids of all it is made of."""
        return (*(step.run for step in self.steps), *(average.run for average in self.averages))


def _reached(headline: str, accuracy: Accuracy | None, scores: Mapping[str, Score]) -> Score | None:
    if headline == ACCURACY:
        return accuracy.score() if accuracy is not None else None
    return scores.get(headline)


def read_chain(folder: RunFolder) -> Chain | None:
    """The chain of a parent; None where a run is one training, or its file cannot be read."""
    return read_document(folder.chain, Chain)


def write_chain(folder: RunFolder, chain: Chain) -> None:
    """Keep a chain, whole or not at all.

    Raises:
        NotWritten: there is no space, or no right to write; the old file is intact.
    """
    write_document(folder.chain, chain)
