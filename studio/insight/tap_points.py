"""Where a method taps the networks: asked of the objectives of its stages, which read nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio import catalog
from studio.methods.base import Cast
from studio.networks.base import NetworkSummary, TapShape
from studio.networks.no_draws import NoDraws

if TYPE_CHECKING:
    from studio.networks.base import TapKind

#: Two equal convolutional networks of a stem and three groups: a pair that fits every method.
GROUPS = ("stem", "group1", "group2", "group3")
_SHAPES = ((16, 32), (16, 32), (32, 16), (64, 8))
_NETWORK = NetworkSummary(
    key="",
    title="",
    parts=(*GROUPS, "head"),
    taps=tuple(
        TapShape(group, channels, side, side, pre=True, norm=True)
        for group, (channels, side) in zip(GROUPS, _SHAPES, strict=True)
    ),
    embedding=64,
    classes=10,
    parameters=0,
    macs=0,
)
_PAIR = Cast(_NETWORK, _NETWORK, tuple((group, group) for group in GROUPS[1:]), classes=10)


def tap_points(method: str) -> frozenset[tuple[str, TapKind]]:
    """The taps of the student, (one of :data:`GROUPS`, kind), that a method with its default settings reads in any stage.

    Empty where it reads answers or pooled vectors only, differentiates by the input, or cannot work with such a pair.

    Raises:
        StudioError: there is no method of this key.
    """
    entry = catalog.find("method", method)
    settings = entry.Settings()
    if entry.refusal(settings, _PAIR) is not None:
        return frozenset()
    builds = [stage.objective for stage in entry.plan(settings, _PAIR) if stage.objective is not None]
    with NoDraws():
        objectives = [build(_PAIR) for build in builds]
    return frozenset((tap.group, tap.kind) for each in objectives for tap in each.taps() if tap.who == "student")
