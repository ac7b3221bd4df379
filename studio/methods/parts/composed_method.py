"""A method of a person's own: a position, what is done to either side, a distance, and when it acts."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from studio import catalog
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.methods.base import (
    Aspects,
    Build,
    Cast,
    Method,
    Needs,
    Objective,
    Source,
    Stage,
    StageMoment,
)
from studio.methods.objectives.comparison import Comparison, Elementwise, Layers, Reduction
from studio.methods.ops.schedules import decay_factor, start_factor, warm_up_factor
from studio.methods.ops.stage_rate import RateFall, fall_setting, overrides, rate_setting
from studio.methods.ops.transfer_stage import paraphrase_stage
from studio.methods.parts import registry
from studio.methods.parts.generic import EMBEDDING
from studio.methods.parts.registry import DistancePart, PartSettings, PositionPart, SidePart, TapPair


class ComposedSettings(PartSettings):
    """Settings of a composed method: four parts by their keys, and when and how much they count."""

    name: str = setting(
        "",
        max_length=60,
        description="What you call it",
        level="expert",
        label="Name",
    )
    position: str = setting(
        "groups",
        description="Where both networks are compared",
        level="composer",
        label="Where",
    )
    teacher_side: str = setting(
        "as_is",
        description="What is done to the teacher's features",
        level="composer",
        label="Teacher's side",
    )
    student_side: str = setting(
        "conv_bn",
        description="What is done to the student's features",
        level="composer",
        label="Student's side",
    )
    distance: str = setting("l2", description="How far apart the two are", level="composer", label="Distance")
    weight: float = setting(
        1.0,
        ge=0,
        le=1e6,
        description="How much the comparison counts beside the labels",
        step=0.1,
        label="Weight",
    )
    reduction: Reduction = setting(
        "mean",
        description="Differences are averaged over everything, or added up picture by picture (then the weight is small)",
        level="expert",
        label="Differences are",
        words={"mean": "averaged", "picture": "added up"},
    )
    layers: Layers = setting(
        "equal",
        description="Whether all layers count alike, or each twice as much as the one below",
        level="expert",
        label="Layers count",
        words={"equal": "all alike", "later": "later ones more"},
    )
    stages: Literal["joint", "two"] = setting(
        "joint",
        description="Compare while the labels are learnt, or before",
        label="Stages",
        words={"joint": "both at once", "two": "first copy, then learn"},
    )
    transfer_share: float = setting(
        0.2,
        ge=0.02,
        le=0.9,
        description="Share of the training spent on the comparison before the labels (two stages)",
        step=0.05,
        label="Share for copying",
    )
    transfer_rate: float | None = rate_setting()
    transfer_fall: RateFall = fall_setting()
    labels_as_well: bool = setting(
        False,
        description="Learn the labels in the first of two stages as well",
        level="expert",
        label="Labels as well",
    )
    rise: float = setting(
        0.0,
        ge=0,
        le=1,
        description="Share of its stage over which the weight rises from 0",
        step=0.05,
        level="expert",
        label="Rise over",
    )
    start: float = setting(
        0.0,
        ge=0,
        le=0.95,
        description="Share of its stage that passes before anything is compared",
        step=0.05,
        level="expert",
        label="Begin after",
    )
    fade: bool = setting(
        False,
        description="Let the weight fall to 0 over its stage",
        level="expert",
        label="Let it fade",
    )

    @model_validator(mode="after")
    def _parts_are_there(self) -> ComposedSettings:
        _ = self.parts
        return self

    @property
    def parts(self) -> tuple[PositionPart, SidePart, SidePart, DistancePart]:
        """Position, teacher's side, student's side, distance."""
        return (
            registry.position(self.position),
            registry.side(self.teacher_side, "teacher"),
            registry.side(self.student_side, "student"),
            registry.distance(self.distance),
        )

    def factor(self, moment: StageMoment) -> float:
        """What the weight is multiplied with in a step."""
        period, periods = moment.period, moment.periods
        fade = decay_factor(period, periods) if self.fade else 1.0
        rise = warm_up_factor(period, periods, self.rise) if self.rise else 1.0
        return start_factor(period, periods, self.start) * rise * fade


def _comparison(cast: Cast, settings: ComposedSettings) -> Objective:
    position, teacher, student, distance = settings.parts
    tap_pairs = position.tap_pairs(cast, settings)
    sizes_matter = not (teacher.any_size and student.any_size)
    return Comparison(
        position.build(cast, settings),
        {
            "comparison": (
                Elementwise(distance.build(settings), settings.reduction),
                lambda moment: settings.factor(moment) * settings.weight,
            )
        },
        teacher=teacher.build(tap_pairs, settings, "teacher"),
        student=student.build(tap_pairs, settings, "student"),
        layers=settings.layers,
        pool=settings.pool if sizes_matter else None,
    )


class Composed(Method[ComposedSettings]):
    """One stage beside the labels, or two; a paraphraser among its parts learns in a stage before them."""

    key = "composed"
    title = "Your own method"
    words = "Put a method together: where to look, what to do to both sides, how far apart they are."
    source = Source("You", "-", "Composed on the bench")
    compares = "features"
    aspects = Aspects("of your choice", "of your choice", "of your choice", "of your choice")
    needs = Needs()
    Settings = ComposedSettings
    #: The method whose term the composer offers to add, by its key.
    beside: str = "kd"

    def name(self, settings: ComposedSettings) -> str:
        return settings.name or self.title

    def inactive_settings(self, settings: ComposedSettings) -> frozenset[str]:
        idle = set(PartSettings.model_fields).difference(*(part.reads for part in settings.parts))
        _, teacher, student, _ = settings.parts
        if not (teacher.any_size and student.any_size):
            idle.discard("pool")
        if settings.stages == "joint":
            idle |= {"labels_as_well", "transfer_rate", "transfer_fall"}
            if teacher.first is None:
                idle.add("transfer_share")
        if not settings.parts[0].symbol:
            idle.add("layers")
        return frozenset(idle)

    def joint(self, settings: ComposedSettings) -> Build | None:
        if settings.parts[1].first is not None:
            return None  # beside another method there is no stage in which it could learn first
        return lambda cast: _comparison(cast, settings)

    def plan(self, settings: ComposedSettings, cast: Cast) -> list[Stage]:
        position, teacher, _, _ = settings.parts
        tap_pairs, share = position.tap_pairs(cast, settings), settings.transfer_share
        stages: list[Stage] = []
        inherits: tuple[str, ...] = ()
        first, left = teacher.first, 1.0
        if first is not None:
            stages.append(paraphrase_stage(lambda _cast: first(tap_pairs, settings), share / 2))
            inherits, left = ("teacher_side",), 1 - share / 2

        def build(cast: Cast) -> Objective:
            return _comparison(cast, settings)

        if settings.stages == "joint":
            trains = ("student", "objective.student_side")
            return [*stages, Stage("task", "learn", build, share=left, trains=trains, inherits=inherits)]
        below = ("student",) if settings.labels_as_well else _below(cast, tap_pairs)
        transfer = Stage(
            "transfer",
            "transfer",
            build,
            share=left * share,
            labels=settings.labels_as_well,
            trains=(*below, "objective.student_side"),
            inherits=inherits,
            optimizer=overrides(settings.transfer_rate, settings.transfer_fall),
        )
        return [*stages, transfer, Stage("task", "classify", None, share=left * (1 - share))]

    def needed(self, settings: ComposedSettings) -> Needs:
        return settings.parts[0].needs

    def refusal(self, settings: ComposedSettings, cast: Cast) -> Text | None:
        reason = registry.parts_refusal(*settings.parts, cast, settings)
        if reason is not None:
            return reason
        if settings.stages == "two" and settings.parts[0].labels and not settings.labels_as_well:
            return Text(
                "“{position}” needs the labels: turn “Labels as well” on, or learn both at once.",
                {"position": settings.parts[0].title},
            )
        return None


def _below(cast: Cast, tap_pairs: tuple[TapPair, ...]) -> tuple[str, ...]:
    """The parts of the student that what stands at the tap_pairs comes from."""
    parts = cast.student.parts
    tops = [pair.name for pair in tap_pairs if pair.name in parts]
    if tops:
        parts = cast.student.parts_up_to(max(tops, key=parts.index))
    elif tap_pairs[-1].name == EMBEDDING:
        parts = parts[:-1]
    return tuple(f"student.{part}" for part in parts)


catalog.register("method", Composed())
