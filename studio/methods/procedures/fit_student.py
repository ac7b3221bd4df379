"""The procedure that fits a network to answers, or, alone, to the labels of the rows."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from studio import catalog
from studio.core.arrays import Arrays
from studio.core.message import text
from studio.core.score import Score
from studio.core.setting_field import setting
from studio.core.workers import Workers
from studio.data.random import mix_seed
from studio.events import ItemDone
from studio.methods.entry import MethodSettings, Source
from studio.methods.needs import Needs
from studio.methods.procedure import Procedure, ProcedureInputs, ProcedureResult, ProcedureWork
from studio.methods.synthesis.table_matrix import parts_of
from studio.models.ensemble_selection import squared_error
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.network_model import NetworkModel
from studio.networks.soft_fit import SoftFit, SoftFitPlan

#: Steps an item: half a second for 128 hidden units.
STEPS = 500


class FitStudentSettings(MethodSettings):
    """Settings of the student's fit."""

    network: str = setting("mlp-128", description="The network that learns", label="Network", level="composer")
    steps: int = setting(
        20_000, ge=100, le=1_000_000, description="How long the student learns", unit="steps", step=1000, label="Steps"
    )
    batch: int = setting(
        128, ge=1, le=10_000, description="Rows a step", unit="rows", level="expert", label="Rows a step"
    )
    rate: float = setting(
        5e-3,
        gt=0,
        le=1,
        description="How far a step goes at the start; it falls to nothing",
        level="expert",
        label="Step size",
    )


class FitStudent(Procedure[FitStudentSettings]):
    """A network on the answers to made-up rows; on the labels of the rows where there are none."""

    key = "fit_student"
    title = "Student of made-up rows"
    words = "Fit a network to what was answered."
    source = Source("Buciluǎ et al.", "KDD 2006", "Model compression", year=2006)
    needs = Needs(teacher=False, learners=("teacher",))
    item_seconds = 0.6
    Settings = FitStudentSettings

    def items(self, settings: FitStudentSettings) -> int:
        return max(1, -(-settings.steps // STEPS))

    def begin(self, settings: FitStudentSettings, inputs: ProcedureInputs) -> ProcedureWork:
        return _Fitting(settings, inputs)


class _Fitting(ProcedureWork):
    def __init__(self, settings: FitStudentSettings, inputs: ProcedureInputs) -> None:
        parts = parts_of(inputs.dataset, FitStudent.title)
        self._parts, self._dataset = parts, inputs.dataset
        given = inputs.uses.get("answers")
        if given is None:
            rows = parts.encoding.encode(parts.train)
            answers = np.eye(len(parts.train.classes), dtype=np.float32)[parts.train.labels]
        else:
            rows, answers = given["inputs"], given["answers"]
        source = Input(inputs.dataset.shape, inputs.dataset.mean, inputs.dataset.std, parts.encoding.as_json())
        network = build_network(settings.network, source, inputs.dataset.classes, mix_seed(inputs.seed, "student"))
        plan = SoftFitPlan(settings.steps, settings.batch, settings.rate)
        self._cases = len(rows)
        self._fit = SoftFit(network, rows, answers, plan, inputs.seed)

    def run(self, workers: Workers) -> Iterator[ItemDone]:
        del workers  # a step waits for the one before it
        steps = self._fit.plan.steps
        items = max(1, -(-steps // STEPS))
        while self._fit.done < steps:
            loss = self._fit.run(STEPS)
            yield ItemDone(
                item=-(-self._fit.done // STEPS),
                items=items,
                words=text("{n} steps are done.", n=self._fit.done),
                numbers={"loss": loss},
            )

    def state_dict(self) -> dict[str, np.ndarray]:
        return self._fit.state_dict()

    def load_state_dict(self, state: Arrays) -> None:
        self._fit.load_state_dict(state)

    def result(self) -> ProcedureResult:
        model = NetworkModel(self._fit.network)
        test = self._parts.encoding.encode(self._parts.test)
        error = squared_error(model.probabilities(test), self._parts.test.labels)
        score = Score(value=error, n=len(test), unit="", better="lower")
        hidden = [block.width for block in self._fit.network.blocks if block.kind != "head"]
        arrays = {"hidden": np.array(hidden, np.int64), "cases": np.array(self._cases)}
        return ProcedureResult(arrays=arrays, model=model, scores={"squared error": score})


catalog.register("procedure", FitStudent())
