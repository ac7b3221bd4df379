"""Factor transfer: the teacher's last features are put in other words, and the student learns to say the same."""

from __future__ import annotations

from typing import Literal

from torch import Tensor, nn

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
from studio.methods.objectives.comparison import Comparison, Distance, Elementwise, Side, by_group, compare
from studio.methods.objectives.paraphraser import Paraphraser, Reconstruction, translator
from studio.methods.objectives.positions import Groups
from studio.methods.ops.sizes import directions, unit_rows
from studio.methods.ops.transfer_stage import paraphrase_stage
from studio.methods.parts.made_of_parts import Composition
from studio.methods.parts.registry import (
    PartSettings,
    PositionPart,
    SidePart,
    TapPair,
    group_tap_pairs,
    refuse_vectors,
    register_parts,
)


def factor_loss(student_factor: Tensor, teacher_factor: Tensor, p: int = 1) -> Tensor:
    """Mean over all elements of |f_s − f_t|^p, each sample's whole factor brought to length 1 before.

    The paper takes the p-norm of each sample instead: for p = 1 that is this times C·H·W. Published weights (β = 500)
    refer to the mean, as in the authors' code.

    Args:
        student_factor: (B, C, H, W), from the translator.
        teacher_factor: same shape, from the paraphraser; receives no gradient.
        p: 1 or 2.

    Source: Kim et al., "Paraphrasing complex network: network compression via factor transfer", NeurIPS 2018,
    equation 3.

    Example:
        >>> from torch import tensor
        >>> student, teacher = tensor([[[[3.0, 4.0]]]]), tensor([[[[2.0, 0.0]]]])
        >>> round(factor_loss(student, teacher).item(), 4)  # (0.6, 0.8) against (1, 0)
        0.6
    """
    return compare([student_factor], [teacher_factor], _power(p), student=unit_factors, teacher=unit_factors)


def unit_factors(factors: list[Tensor]) -> list[Tensor]:
    """The transform that brings each sample's whole factor to length 1: (B, C·H·W) each."""
    return [unit_rows(factor.flatten(1)) for factor in factors]


def factor_directions(factors: list[Tensor]) -> list[Tensor]:
    """The same to train with: a factor of nothing has no slope of 10¹², which no ReLU behind a translator would stop."""
    return [directions(factor.flatten(1)) for factor in factors]


def _power(p: int) -> Distance:
    return Elementwise(lambda student, teacher: (student - teacher).abs().pow(p))


class FactorSettings(MethodSettings):
    """Settings of factor transfer."""

    ratio: float = setting(
        0.5,
        ge=0.05,
        le=4,
        description="Channels of the factor, as a multiple of the teacher's (k)",
        step=0.05,
        label="Paraphrase ratio",
    )
    transfer_share: float = setting(
        0.1,
        ge=0.02,
        le=0.9,
        description="Share of the training spent on the paraphraser, before the student begins",
        step=0.05,
        label="Share for the paraphraser",
    )
    weight: float = setting(
        500.0,
        ge=0,
        le=1e6,
        description="How much the factors count beside the labels (β)",
        step=50,
        label="Weight",
    )
    p: int = setting(
        1,
        ge=1,
        le=2,
        description="Power of the differences between the factors",
        step=1,
        level="expert",
        label="Power",
    )
    paraphraser: Literal["plain", "narrowing", "sparse", "none"] = setting(
        "plain",
        description="What puts the teacher's features in other words; without one they are copied as they are",
        level="expert",
        label="Paraphraser",
    )
    paraphraser_optimizer: Literal["adam", "sgd"] = setting(
        "adam",
        description="What trains the paraphraser; SGD is the authors', and needs some thousand steps",
        level="expert",
        label="Paraphraser's optimiser",
        words={"adam": "Adam", "sgd": "SGD"},
    )
    paraphraser_rate: float | None = setting(
        None,
        gt=0,
        le=10,
        description="Size of a step of the paraphraser; 0.001 with Adam and 0.1 with SGD if empty",
        step=0.01,
        level="expert",
        label="Paraphraser's learning rate",
        empty="usual",
    )
    translator: bool = setting(
        True,
        description="Translate the student's features before they are compared; without it their width must fit",
        level="expert",
        label="Translator",
    )

    def factors(self, cast: Cast) -> int:
        """Channels of the factor: k times the teacher's, or just the teacher's where nothing paraphrases."""
        assert cast.teacher is not None
        channels = cast.teacher.tap(cast.pairs[-1][0]).channels
        return channels if self.paraphraser == "none" else max(1, round(self.ratio * channels))

    def numbers(self, cast: Cast) -> int:
        """Numbers in the factor of a picture."""
        assert cast.teacher is not None
        tap = cast.teacher.tap(cast.pairs[-1][0])
        size = (tap.height, tap.width)
        if self.paraphraser == "narrowing":
            size = ((tap.height + 1) // 2, (tap.width + 1) // 2)
        return self.factors(cast) * size[0] * size[1]


def _reconstruction(cast: Cast, settings: FactorSettings) -> Objective:
    teacher = cast.pairs[-1][0]
    return Reconstruction(_paraphraser(cast, settings), teacher, sparse=settings.paraphraser == "sparse")


def _factors(cast: Cast, settings: FactorSettings) -> Objective:
    """The student's factor against the teacher's at the end of the last paired groups."""
    (pair,) = pairs = cast.pairs[-1:]
    paraphraser = _paraphraser(cast, settings) if settings.paraphraser != "none" else None
    channels = cast.student.tap(pair[1]).channels
    translators = by_group(pairs, lambda _t, _s: translator(channels, settings.factors(cast)))
    return Comparison(
        Groups(pairs),
        {"factors": (_power(settings.p), settings.weight)},
        teacher=Side(paraphraser, factor_directions),
        student=Side(translators if settings.translator else None, factor_directions),
    )


def _paraphraser(cast: Cast, settings: FactorSettings) -> dict[str, nn.Module]:
    teacher = cast.teacher
    assert teacher is not None
    factors, narrow = settings.factors(cast), settings.paraphraser == "narrowing"
    return by_group(cast.pairs[-1:], lambda t, _: Paraphraser(teacher.tap(t).channels, factors, narrow=narrow))


class FactorTransfer(Method[FactorSettings]):
    """Two stages: the paraphraser learns without labels and without the student; then the student learns, with it frozen.

    Beside another method there is no first stage, so the factor is the teacher's features as they are.
    """

    key = "ft"
    title = "Factor transfer"
    words = "Let the teacher's last features be put in other words, and learn to say the same."
    source = Source(
        "Kim et al.", "NeurIPS 2018", "Paraphrasing complex network: network compression via factor transfer", year=2018
    )
    compares = "features"
    aspects = Aspects("auto-encoder (paraphraser)", "translator", "L1", "end of the last group", missing="auto-encoded")
    needs = Needs(taps="out", pictures=True)
    Settings = FactorSettings

    def as_composed(self, settings: FactorSettings, cast: Cast) -> Composition | None:
        del cast
        usual = settings.paraphraser_optimizer == "adam" and settings.paraphraser_rate is None
        if settings.paraphraser != "plain" or not settings.translator or not usual:
            return None
        return Composition(
            {
                "position": "last",
                "teacher_side": "paraphraser",
                "student_side": "translator",
                "distance": "l1" if settings.p == 1 else "l2",
                "ratio": settings.ratio,
                "weight": settings.weight,
                "transfer_share": min(0.9, 2 * settings.transfer_share),
            }
        )

    def inactive_settings(self, settings: FactorSettings) -> frozenset[str]:
        unused = {"ratio", "transfer_share", "paraphraser_optimizer", "paraphraser_rate"}
        return frozenset(unused) if settings.paraphraser == "none" else frozenset()

    def joint(self, settings: FactorSettings) -> Build | None:
        plain = settings.model_copy(update={"paraphraser": "none"})
        return lambda cast: _factors(cast, plain)

    def plan(self, settings: FactorSettings, cast: Cast) -> list[Stage]:
        if settings.paraphraser == "none":
            return super().plan(settings, cast)
        share = settings.transfer_share
        return [
            paraphrase_stage(
                lambda cast: _reconstruction(cast, settings),
                share,
                key=settings.paraphraser_optimizer,
                rate=settings.paraphraser_rate,
            ),
            Stage(
                "task",
                "learn",
                lambda cast: _factors(cast, settings),
                share=1 - share,
                trains=("student", "objective.student_side"),
                inherits=("teacher_side",),
            ),
        ]

    def refusal(self, settings: FactorSettings, cast: Cast) -> Text | None:
        unmet = super().refusal(settings, cast)
        if unmet is None and settings.numbers(cast) == 1:
            return Text(
                "The factor would be a single number, and of length 1 that is always the same. Raise the paraphrase ratio."
            )
        if unmet is not None or settings.translator:
            return unmet
        student, factors = cast.student.tap(cast.pairs[-1][1]).channels, settings.factors(cast)
        if student == factors:
            return None
        values = {"factors": factors, "student": student}
        if settings.paraphraser == "none":
            return Text(
                "Without a translator both last groups must be equally wide: the teacher's has {factors} channels, the "
                "student's {student}. Turn the translator on.",
                values,
            )
        assert cast.teacher is not None
        ratio = student / cast.teacher.tap(cast.pairs[-1][0]).channels
        return Text(
            "Without a translator the factor must be as wide as the student's last group: it has {factors} channels, the "
            "student {student}. A paraphrase ratio of {ratio:g} makes them equal.",
            {**values, "ratio": ratio},
        )


def _one_map(tap_pairs: tuple[TapPair, ...], who: Who) -> Text | None:
    return Text("for one layer only") if len(tap_pairs) != 1 else refuse_vectors(tap_pairs, who)


def _factor_width(pair: TapPair, settings: PartSettings) -> int:
    return max(1, round(settings.ratio * pair.teacher.channels))


def _paraphrasers(tap_pairs: tuple[TapPair, ...], settings: PartSettings) -> dict[str, nn.Module]:
    return {pair.name: Paraphraser(pair.teacher.channels, _factor_width(pair, settings)) for pair in tap_pairs}


def _paraphrased(tap_pairs: tuple[TapPair, ...], settings: PartSettings, _who: Who) -> Side:
    return Side(_paraphrasers(tap_pairs, settings), factor_directions)


def _translated(tap_pairs: tuple[TapPair, ...], settings: PartSettings, _who: Who) -> Side:
    modules = {pair.name: translator(pair.student.channels, _factor_width(pair, settings)) for pair in tap_pairs}
    return Side(modules, factor_directions)


def _rebuilding(tap_pairs: tuple[TapPair, ...], settings: PartSettings) -> Objective:
    (pair,) = tap_pairs
    return Reconstruction(_paraphrasers(tap_pairs, settings), pair.teacher.group)


register_parts(
    PositionPart(
        "last",
        "End of the last group",
        "The output of the last group of layers",
        "features",
        Needs(taps="out"),
        lambda cast, _settings: group_tap_pairs(cast.pairs[-1:], cast),
        lambda cast, _settings: Groups(cast.pairs[-1:]),
        order=40,
    ),
    SidePart(
        "paraphraser",
        "Auto-encoder",
        "Said in other words by an auto-encoder, which learns first",
        ("teacher",),
        ("features",),
        "factors",
        _paraphrased,
        symbol="P({x})",
        note="P is the paraphraser's factor, of unit length",
        reads=("ratio",),
        refuses=_one_map,
        first=_rebuilding,
        order=50,
    ),
    SidePart(
        "translator",
        "Translator",
        "Three learnt convolutions that say it as the auto-encoder does",
        ("student",),
        ("features",),
        "factors",
        _translated,
        symbol="F({x})",
        note="F is the translator's factor, of unit length",
        reads=("ratio",),
        refuses=_one_map,
        order=50,
    ),
)

catalog.register("method", FactorTransfer())
