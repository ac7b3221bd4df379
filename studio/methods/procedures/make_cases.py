"""The procedure that makes up rows of a table, a pass an item."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from studio import catalog
from studio.core.arrays import Arrays
from studio.core.message import text
from studio.core.setting_field import setting
from studio.core.workers import Workers
from studio.events import ItemDone
from studio.methods.entry import MethodSettings, Source
from studio.methods.needs import Needs
from studio.methods.procedure import Procedure, ProcedureInputs, ProcedureResult, ProcedureWork
from studio.methods.synthesis.marginals import random_cases
from studio.methods.synthesis.munge import munge
from studio.methods.synthesis.naive_bayes import fit_mixture
from studio.methods.synthesis.table_matrix import matrix_of, on_unit_scale, parts_of

#: A pass meets a row about twice, once itself and once as the nearest of another, so that of its values 2p - p² change.
#: On letter p1 (40,000 cases, 10,000 steps, seed 0 alone, among those on which it was chosen) a student keeps of the gain
#: 0.77 at most with 0.5, 1.03 with 0.2.
MUNGE_P = 0.2
#: True rows that are kept beside the made-up ones, for views.
SHOWN = 1000
#: Rows to make up times those that a nearest one is looked for among, from which processes of their own are worth it: as
#: many take MUNGE about four seconds on one core of an AMD EPYC (letter p2).
LONG = 200_000_000

Generator = Literal["munge", "random", "nbe", "none"]
"""MUNGE; every column by itself; a naive Bayes mixture; the rows themselves."""


class MakeCasesSettings(MethodSettings):
    """Settings of made-up rows."""

    cases: int = setting(
        100_000,
        ge=100,
        le=400_000,
        description="Rows to make up for the student",
        unit="cases",
        step=10_000,
        label="Made-up cases",
    )
    generator: Generator = setting(
        "munge",
        description="How rows are made up: near others (MUNGE), column by column, in groups (naive Bayes), or not at all",
        label="Made up by",
    )
    p: float = setting(
        MUNGE_P,
        ge=0,
        le=1,
        description="How often MUNGE changes a value",
        step=0.05,
        level="expert",
        label="MUNGE: changes",
    )
    s: float = setting(
        1.0,
        gt=0,
        le=1000,
        description="The larger, the less noise MUNGE adds to what it exchanges",
        step=0.5,
        level="expert",
        label="MUNGE: local variance",
    )


class MakeCases(Procedure[MakeCasesSettings]):
    """Rows without labels, on the scale [0, 1] of the encoding."""

    key = "make_cases"
    title = "Made-up rows"
    words = "Make up rows that lie where the true ones do."
    source = Source("Buciluǎ et al.", "KDD 2006", "Model compression", year=2006)
    needs = Needs(teacher=False, learners=("teacher", "student"))
    item_seconds = 0.3
    Settings = MakeCasesSettings

    def items(self, settings: MakeCasesSettings) -> int:
        return max(1, -(-settings.cases // 4000))

    def side_by_side(self, settings: MakeCasesSettings, inputs: ProcedureInputs) -> bool:
        return settings.generator == "munge" and settings.cases * len(inputs.dataset.train) >= LONG

    def begin(self, settings: MakeCasesSettings, inputs: ProcedureInputs) -> ProcedureWork:
        return _Making(settings, inputs)


@dataclass(frozen=True)
class MakingPass:
    """What a worker needs for one pass; mixtures are drawn by the one who asks."""

    rows: np.ndarray
    nominal: np.ndarray
    settings: MakeCasesSettings
    generator: np.random.Generator


def one_pass(given: MakingPass) -> np.ndarray:
    """As many made-up rows as there are rows, (n, D)."""
    settings = given.settings
    if settings.generator == "none":
        return given.rows
    if settings.generator == "random":
        return random_cases(given.rows, given.nominal, len(given.rows), given.generator)
    return munge(given.rows, given.nominal, settings.p, settings.s, given.generator)


class _Making(ProcedureWork):
    def __init__(self, settings: MakeCasesSettings, inputs: ProcedureInputs) -> None:
        parts = parts_of(inputs.dataset, MakeCases.title)
        self._settings, self._generator = settings, inputs.generator
        self._encoding = parts.encoding
        self._nominal = np.array([each.column.kind == "nominal" for each in parts.encoding.columns])
        self._rows = rows = on_unit_scale(matrix_of(parts.train), parts.encoding)
        self._count = len(rows) if settings.generator == "none" else settings.cases
        self._cases = np.empty((0, rows.shape[1]), np.float32)

    def run(self, workers: Workers) -> Iterator[ItemDone]:
        each = len(self._rows)
        items = max(1, -(-self._count // each))
        done = len(self._cases) // each if len(self._cases) < self._count else items
        for number, made in zip(range(done, items), self._passes(workers, range(done, items)), strict=True):
            self._cases = np.concatenate([self._cases, made.astype(np.float32)])[: self._count]
            yield ItemDone(item=number + 1, items=items, words=text("{n} rows are made up.", n=len(self._cases)))

    def _passes(self, workers: Workers, numbers: range) -> Iterator[np.ndarray]:
        if self._settings.generator == "nbe":
            mixture = fit_mixture(self._rows, self._nominal, self._generator("mixture"))
            known = np.nan_to_num(self._rows)
            for number in numbers:
                drawn = mixture.draw(len(self._rows), self._generator("pass", number))
                yield np.clip(drawn, known.min(0), known.max(0))
            return
        passes = (
            MakingPass(self._rows, self._nominal, self._settings, self._generator("pass", number)) for number in numbers
        )
        yield from workers.map(one_pass, passes)

    def state_dict(self) -> dict[str, np.ndarray]:
        return {"cases": self._cases}

    def load_state_dict(self, state: Arrays) -> None:
        cases = state["cases"]
        if cases.ndim != 2 or cases.shape[1] != self._rows.shape[1]:
            raise ValueError("of another table")
        self._cases = cases

    def result(self) -> ProcedureResult:
        shown = {"true_rows": self._rows[:SHOWN], "encoding": np.array(self._encoding.as_json())}
        return ProcedureResult(arrays={"cases": self._cases, **shown})


catalog.register("procedure", MakeCases())
