"""What can be named as ``[method] key``: its titles, its source, its settings, and what it needs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

from studio.core.message import Text
from studio.methods.needs import Cast, Needs, unmet


class MethodSettings(BaseModel):
    """Settings of a method; every field is a :func:`studio.core.setting_field.setting`."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Source:
    """Where a method was published, and in which year; None where it was not."""

    authors: str
    venue: str
    title: str
    year: int | None = None


Compares = Literal["nothing", "answers", "features", "attention", "relations", "gradients"]
"""What a method compares: answers, features, where they are strong, how pictures relate, slopes by the input; or nothing."""


@dataclass(frozen=True)
class Aspects:
    """The four design aspects of a distillation method (METHODS 0.2)."""

    teacher: str
    student: str
    distance: str
    position: str
    missing: str = ""


@dataclass(frozen=True)
class Suited:
    """The value of a setting that suits a pair and its data, where the published one does not.

    Attributes:
        value: of the setting.
        to: what it suits, in words that follow “Fits”.
    """

    value: float
    to: Text


S = TypeVar("S", bound=MethodSettings)


class MethodEntry(ABC, Generic[S]):
    """What a person picks to teach by: a method, which is one training, or a system, which is several."""

    key: str
    title: str
    #: One sentence in plain words for its card: "Learn how sure the teacher is of every answer, not only which is right."
    words: str
    #: Other names of it, or of what its settings make of it: a search finds it by them.
    also_called: str = ""
    source: Source
    compares: Compares
    aspects: Aspects
    needs: Needs = Needs()
    #: Weight of the label term where the experiment does not say.
    task_weight: float = 1.0
    #: Whether labels are a term among others, so that there is something to weigh.
    weighs_labels: bool = True
    #: How a step of it has a GPU wait for the processor, None where none does.
    waits: Text | None = None
    #: What can be set; its other methods are given one of these.
    Settings: type[S]

    def members(self) -> tuple[str, ...]:
        return (self.key,)

    def matches(self, key: str) -> bool:
        return key == self.key

    def name(self, settings: S) -> str:
        """What a run with these settings is called: the method's title, unless the person gave it a name."""
        del settings
        return self.title

    def trains(self, teacher: str) -> bool:
        """Whether something in it learns step by step: else epochs, batch and learning rate are not asked for.

        Args:
            teacher: key of what was picked as its teacher.
        """
        del teacher
        return True

    def student_network(self, settings: S, teacher: str, student: str) -> str:
        """The key of the network that the student is in the end: the one that was picked, unless the method makes it.

        Args:
            settings: of this method.
            teacher: key of the teacher's network.
            student: key of what was picked as student.
        """
        del settings, teacher
        return student

    def inactive_settings(self, settings: S) -> frozenset[str]:
        """Names of settings that change nothing while the others are as they are: no form need show them."""
        del settings
        return frozenset()

    def suited(self, settings: S, cast: Cast) -> Mapping[str, Suited]:
        """What suits this cast better than the published defaults, by the names of settings that are in force.

        A published weight is for maps of a certain size: where a loss is a mean over their places, it pulls harder on
        smaller ones. Files and the terminal keep what was published; the window proposes these.
        """
        del settings, cast
        return {}

    def refusal(self, settings: S, cast: Cast) -> Text | None:
        """Why this method cannot work with this cast, or None. The default checks what it :meth:`needs <needed>`."""
        return unmet(self.needed(settings), cast)

    def needed(self, settings: S) -> Needs:
        """What must hold with these settings; :attr:`needs` is what must hold with the default ones."""
        del settings
        return self.needs

    @abstractmethod
    def brings_terms(self, settings: S) -> bool:
        """Whether it adds terms of its own: without them only labels teach, and their weight may not be 0."""


AnyEntry = MethodEntry[MethodSettings]
"""An entry found by its key. It is given what its own ``Settings`` make, of which nothing but that is known."""
