"""What a model is: whatever answers inputs with probabilities, and can be measured, described, kept and asked to teach."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from studio.core.message import Text
from studio.core.score import Score
from studio.core.workers import Workers

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True)
class ModelSize:
    """How large a model is.

    Attributes:
        parameters: numbers it has learnt; of a tree the thresholds of its splits and the answers of its leaves.
        nodes: of its trees together; 0 where it has none.
        bytes: of its file, without what describes it.
    """

    parameters: int
    nodes: int = 0
    bytes: int = 0


class Model(Protocol):
    """What run results, measuring, exports and teaching speak to, whatever kind it is. Nothing of it changes any more.

    How it is read back from a file says its :class:`ModelKind`.
    """

    @property
    def key(self) -> str:
        """What it was built from, in the words of the catalogue: ``wrn-16-2``, ``tree``."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of its classes, in the order of its answers."""

    @property
    def scores(self) -> Mapping[str, Score]:
        """What was measured of it on the test part, by name; empty before that."""

    @property
    def size(self) -> ModelSize:
        """How large it is."""

    @property
    def milliseconds(self) -> float:
        """For one input at a time on this machine: the median of repeated answers."""

    def probabilities(self, inputs: np.ndarray) -> np.ndarray:
        """Its answers.

        Args:
            inputs: pictures in [0, 1], (B, C, H, W), or points or rows, (B, D); float32.

        Returns:
            (B, K) float32, every row of sum 1, in the order of :attr:`classes`. Row by row the same whatever B is, but
            for rounding.
        """

    def describe(self) -> Text:
        """In a few words for cards and lists: "WRN-16-2, 175 k parameters"."""

    def save(self, file: Path) -> None:
        """Write it to ``file``, whole or not at all, so that reading it executes nothing.

        Raises:
            NotWritten: it cannot be written; an old file is intact.
        """


@runtime_checkable
class FittedAgain(Protocol):
    """A model that is kept as recipes: before it can be asked, its members are fitted again. Asked, it does that itself.

    Who can tell, pause or stop meanwhile has them fitted before.
    """

    @property
    def members_left(self) -> int:
        """How many are not fitted yet."""

    @property
    def takes_long(self) -> bool:
        """Whether fitting these takes some seconds, so that processes of their own are worth it."""

    def fit_members(self, workers: Workers) -> Iterator[Text]:
        """Fit those that are left; the kind of each in words when it is done. What was fitted before a break is kept."""

    @property
    def changed_members(self) -> int:
        """How many of those that are fitted answer otherwise than when the model was kept."""


class ModelKind(ABC):
    """How models of one kind are read back from their files; one file a kind, registered as ``"model"`` in the catalogue.

    The file says which kind it holds, see :mod:`studio.models.files`.
    """

    key: str
    title: str
    #: One sentence in plain words.
    words: str

    def members(self) -> tuple[str, ...]:
        return (self.key,)

    def matches(self, key: str) -> bool:
        return key == self.key

    def name(self, key: str) -> str:
        """The written name of a model of this kind with this :attr:`Model.key`."""
        del key
        return self.title

    @abstractmethod
    def read(self, file: Path, scores: Mapping[str, Score]) -> Model:
        """The model in ``file``, answering bit for bit as the one that was saved. Runs no code of the file.

        Args:
            scores: what is known of it, by name.

        Raises:
            StudioError: the file is missing, broken, foreign, or of another kind.
        """
