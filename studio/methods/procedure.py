"""Procedure: a way without gradients - grow a tree, label made-up cases, choose an ensemble - done item by item.

A procedure is named as ``[method] key`` like a method, and is a run of its own: a step of a system, see
:class:`studio.systems.base.ProcedureStep`. ``training`` runs it: between two items it can be paused and stopped, its
state is kept in the run's folder, and killed and gone on with it makes the same bytes as undisturbed. For that

* an item takes no longer than five seconds on two cores, so that no more is ever lost, and no less than a few
  milliseconds, for each is told as an event;
* all chance comes from :meth:`ProcedureInputs.generator`, named by the item, never from a generator that goes on from
  item to item;
* what an item needs of those before it stands in :meth:`ProcedureWork.state_dict`;
* items that do not need each other go through :meth:`Workers.map`, each on one core with one thread. Their results come
  in the order of the items, so that no number depends on how many cores there are.

Example:
    A procedure that draws made-up points and asks the teacher about them, a thousand an item::

        class LabelSettings(MethodSettings):
            cases: int = setting(10_000, ge=1, le=1_000_000, description="Points to make up", label="Cases")

        class LabelledCases(Procedure[LabelSettings]):
            key, title, words = "label_cases", "Labelled cases", "A teacher answers made-up points."
            source = Source("Buciluǎ et al.", "KDD 2006", "Model compression", year=2006)
            needs = Needs(teacher=True, same_classes=True)
            Settings = LabelSettings

            def items(self, settings):
                return -(-settings.cases // 1000)

            def begin(self, settings, inputs):
                return _Labelling(settings.cases, inputs)

        class _Labelling(ProcedureWork):
            def __init__(self, cases, inputs):
                self._cases, self._inputs = cases, inputs
                self._points, self._answers = np.empty((0, 2)), np.empty((0, 2))

            def run(self, workers):
                teacher, items = self._inputs.teacher, -(-self._cases // 1000)
                for item in range(len(self._points) // 1000, items):
                    points = self._inputs.generator("cases", item).normal(size=(1000, 2)).astype(np.float32)
                    self._points = np.concatenate([self._points, points])
                    self._answers = np.concatenate([self._answers, teacher.probabilities(points)])
                    yield ItemDone(item=item + 1, items=items, words=text("{n} cases have answers.", n=len(self._points)))

            def state_dict(self):
                return {"points": self._points, "answers": self._answers}

            def load_state_dict(self, state):
                self._points, self._answers = state["points"], state["answers"]

            def result(self):
                return ProcedureResult(arrays=self.state_dict())

        catalog.register("procedure", LabelledCases())

    Members of a library, each fitted by a function at the top of its file, may be fitted side by side::

        left = self._recipes[len(self._fitted):]
        for fitted in workers.map(fit, left):
            self._fitted.append(fitted)
            yield ItemDone(item=len(self._fitted), items=len(self._recipes), words=fitted.words, numbers=fitted.numbers)
"""

from __future__ import annotations

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from studio.core.arrays import Arrays
from studio.core.score import Score
from studio.core.score_scale import ACCURACY_SCALE, ScoreScale
from studio.core.workers import Workers
from studio.data.base import Dataset
from studio.events import ItemDone
from studio.methods.entry import Aspects, MethodEntry, MethodSettings, S
from studio.methods.needs import Needs
from studio.models.base import Model


@dataclass(frozen=True)
class ProcedureInputs:
    """What a procedure works with; nothing of it changes.

    Attributes:
        dataset: the data of the run, split as for a training. Of the test part it learns nothing: nothing is chosen on
            it. Its rows are there to be measured by.
        seed: of the run.
        teacher: the finished model that it asks, its answers in the order of the data's classes; None without one.
        uses: what earlier procedures made, by the name a step gives it: see :attr:`ProcedureStep.uses
            <studio.systems.base.ProcedureStep.uses>`.
    """

    dataset: Dataset
    seed: int
    teacher: Model | None = None
    uses: Mapping[str, Arrays] = field(default_factory=dict)

    def generator(self, *name: str | int) -> np.random.Generator:
        """A generator of its own for whatever ``name`` names: ``generator("cases", item)``; the same at every call."""
        digest = hashlib.sha256(repr(name).encode()).digest()
        return np.random.default_rng([self.seed, int.from_bytes(digest[:8], "little")])


@dataclass(frozen=True)
class ProcedureResult:
    """What a procedure has made.

    Attributes:
        arrays: kept as ``arrays.npz`` in the run's folder, for later steps and for views.
        model: kept as what the run has learnt, and tested; None where it made none.
        scores: further figures by name, beside what testing the model gives.
    """

    arrays: Arrays = field(default_factory=dict)
    model: Model | None = None
    scores: Mapping[str, Score] = field(default_factory=dict)


class ProcedureWork(ABC):
    """One execution of a procedure: what it has come to so far."""

    @abstractmethod
    def run(self, workers: Workers) -> Iterator[ItemDone]:
        """Work on the items that are left, and tell each when it is done.

        At every ``yield`` the state holds this item and none after it. What follows a yield may never come: a stopped
        run closes the generator there.
        """

    @abstractmethod
    def state_dict(self) -> dict[str, np.ndarray]:
        """All that the items so far have brought. It is written whole every few seconds: keep it below 100 MB."""

    @abstractmethod
    def load_state_dict(self, state: Arrays) -> None:
        """Go on from what :meth:`state_dict` gave, with the same settings and inputs.

        Raises:
            KeyError, ValueError, IndexError, TypeError: it is not a state of this work, which then begins anew.
        """

    @abstractmethod
    def result(self) -> ProcedureResult:
        """What was made, when all items are done. May take as long as an item."""


class Procedure(MethodEntry[S]):
    """A named way without gradients. One file a procedure; see :mod:`studio.methods.procedure` for how one is written."""

    compares = "nothing"
    aspects = Aspects("none", "none", "none", "none")
    needs = Needs(teacher=False)
    weighs_labels = False
    #: About how long an item takes on one core, for forecasts.
    item_seconds: float = 1.0

    def trains(self, teacher: str) -> bool:
        """It has items, not epochs."""
        del teacher
        return False

    def brings_terms(self, settings: S) -> bool:
        """It needs no labels to have something to do."""
        del settings
        return True

    @abstractmethod
    def items(self, settings: S) -> int:
        """How many items are expected, at least 1, for bands and time left; events say how many there really are."""

    def headline(self, settings: S) -> ScoreScale:
        """The score that counts: the accuracy, another that can be measured on the answers of the model, or one of its own."""
        del settings
        return ACCURACY_SCALE

    def side_by_side(self, settings: S, inputs: ProcedureInputs) -> bool:
        """Whether :meth:`Workers.map` gives its items to processes of their own, one a core. What comes out is the same.

        Worth it where all of them take some seconds: a process takes two to begin, but works outside the interpreter's
        lock, for which a window would wait.
        """
        del settings, inputs
        return False

    @abstractmethod
    def begin(self, settings: S, inputs: ProcedureInputs) -> ProcedureWork:
        """The work before its first item; a pure function, and quick.

        Raises:
            StudioError: it cannot be done with these inputs.
        """


AnyProcedure = Procedure[MethodSettings]
"""A procedure found by its key. It is given what its own ``Settings`` make, of which nothing but that is known."""
