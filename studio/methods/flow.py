"""Densely distilled flow: all flow matrices between all layers, copied from the bottom to the top, step by step."""

from __future__ import annotations

from itertools import combinations

from studio import catalog
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.methods.base import Aspects, Build, Cast, Method, MethodSettings, Needs, Objective, Source, Stage
from studio.methods.objectives.flow_matrices import FlowLayers, flow_matrices, flow_refusal
from studio.methods.ops.sizes import Pool
from studio.methods.ops.stage_rate import RateFall, fall_setting, overrides, rate_setting


class DenseFlowSettings(MethodSettings):
    """Settings of densely distilled flow."""

    transfer_share: float = setting(
        0.25,
        ge=0.02,
        le=0.9,
        description="Share of the training spent on copying the flow, all steps together, before the labels",
        step=0.05,
        label="Share for copying",
    )
    transfer_rate: float | None = rate_setting()
    transfer_fall: RateFall = fall_setting()
    cycles: int = setting(
        1,
        ge=1,
        le=10,
        description="How often the steps are gone through from bottom to top",
        step=1,
        label="Cycles",
    )
    connectors: bool = setting(
        False,
        description="Where widths differ, compare behind a 1x1 convolution that is learnt and then thrown away",
        label="Bridge widths",
    )
    weight: float = setting(
        1.0,
        ge=0,
        le=1000,
        description="How much the flow counts, divided by the size of the matrices so that it suits all widths",
        step=0.1,
        level="expert",
        label="Weight",
    )
    pool: Pool = setting(
        "max",
        description="How the larger of two maps is brought to the size of the smaller",
        level="expert",
        label="Pooling",
        words={"max": "largest", "avg": "average"},
    )


class DenseFlow(Method[DenseFlowSettings]):
    """Step n copies the flow between the lowest n + 1 anchors, all pairs of them; the last step has all. Then labels.

    The paper's text was not at hand: the anchors (stem and ends of groups) and the equal shares of the steps are a
    reconstruction from its abstract and its talk.
    """

    key = "flow"
    title = "Dense flow, step by step"
    words = "Copy the flow between all layers, chapter after chapter from the bottom up."
    source = Source(
        "Yeo et al.",
        "ICIP 2018",
        "Sequential knowledge transfer in teacher-student framework using densely distilled flow",
        year=2018,
    )
    compares = "features"
    aspects = Aspects(
        "correlation of two layers, all pairs", "correlation of two layers, all pairs", "L2", "end of group",
        missing="places in the picture",
    )  # fmt: skip
    needs = Needs(taps="out", pictures=True)
    Settings = DenseFlowSettings

    def joint(self, settings: DenseFlowSettings) -> Build | None:
        return lambda cast: _between(cast, cast.anchors, settings)

    def plan(self, settings: DenseFlowSettings, cast: Cast) -> list[Stage]:
        steps = len(cast.anchors) - 1
        share = settings.transfer_share / (settings.cycles * steps)
        stages = [
            _step(settings, cast, cycle, step, steps, share)
            for cycle in range(1, settings.cycles + 1)
            for step in range(1, steps + 1)
        ]
        return [*stages, Stage("task", "classify", None, share=1 - settings.transfer_share)]

    def refusal(self, settings: DenseFlowSettings, cast: Cast) -> Text | None:
        return flow_refusal(self.needs, cast, connectors=settings.connectors)


def _step(settings: DenseFlowSettings, cast: Cast, cycle: int, step: int, steps: int, share: float) -> Stage:
    anchors = cast.anchors[: step + 1]
    below = cast.student.parts_up_to(anchors[-1][1])
    known = anchors if cycle > 1 else anchors[:-1] if step > 1 else ()
    return Stage(
        f"flow-{cycle}-{step}",
        f"flow {step} of {steps}",
        lambda cast: _between(cast, anchors, settings),
        share=share,
        labels=False,
        trains=(*(f"student.{part}" for part in below), "objective"),
        inherits=tuple(f"student_side.places.{group}" for _, group in known),
        optimizer=overrides(settings.transfer_rate, settings.transfer_fall),
    )


def _between(cast: Cast, anchors: tuple[tuple[str, str], ...], settings: DenseFlowSettings) -> Objective:
    layers = FlowLayers.at_ends(anchors, combinations(range(len(anchors)), 2))
    return flow_matrices(cast, layers, settings.weight, settings.pool)


catalog.register("method", DenseFlow())
