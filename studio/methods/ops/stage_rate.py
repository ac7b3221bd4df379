"""How fast a stage learns where that differs from the run: its learning rate as settings, and the override they make.

The rest of the optimiser, and whatever is left to the run, is what the experiment says.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from studio.core.setting_field import setting

RateFall = Literal["run", "constant", "cosine", "steps"]
"""How the learning rate of a stage falls; "run": as the schedule of the experiment says."""

Overrides = Mapping[str, Mapping[str, object]]
"""What :attr:`studio.methods.base.Stage.optimizer` takes."""


#: A stage's learning rate in steps, as published for the flow of solution: a tenth from 11,000 and a hundredth from
#: 16,000 of 21,000 iterations on.
#: Source: Yim et al., "A gift from knowledge distillation", CVPR 2017, section 4.
STEPS: Mapping[str, object] = {"key": "steps", "at": (11 / 21, 16 / 21), "factor": 0.1}


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
        words={"run": "as the training's", "constant": "never", "cosine": "as a cosine", "steps": "in two steps"},
    )


def overrides(rate: float | None, fall: RateFall) -> Overrides:
    """The override that two such settings make; empty where both are left to the run.

    Args:
        rate: of the first step, see :func:`rate_setting`.
        fall: see :func:`fall_setting`; "steps" are :data:`STEPS`.

    Example:
        >>> overrides(0.001, "constant")
        {'optimizer': {'lr': 0.001}, 'schedule': {'key': 'constant'}}
    """
    made: dict[str, Mapping[str, object]] = {}
    if rate is not None:
        made["optimizer"] = {"lr": rate}
    if fall != "run":
        made["schedule"] = STEPS if fall == "steps" else {"key": fall}
    return made
