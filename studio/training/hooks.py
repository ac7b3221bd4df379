"""Hooks: functions of a user of the library that the training loop calls at moments of a run.

A hook is a function of one :class:`RunView`, marked with its moment and handed to
:func:`studio.training.session.run_session` or :func:`studio.runs.launch.launch`:

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> from studio.events import ignore_event
>>> from studio.experiment import validated
>>> from studio.training.control import Control
>>> from studio.training.session import Places, run_session
>>> @every(4)
... def show_terms(run: RunView) -> None:
...     print(f"step {run.step} of {run.steps}:", ", ".join(run.terms()))
>>> @at_epoch_end
... def show_epoch(run: RunView) -> None:
...     print(f"epoch {run.epoch}, measured:", run.test_accuracy is not None)
>>> experiment = validated(
...     {
...         "dataset": {"key": "digits", "per_class": 10},
...         "teacher": {"key": "cnn-4"},
...         "student": {"key": "cnn-4"},
...         "method": {"key": "none"},
...         "training": {"epochs": 2, "batch_size": 20, "device": "cpu"},
...     }
... )
>>> with TemporaryDirectory() as name:
...     places = Places(Path(name), Path(name, "cache"))
...     outcome = run_session(experiment, places, ignore_event, Control(), hooks=[show_terms, show_epoch])
step 4 of 10: labels
epoch 1, measured: True
step 8 of 10: labels
epoch 2, measured: True

A hook changes no number by being there: it finds the networks in eval mode, without gradients, and draws from random
generators of its own. Within a moment hooks are called in the order given, before the moment is saved: a run that is
killed and gone on with calls them again for what it does again. A hook that raises, or writes to a network, ends the run
as failed, and the run says which one it was. To end a run from a hook, ask its :class:`~studio.training.control.Control`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from studio.events import TermReading
from studio.methods.base import StageRecord, Who
from studio.networks.base import Network

HookMoment = Literal["stage start", "step", "epoch end", "stage end"]


@dataclass(frozen=True)
class RunView:
    """Where a run stands when a hook is called.

    Attributes:
        step, epoch: steps and whole epochs that are done.
        steps, epochs: of the whole run.
        stage: the name of the stage, a key such as ``"hint"`` or ``"task"``.
        done: the stages that are over, and what was reached in each.
        networks: by role, ``"student"`` and, where there is one, ``"teacher"``; to look at and to ask.
        test_accuracy, validation_accuracy: the student's at the last end of an epoch of this stage, in [0, 1]; None where
            it was not measured then.
        terms: reads the loss terms of the last step by name, none before the first step of a sitting; waits for the device.
    """

    step: int
    steps: int
    epoch: int
    epochs: int
    stage: str
    done: tuple[StageRecord, ...]
    networks: Mapping[Who, Network]
    test_accuracy: float | None
    validation_accuracy: float | None
    terms: Callable[[], Mapping[str, TermReading]] = field(repr=False)


HookFunction = Callable[[RunView], None]


@dataclass(frozen=True)
class Hook:
    """A function and the moment it is called at; made by :func:`every`, :func:`at_epoch_end` and their like.

    Attributes:
        function: what is called.
        moment: when.
        period: of a hook at steps: only at every so many.
    """

    function: HookFunction
    moment: HookMoment
    period: int = 1

    @property
    def name(self) -> str:
        """What a person knows it by: the name of its function, or of its class."""
        return str(getattr(self.function, "__name__", type(self.function).__name__))

    def due(self, moment: HookMoment, step: int) -> bool:
        """Whether it is called at ``moment`` after ``step`` steps of the run."""
        return moment == self.moment and step % self.period == 0

    def __call__(self, run: RunView) -> None:
        """Call the function."""
        self.function(run)


def every(steps: int) -> Callable[[HookFunction], Hook]:
    """Call the function after every so many steps of the run, counted from its beginning.

    Raises:
        ValueError: ``steps`` is less than 1.
    """
    if steps < 1:
        raise ValueError(f"a hook can be called every 1, 2, 3 ... steps, not every {steps}")
    return lambda function: Hook(function, "step", steps)


def at_epoch_end(function: HookFunction) -> Hook:
    """Call the function at the end of every epoch and of every stage, when the student has been measured."""
    return Hook(function, "epoch end")


def at_stage_start(function: HookFunction) -> Hook:
    """Call the function before the first step of every stage, and when a run is gone on with in the middle of one."""
    return Hook(function, "stage start")


def at_stage_end(function: HookFunction) -> Hook:
    """Call the function after the last step of every stage that comes to its end."""
    return Hook(function, "stage end")
