"""The procedure that has made-up rows answered by an ensemble out of a library, member by member."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from studio import catalog
from studio.core.arrays import Arrays
from studio.core.errors import StudioError
from studio.core.message import text
from studio.core.workers import Workers
from studio.events import ItemDone
from studio.methods.entry import MethodSettings, Source
from studio.methods.needs import Needs
from studio.methods.procedure import Procedure, ProcedureInputs, ProcedureResult, ProcedureWork
from studio.methods.synthesis.table_matrix import encoded_matrix, off_unit_scale, parts_of
from studio.models.base import Model
from studio.models.class_order import InClassOrder
from studio.models.classic_fit import FittedClassic, is_long
from studio.models.library_model import LibraryModel

#: Rows an item: a support vector machine answers so many in two seconds.
ROWS = 25_000


class LabelCasesSettings(MethodSettings):
    """There is nothing to set."""


class LabelCases(Procedure[LabelCasesSettings]):
    """The mean probabilities of the chosen members on made-up rows."""

    key = "label_cases"
    title = "Answers to made-up rows"
    words = "Let the learners that were chosen answer made-up rows."
    source = Source("Buciluǎ et al.", "KDD 2006", "Model compression", year=2006)
    needs = Needs(same_classes=True, learners=("teacher", "student"))
    item_seconds = 1.0
    Settings = LabelCasesSettings

    def items(self, settings: LabelCasesSettings) -> int:
        del settings
        return 40

    def side_by_side(self, settings: LabelCasesSettings, inputs: ProcedureInputs) -> bool:
        del settings
        library = library_of(inputs.teacher)
        return library is not None and is_long(len(library.recipes), len(library.inputs))

    def begin(self, settings: LabelCasesSettings, inputs: ProcedureInputs) -> ProcedureWork:
        del settings
        return _Labelling(inputs)


@dataclass(frozen=True)
class _Order:
    member: FittedClassic
    cases: np.ndarray


def answers_of(order: _Order) -> np.ndarray:
    """What one member, which is fitted, answers to some rows."""
    return order.member.probabilities(order.cases)


def library_of(teacher: Model | None) -> LibraryModel | None:
    """The library among the kinds of models that answer, in its own order of classes."""
    asked = teacher.model if isinstance(teacher, InClassOrder) else teacher
    return asked if isinstance(asked, LibraryModel) else None


class _Labelling(ProcedureWork):
    def __init__(self, inputs: ProcedureInputs) -> None:
        parts = parts_of(inputs.dataset, LabelCases.title)
        if inputs.teacher is None:
            raise StudioError("Made-up rows need a teacher that answers them.", place="teacher")
        self._library = library_of(inputs.teacher)
        self._teacher, self._classes = inputs.teacher, parts.train.classes
        cases = off_unit_scale(inputs.uses["cases"]["cases"].astype(np.float64), parts.encoding)
        self._inputs = encoded_matrix(cases, parts.encoding)
        self._chunks = [(start, min(start + ROWS, len(cases))) for start in range(0, len(cases), ROWS)]
        self._answers = np.zeros((len(cases), len(parts.train.classes)))
        self._done = 0

    def run(self, workers: Workers) -> Iterator[ItemDone]:
        members = len(self._library.recipes) if self._library is not None else 1
        work = [(member, chunk) for member in range(members) for chunk in self._chunks][self._done :]
        for (_, (start, end)), given in zip(work, self._given(workers, work), strict=True):
            self._answers[start:end] += given
            self._done += 1
            yield ItemDone(
                item=self._done, items=members * len(self._chunks), words=text("{n} parts have answers.", n=self._done)
            )

    def _given(self, workers: Workers, work: list[tuple[int, tuple[int, int]]]) -> Iterator[np.ndarray]:
        """Of a library what its members add one by one, each fitted once for all rows; of another model its answers."""
        library = self._library
        if library is None:
            yield from (self._teacher.probabilities(self._inputs[start:end]) for _, (start, end) in work)
            return
        order = [library.classes.index(name) for name in self._classes]
        members = library.members
        orders = (_Order(members[member], self._inputs[start:end]) for member, (start, end) in work)
        for (member, _), given in zip(work, workers.map(answers_of, orders), strict=True):
            yield library.weights[member] * given[:, order]

    def state_dict(self) -> dict[str, np.ndarray]:
        return {"answers": self._answers, "done": np.array(self._done)}

    def load_state_dict(self, state: Arrays) -> None:
        if state["answers"].shape != self._answers.shape:
            raise ValueError("of other rows")
        self._answers, self._done = state["answers"], int(state["done"])

    def result(self) -> ProcedureResult:
        answers = self._answers.astype(np.float32)
        return ProcedureResult(arrays={"inputs": self._inputs, "answers": answers})


catalog.register("procedure", LabelCases())
