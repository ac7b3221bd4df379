"""The composer's parts that no single method brought: the pooled vector, as they are, 1x1 convolutions, L2 and L1."""

from __future__ import annotations

from studio.core.message import Text
from studio.methods.base import Cast, Needs, Who
from studio.methods.objectives.comparison import Side, absolute, squared
from studio.methods.objectives.connectors import boundary_connector, normed_connector
from studio.methods.objectives.positions import POOLED
from studio.methods.parts.registry import (
    DistancePart,
    FeatureKind,
    PartSettings,
    PositionPart,
    SidePart,
    TapPair,
    refuse_unequal_widths,
    register_parts,
    vector_shape,
)

#: Where the pooled vector stands.
EMBEDDING = "embedding"
#: Pairs of kinds of which differences can be taken.
SUBTRACTED: tuple[tuple[FeatureKind, FeatureKind], ...] = (
    ("features", "features"),
    ("maps", "maps"),
    ("flow", "flow"),
    ("factors", "factors"),
    ("relations", "relations"),
)


def _pooled(cast: Cast, _settings: PartSettings) -> tuple[TapPair, ...]:
    assert cast.teacher is not None
    return (
        TapPair(
            EMBEDDING, vector_shape(EMBEDDING, cast.teacher.embedding), vector_shape(EMBEDDING, cast.student.embedding)
        ),
    )


def _as_they_are(tap_pairs: tuple[TapPair, ...], who: Who) -> Text | None:
    return refuse_unequal_widths(tap_pairs) if who == "student" else None


def _convolution(tap_pairs: tuple[TapPair, ...], _settings: PartSettings, _who: Who) -> Side:
    return Side({pair.name: normed_connector(pair.student, pair.teacher) for pair in tap_pairs})


def _connector_where_needed(tap_pairs: tuple[TapPair, ...], _settings: PartSettings, _who: Who) -> Side:
    return Side({pair.name: boundary_connector(pair.student, pair.teacher) for pair in tap_pairs})


register_parts(
    PositionPart(
        "pooled",
        "After pooling",
        "The vector that goes into the classifier",
        "vector",
        Needs(),
        _pooled,
        lambda _cast, _settings: POOLED,
        order=50,
    ),
    SidePart(
        "as_is",
        "As they are",
        "Nothing is done to them",
        ("teacher", "student"),
        ("neurons", "features", "vector", "scores", "input"),
        "features",
        lambda _tap_pairs, _settings, _who: Side(),
        refuses=_as_they_are,
        order=20,
    ),
    SidePart(
        "conv_bn",
        "1 × 1 conv + BN",
        "A learnt bridge to the teacher's width, thrown away afterwards",
        ("student",),
        ("neurons", "features", "vector"),
        "features",
        _convolution,
        symbol="c({x})",
        note="c is the learnt 1 × 1 convolution with batch norm",
        order=10,
    ),
    SidePart(
        "bridge",
        "Conv + BN if needed",
        "A learnt bridge where widths differ, and nothing where they are equal",
        ("student",),
        ("neurons", "features", "vector"),
        "features",
        _connector_where_needed,
        symbol="c({x})",
        note="c is the learnt 1 × 1 convolution with batch norm, left out where widths are equal",
        order=11,
    ),
    DistancePart(
        "l2",
        "L2",
        "Squared differences",
        SUBTRACTED,
        lambda _settings: squared,
        "({t} − {s})²",
        order=20,
    ),
    DistancePart(
        "l1",
        "L1",
        "Differences without their sign",
        SUBTRACTED,
        lambda _settings: absolute,
        "|{t} − {s}|",
        order=30,
    ),
)
