"""FitNets: first copy the values of a middle layer, then train the whole student with labels and soft targets."""

from __future__ import annotations

from torch import Tensor

from studio import catalog
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.methods.base import (
    Aspects,
    Build,
    Cast,
    Method,
    MethodSettings,
    Needs,
    Objective,
    Source,
    Stage,
    Who,
)
from studio.methods.objectives.comparison import Comparison, Elementwise, Side, by_group, compare, squared
from studio.methods.objectives.connectors import hint_regressor
from studio.methods.objectives.positions import SCORES, Groups
from studio.methods.objectives.soft_targets import SOFT_TARGETS
from studio.methods.ops.logit_losses import soft_cross_entropy
from studio.methods.ops.stage_rate import RateFall, fall_setting, overrides, rate_setting
from studio.methods.ops.transfer_stage import transfer_stage
from studio.methods.parts.made_of_parts import Composition
from studio.methods.parts.registry import PartSettings, PositionPart, SidePart, TapPair, group_tap_pairs, register_parts


def hint_loss(regressed: Tensor, hint: Tensor) -> Tensor:
    """Mean squared difference over all elements.

    The paper's ½ Σ per sample is this times C·H·W / 2; published weights refer to the mean.

    Args:
        regressed: (B, C, H, W) or (B, D), the student's guided layer behind the regressor.
        hint: the teacher's, same shape; receives no gradient.

    Source: Romero et al., "FitNets: hints for thin deep nets", ICLR 2015, equation 3.

    Example:
        >>> from torch import tensor
        >>> hint_loss(tensor([[1.0, 3.0]]), tensor([[0.0, 0.0]])).item()  # (1 + 9) / 2
        5.0
    """
    return compare([regressed], [hint], Elementwise(squared))


def annealed_weight(epoch: int, epochs: int, start: float = 4.0, end: float = 1.0) -> float:
    """The weight of ``epoch`` (from 0) on the straight line from ``start`` in the first to ``end`` in the last epoch.

    What the teacher is sure of comes first; as its weight falls, the labels, that is the difficult pictures, take over.
    In a stage that is no whole number of epochs, or has but one, the method counts steps in place of epochs.

    Source: Romero et al., ICLR 2015, section 2.3.

    Example:
        >>> [annealed_weight(epoch, epochs=4) for epoch in range(4)]
        [4.0, 3.0, 2.0, 1.0]
    """
    if epochs <= 1:
        return start
    return start + (end - start) * min(epoch, epochs - 1) / (epochs - 1)


class FitNetSettings(MethodSettings):
    """Settings of FitNets."""

    hint: str = setting(
        "middle",
        pattern=r"middle|[1-9]\d?|[a-z][a-z0-9_]*",
        max_length=32,
        description="The student's group that copies: “middle”, its number counted from the bottom, or its name",
        label="Layer to copy",
    )
    transfer_share: float = setting(
        1 / 6,
        ge=0.02,
        le=0.9,
        description="Share of the training spent on copying the middle layer, before the labels",
        step=0.05,
        label="Share for copying",
    )
    transfer_rate: float | None = rate_setting()
    transfer_fall: RateFall = fall_setting()
    temperature: float = setting(
        3.0,
        ge=1,
        le=20,
        description="Evens out the teacher's answers in the second stage",
        step=0.5,
        label="Temperature",
    )
    start_weight: float = setting(
        4.0,
        ge=0,
        le=100,
        description="Weight of the teacher's answers at the beginning of the second stage",
        step=0.5,
        level="expert",
        label="Weight at the start",
    )
    end_weight: float = setting(
        1.0,
        ge=0,
        le=100,
        description="Weight of the teacher's answers at its end",
        step=0.5,
        level="expert",
        label="Weight at the end",
    )
    joint_weight: float = setting(
        100.0,
        ge=0,
        le=1e5,
        description="Weight of copying the layer where FitNets is added to another method, in one stage",
        step=10,
        level="expert",
        label="Weight beside others",
    )


def _hint(cast: Cast, pair: tuple[str, str], weight: float) -> Objective:
    """The hint loss at (teacher group, student group), behind a regressor."""
    teacher = cast.teacher
    assert teacher is not None
    regressor = by_group([pair], lambda t, s: hint_regressor(cast.student.tap(s), teacher.tap(t)))
    return Comparison(Groups((pair,)), {"hint": (Elementwise(squared), weight)}, student=Side(regressor))


def _annealed_soft_targets(settings: FitNetSettings) -> Objective:
    """Soft targets without T² whose weight falls from epoch to epoch."""
    s = settings
    return Comparison(
        SCORES,
        {
            SOFT_TARGETS: (
                lambda student, teacher: soft_cross_entropy(student, teacher, s.temperature),
                lambda moment: annealed_weight(moment.period, moment.periods, s.start_weight, s.end_weight),
            )
        },
    )


class FitNets(Method[FitNetSettings]):
    """Two stages: the student up to the guided layer copies the hint; then the whole student learns the task."""

    key = "fitnet"
    title = "FitNets"
    words = "Copy the values of a middle layer, then train."
    also_called = "hint, hints, guided layer"
    source = Source("Romero et al.", "ICLR 2015", "FitNets: hints for thin deep nets", year=2015)
    compares = "features"
    aspects = Aspects("none", "convolution sized to match", "L2", "middle layer", missing="none")
    needs = Needs(taps="out", same_classes=True)
    Settings = FitNetSettings

    def as_composed(self, settings: FitNetSettings, cast: Cast) -> Composition | None:
        del cast
        return Composition(
            {
                "position": "layer",
                "layer": settings.hint,
                "teacher_side": "as_is",
                "student_side": "regressor",
                "distance": "l2",
                "weight": 1.0,
                "stages": "two",
                "transfer_share": settings.transfer_share,
                "transfer_rate": settings.transfer_rate,
                "transfer_fall": settings.transfer_fall,
            }
        )

    def joint(self, settings: FitNetSettings) -> Build | None:
        return lambda cast: _hint(cast, _guided(settings, cast), settings.joint_weight)

    def plan(self, settings: FitNetSettings, cast: Cast) -> list[Stage]:
        pair = _guided(settings, cast)
        share = settings.transfer_share
        return [
            transfer_stage(
                cast,
                lambda cast: _hint(cast, pair, 1.0),
                share,
                name="hint",
                top=pair[1],
                optimizer=overrides(settings.transfer_rate, settings.transfer_fall),
            ),
            Stage("task", "classify", lambda _cast: _annealed_soft_targets(settings), share=1 - share),
        ]

    def refusal(self, settings: FitNetSettings, cast: Cast) -> Text | None:
        unmet = super().refusal(settings, cast)
        if unmet is not None:
            return unmet
        try:
            teacher_group, student_group = _guided(settings, cast)
        except KeyError:
            groups = ", ".join(student for _, student in cast.pairs)
            return Text(
                "The student has no group “{group}” to copy; choose from {groups}.",
                {"group": settings.hint, "groups": groups},
            )
        assert cast.teacher is not None
        t, s = cast.teacher.tap(teacher_group), cast.student.tap(student_group)
        maps = {"group": student_group, "t": f"{t.height} × {t.width}", "s": f"{s.height} × {s.width}"}
        if (t.height * t.width == 1) != (s.height * s.width == 1):
            return Text("One of the two has maps at {group}, the other vectors: {t} and {s}.", maps)
        if (t.height - s.height) * (t.width - s.width) < 0:
            return Text("No convolution makes the teacher's {t} map of the student's {s} at {group}.", maps)
        return None


def _guided(settings: FitNetSettings, cast: Cast) -> tuple[str, str]:
    """The pair whose student group copies; KeyError if the settings name none."""
    if settings.hint == "middle" and cast.pairs:
        return cast.pairs[(len(cast.pairs) - 1) // 2]
    if settings.hint.isdigit() and int(settings.hint) <= len(cast.pairs):
        return cast.pairs[int(settings.hint) - 1]
    for pair in cast.pairs:
        if pair[1] == settings.hint:
            return pair
    raise KeyError(settings.hint)


def _layer(cast: Cast, settings: PartSettings) -> tuple[str, str]:
    return _guided(FitNetSettings(hint=settings.layer), cast)


def _regressors(tap_pairs: tuple[TapPair, ...], _settings: PartSettings, _who: Who) -> Side:
    return Side({pair.name: hint_regressor(pair.student, pair.teacher) for pair in tap_pairs})


def _unregressed(tap_pairs: tuple[TapPair, ...], _who: Who) -> Text | None:
    for pair in tap_pairs:
        t, s = pair.teacher, pair.student
        if pair.flat("teacher") != pair.flat("student") or (t.height - s.height) * (t.width - s.width) < 0:
            return Text(
                "no convolution makes {t} of {s}", {"t": f"{t.height} × {t.width}", "s": f"{s.height} × {s.width}"}
            )
    return None


register_parts(
    PositionPart(
        "layer",
        "One middle layer",
        "The output of one group",
        "features",
        Needs(taps="out"),
        lambda cast, settings: group_tap_pairs([_layer(cast, settings)], cast),
        lambda cast, settings: Groups((_layer(cast, settings),)),
        reads=("layer",),
        order=30,
    ),
    SidePart(
        "regressor",
        "Convolution sized to match",
        "A learnt convolution whose kernel makes the sizes equal",
        ("student",),
        ("features",),
        "features",
        _regressors,
        symbol="r({x})",
        note="r is the learnt regressor",
        refuses=_unregressed,
        order=15,
    ),
)

catalog.register("method", FitNets())
