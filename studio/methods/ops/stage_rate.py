"""How fast a stage learns where that differs from the run: its learning rate as settings, and the override they make.

The rest of the optimiser, and whatever is left to the run, is what the experiment says.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from studio.core.setting_field import setting

RateFall = Literal["run", "constant", "cosine", "steps"]
"""How the learning rate of a stage falls; "run": as the schedule of the experiment says."""

Overrides = Mapping[str, Mapping[str, object]]
"""What :attr:`studio.methods.base.Stage.optimizer` takes."""


@dataclass(frozen=True)
class Drops:
    """Where in a stage its learning rate drops, as shares of it, and what it is multiplied with there."""

    at: tuple[float, ...]
    factor: float


def rate_setting(label: str = "Learning rate while copying") -> float | None:
    """The setting of a stage's learning rate: a number, or None for that of the run."""
    return setting(
        None,
        gt=0,
        le=10,
        description="Size of a step in that stage alone, where it is not to be that of the whole training",
        step=0.01,
        level="expert",
        label=label,
        empty="as the training's",
    )


def fall_setting(default: RateFall = "run", label: str = "Falls while copying") -> RateFall:
    """The setting of how a stage's learning rate falls. Before there was this setting it fell as the run's."""
    return setting(
        default,
        earlier=None if default == "run" else "run",
        description="How the learning rate falls in that stage alone",
        level="expert",
        label=label,
        words={"run": "as the training's", "constant": "never", "cosine": "as a cosine", "steps": "in steps"},
    )


def overrides(rate: float | None, fall: RateFall, drops: Drops | None = None) -> Overrides:
    """The override that two such settings make; empty where both are left to the run.

    Args:
        rate: of the first step, see :func:`rate_setting`.
        fall: see :func:`fall_setting`.
        drops: of "steps"; those of the run unless given.

    Example:
        >>> overrides(0.001, "constant")
        {'optimizer': {'lr': 0.001}, 'schedule': {'key': 'constant'}}
    """
    made: dict[str, Mapping[str, object]] = {}
    if rate is not None:
        made["optimizer"] = {"lr": rate}
    if fall == "steps" and drops is not None:
        made["schedule"] = {"key": fall, "at": drops.at, "factor": drops.factor}
    elif fall != "run":
        made["schedule"] = {"key": fall}
    return made
