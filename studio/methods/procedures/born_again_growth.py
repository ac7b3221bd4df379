"""The procedure that grows a born-again tree: made-up cases, answered by a teacher, level by level; then it is cut back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from studio import catalog
from studio.core.arrays import Arrays
from studio.core.errors import StudioError
from studio.core.message import Text, text
from studio.core.score import Score
from studio.core.setting_field import setting
from studio.core.workers import Workers
from studio.events import ItemDone
from studio.methods.entry import MethodSettings, Source
from studio.methods.needs import Needs
from studio.methods.procedure import Procedure, ProcedureInputs, ProcedureResult, ProcedureWork
from studio.methods.synthesis.born_again_tree import (
    ChosenTree,
    GrowthPlan,
    begin_born_again,
    choose_subtree,
    fit_born_again,
)
from studio.methods.synthesis.node_cases import NodeCases
from studio.methods.synthesis.smearing import smear
from studio.methods.synthesis.table_matrix import encoded_matrix, matrix_of, parts_of, tree_columns
from studio.models.growing_state import pack_growth, unpack_growth
from studio.models.tree_growth import GrownFully
from studio.models.tree_model import TreeModel
from studio.models.tree_pruning import tree_after

#: Levels of a tree that are expected, for forecasts; those of the tables of deck 001 have 12 to 30.
LEVELS = 24
#: Fresh made-up cases on which it is measured how often the tree says what its teacher says, and those kept for views.
FRESH, SHOWN = 5000, 1000
#: Trees of fewer cases that are grown beside it, for views: a quarter each, none above what takes two seconds or below a few.
FEWER, MOST_FEWER, LEAST_FEWER = (4, 16, 64), 5000, 50
#: Trees of the pruning sequence whose test error is told: leaves up to this, doubled step by step.
MOST_MEASURED = 4096


class BornAgainTreeSettings(MethodSettings):
    """Settings of one born-again tree."""

    cases: int = setting(
        20_000,
        ge=100,
        le=200_000,
        description="Rows to make up for the whole tree and have answered by the teacher",
        unit="cases",
        step=5000,
        label="Made-up cases",
    )
    p_alt: float = setting(
        0.25,
        ge=0,
        le=1,
        description="How often a value of a made-up row is taken from another row; at 1 nothing of the rows is left",
        step=0.05,
        label="Share smeared",
    )
    least: int = setting(
        20,
        ge=2,
        le=1000,
        description="Where fewer cases come to a question, new ones are made up that come there",
        unit="cases",
        label="Least cases a node",
    )
    most_leaves: int | None = setting(
        None,
        ge=1,
        le=100_000,
        description="How large the tree may be at the end",
        unit="leaves",
        label="Leaves at most",
        empty="any",
    )
    budget: float = setting(
        1.0,
        ge=0,
        le=20,
        description="How many cases may be made up for single questions, as a multiple of those for the whole tree",
        step=0.5,
        level="expert",
        label="Budget for new cases",
    )


class GrowBornAgain(Procedure[BornAgainTreeSettings]):
    """One tree on what a teacher answers to made-up rows."""

    key = "grow_born_again"
    title = "One tree, born again"
    words = "Make up rows, let the teacher answer them, and fit one tree."
    source = Source("Breiman and Shang", "University of California, Berkeley 1996", "Born again trees", year=1996)
    needs = Needs(same_classes=True, learners=("teacher", "student"))
    item_seconds = 0.3
    Settings = BornAgainTreeSettings

    def items(self, settings: BornAgainTreeSettings) -> int:
        return LEVELS + len([part for part in FEWER if LEAST_FEWER <= settings.cases // part <= MOST_FEWER])

    def begin(self, settings: BornAgainTreeSettings, inputs: ProcedureInputs) -> ProcedureWork:
        return _Growing(settings, inputs)


class _Growing(ProcedureWork):
    def __init__(self, settings: BornAgainTreeSettings, inputs: ProcedureInputs) -> None:
        if inputs.teacher is None:
            raise StudioError("A born-again tree needs a teacher that answers.", place="teacher")
        self._parts = parts_of(inputs.dataset, GrowBornAgain.title)
        self._settings, self._inputs, self._teacher = settings, inputs, inputs.teacher
        self._columns, self._classes = tree_columns(self._parts), self._parts.train.classes
        self._rows = matrix_of(self._parts.train)
        self._growth: tuple[GrownFully, NodeCases] | None = None
        sizes = [settings.cases // part for part in FEWER]
        self._fewer = [size for size in sizes if LEAST_FEWER <= size <= MOST_FEWER]
        self._fewer_wrong: list[float] = []  # on the test part, of the trees of fewer cases that are done

    def _answers(self, cases: NDArray[np.float64]) -> NDArray[np.int64]:
        return np.asarray(self._teacher.probabilities(encoded_matrix(cases, self._parts.encoding)).argmax(1))

    def _begun(self, cases: int) -> tuple[GrownFully, NodeCases]:
        settings = self._settings
        plan = GrowthPlan(cases, settings.p_alt, settings.least, round(settings.budget * settings.cases))
        return begin_born_again(
            self._rows, self._columns, self._classes, self._answers, plan,
            lambda level: self._inputs.generator("level", level),
        )  # fmt: skip

    def run(self, workers: Workers) -> Iterator[ItemDone]:
        del workers  # a level waits for the one above it
        if self._growth is None:
            self._growth = self._begun(self._settings.cases)
        growing, source = self._growth
        for nodes in growing.levels():
            level = source.level
            yield ItemDone(
                item=level,
                items=max(LEVELS, level + bool(growing.level)) + len(self._fewer),
                words=_told(nodes, source),
                numbers={"nodes": float(nodes), "cases made up": float(self._settings.cases + source.made)},
            )
        while len(self._fewer_wrong) < len(self._fewer):
            size = self._fewer[len(self._fewer_wrong)]
            self._fewer_wrong.append(self._wrong_with(size))
            done = source.level + len(self._fewer_wrong)
            yield ItemDone(
                item=done,
                items=max(LEVELS, source.level) + len(self._fewer),
                words=text("A tree of {cases} cases stands beside it.", cases=size),
            )

    def _wrong_with(self, cases: int) -> float:
        """The share of test rows that a tree of so many cases answers wrongly, grown and cut back in the same way."""
        settings, test = self._settings, self._parts.test
        chosen = fit_born_again(
            self._rows, self._parts.train.labels, self._columns, self._classes, self._answers,
            GrowthPlan(cases, settings.p_alt, settings.least, round(settings.budget * cases)),
            lambda level: self._inputs.generator("fewer", cases, level), settings.most_leaves,
        )  # fmt: skip
        return float((chosen.tree.predict(matrix_of(test)) != test.labels).mean()) if len(test) else float("nan")

    def state_dict(self) -> dict[str, np.ndarray]:
        if self._growth is None:
            return {}
        growing, source = self._growth
        where = np.array([source.made, source.refused, source.level])
        return {**pack_growth(growing), "where": where, "fewer": np.array(self._fewer_wrong)}

    def load_state_dict(self, state: Arrays) -> None:
        if not state:
            return
        growing, source = self._begun(1)  # its one case is thrown away
        unpack_growth(growing, state)
        made, refused, level = (int(number) for number in state["where"])
        source.go_on([growing.nodes[number] for number in growing.level], made, refused, level)
        self._growth = growing, source
        self._fewer_wrong = [float(wrong) for wrong in state["fewer"]]

    def result(self) -> ProcedureResult:
        assert self._growth is not None
        growing, source = self._growth
        grown = growing.tree(self._columns, self._classes)
        chosen = choose_subtree(grown, self._rows, self._parts.train.labels, self._settings.most_leaves)
        fresh = smear(self._rows, FRESH, self._settings.p_alt, self._inputs.generator("fresh"))
        agrees = float((chosen.tree.predict(fresh) == self._answers(fresh)).mean())
        arrays = {
            **self._sizes(growing, chosen),
            "made_up": fresh[:SHOWN],
            "true_rows": self._rows[:SHOWN],
            "true_labels": self._parts.train.labels[:SHOWN],
            "fewer_cases": np.array(self._fewer, np.int64),
            "fewer_wrong": np.array(self._fewer_wrong),
            "made": np.array([self._settings.cases, source.made, source.refused]),
        }
        scores = {
            "leaves": Score(value=chosen.tree.leaves, unit="leaves", better="lower"),
            "agrees with its teacher": Score(value=agrees, n=FRESH),
        }
        return ProcedureResult(arrays=arrays, model=TreeModel(chosen.tree), scores=scores)

    def _sizes(self, growing: GrownFully, chosen: ChosenTree) -> dict[str, np.ndarray]:
        """Of trees of the pruning sequence, from small to large: leaves, and the share of rows answered wrongly."""
        grown = growing.tree(self._columns, self._classes)
        wanted = [2**power for power in range(13) if 2**power <= MOST_MEASURED]
        steps = {max((n for n, step in enumerate(chosen.path) if step.leaves >= size), default=0) for size in wanted}
        steps = {step for step in steps if chosen.path[step].leaves <= MOST_MEASURED} | {chosen.step}
        order = sorted(steps, reverse=True)
        test, labels = matrix_of(self._parts.test), self._parts.test.labels
        told = [tree_after(grown, chosen.path, step).predict(test) for step in order]
        return {
            "leaves": np.array([chosen.path[step].leaves for step in order]),
            "wrong_train": np.array([chosen.path[step].cost for step in order]) / len(self._rows),
            "wrong_test": np.array(
                [float((answered != labels).mean()) if len(labels) else np.nan for answered in told]
            ),
            "chosen": np.array(order.index(chosen.step)),
        }


def _told(nodes: int, source: NodeCases) -> Text:
    questions = (nodes - 1) // 2
    if source.refused:
        return text("{n} questions; the budget for new cases is met.", n=questions)
    return text("{n} questions, {made} cases made up for single ones.", n=questions, made=source.made)


catalog.register("procedure", GrowBornAgain())
