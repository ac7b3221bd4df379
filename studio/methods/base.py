"""Method, Stage, Objective, Term: the words in which a way to distil is written down. ``training`` executes them.

A method answers :meth:`Method.next_stage` until it returns None. A :class:`Stage` names its objective, its budget, what
it trains and whether it has labels; the engine adds the label term and the terms of ``[[method.also]]`` to every stage
with labels, and composes nothing else by itself.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from studio.events import TermKind
from studio.methods.entry import Aspects, Compares, MethodEntry, MethodSettings, S, Source, Suited
from studio.methods.needs import Cast, Needs, unmet
from studio.networks.base import Network, TapKind
from studio.networks.taps import NetworkOutputs

#: What a method's file needs, those words of its entry among them.
__all__ = [
    "BOTH", "AnyMethod", "Aspects", "Batch", "Batches", "Build", "Cast", "Compares", "GradientUpdate", "History",
    "Method", "MethodSettings", "Needs", "Objective", "Rebuild", "S", "S_contra", "Source", "Stage", "StageMoment",
    "StageRecord", "Suited", "TapRef", "Term", "TermWeight", "Who", "total_loss", "unmet",
]  # fmt: skip

Who = Literal["teacher", "student"]
BOTH: frozenset[Who] = frozenset({"teacher", "student"})


@dataclass(frozen=True, kw_only=True)
class StageMoment:
    """Where a stage stands, for weights that change over it.

    Attributes:
        epoch: within the stage, from 0.
        epochs: of the stage, at least 1; an epoch that is only begun counts.
        step: within the stage, from 0.
        steps: of the stage.
        steps_per_epoch: in one pass over the training pictures.
    """

    epoch: int
    epochs: int
    step: int
    steps: int
    steps_per_epoch: int

    @property
    def period(self) -> int:
        """Where the stage stands for weights that change over it, from 0 to :attr:`periods` - 1.

        Published schedules go by epochs: in a stage of two whole epochs or more this is the epoch, so that a weight has
        the published value in each. In a stage that ends in the middle of an epoch, or has but one, it is the step: by
        epochs such a weight would stay at its first value, or never reach its last.
        """
        return self.epoch if self._in_epochs else self.step

    @property
    def periods(self) -> int:
        """How many of them the stage has: its epochs or its steps."""
        return self.epochs if self._in_epochs else self.steps

    @property
    def _in_epochs(self) -> bool:
        return self.epochs > 1 and self.steps % self.steps_per_epoch == 0


TermWeight = float | Callable[[StageMoment], float]
"""The weight of a term: a number, or a function of where the stage stands where it changes as the stage goes on.

An objective does not compute a changing weight itself: what it does must be the same at every step, so that it can be
recorded once and repeated, see :mod:`studio.training.step_runner`.
"""


@dataclass(frozen=True)
class Term:
    """One named loss term of a step: the raw value (0-dim, with gradient), its weight and its kind.

    The step's loss is the sum of ``weight * value``; value and weight are drawn separately.
    """

    value: Tensor
    weight: TermWeight
    kind: TermKind = "transfer"

    def weight_at(self, moment: StageMoment) -> float:
        """The weight there."""
        return self.weight(moment) if callable(self.weight) else self.weight


def total_loss(terms: Iterable[Term], moment: StageMoment) -> Tensor:
    """The weighted sum of terms, of which there is at least one; 0-dim."""
    return torch.stack([term.weight_at(moment) * term.value for term in terms]).sum()


class GradientUpdate(Protocol):
    """How the terms of a step become gradients, where a method does not want those of their sum."""

    def set_gradients(self, terms: Mapping[str, Term], optimiser: Optimizer, moment: StageMoment) -> None:
        """Set the gradients of the optimiser's parameters; they have none yet.

        Args:
            terms: of this step, at least one.
            optimiser: what will step; its weight decay can be read off it.
            moment: where the stage stands.
        """


@dataclass(frozen=True)
class TapRef:
    """A tap that an objective reads: of which network, which group, which point; or, by its name, the end of a block."""

    who: Who
    group: str
    kind: TapKind


@dataclass(frozen=True)
class Batch(StageMoment):
    """What an objective is given in one step, and where the stage stands.

    Attributes:
        inputs: the augmented pictures in [0, 1], (B, C, H, W), or points (B, D).
        labels: (B,) int64; None in a stage without labels.
        outputs: of the networks that ran on ``inputs``: those named in :attr:`Objective.passes`.
        again: one further forward pass, of a network on other inputs; its outputs are apart from those above.
    """

    inputs: Tensor
    labels: Tensor | None
    outputs: Mapping[Who, NetworkOutputs]
    again: Callable[[Who, Tensor], NetworkOutputs]

    @property
    def student(self) -> NetworkOutputs:
        """Of the student on this batch; LookupError where it did not run."""
        return self.of("student")

    @property
    def teacher(self) -> NetworkOutputs:
        """Of the teacher on this batch; LookupError where it did not run."""
        return self.of("teacher")

    def of(self, who: Who) -> NetworkOutputs:
        """The outputs of one network on this batch; LookupError where it did not run."""
        if who not in self.outputs:
            raise LookupError(f"the {who} did not run on this batch: the objective does not name it in its passes")
        return self.outputs[who]


Batches = Callable[[frozenset[Who]], Iterator[Batch]]
"""Batches on which the named networks have run."""


class Objective(nn.Module, ABC):
    """A module that returns named terms. It owns its connectors, regressors and translators as submodules."""

    def taps(self) -> tuple[TapRef, ...]:
        """The taps it reads; hooks are placed only there."""
        return ()

    @property
    def needs_logits(self) -> bool:
        """Whether it reads logits or embeddings; if no term does, networks run only up to their last tap."""
        return True

    @property
    def passes(self) -> frozenset[Who]:
        """The networks whose outputs on the batch itself it reads: these run before :meth:`forward`, and no other.

        A network that it only asks about further inputs, by :attr:`Batch.again`, is not among them.
        """
        return BOTH

    def prepare(self, networks: Mapping[Who, Network], batches: Batches) -> None:
        """Measure what it needs of the networks, once, before the first step of the stage; the result is kept in buffers.

        Called in eval mode and without gradient. Of a resumed run the buffers are loaded instead.

        Args:
            networks: by role.
            batches: gives those of the stage's first epoch, as its steps will have them, on which the named networks ran.
        """
        del networks, batches

    @abstractmethod
    def forward(self, batch: Batch) -> dict[str, Term]:
        """The named terms of this step, e.g. ``{"soft targets": Term(kd_loss(...), weight=0.9)}``."""

    def example_weights(self, batch: Batch) -> Tensor | None:
        """How much each label of the batch counts, (B,) of sum 1; None where all count alike."""
        del batch
        return None

    def measure(self, networks: Mapping[Who, Network], batches: Batches) -> Mapping[str, float]:
        """What its stage has come to, by name: the scores that :meth:`Method.next_stage` may decide by.

        Called once, behind the last step of the stage, in eval mode and without gradient; as :meth:`prepare`.
        """
        del networks, batches
        return {}

    @property
    def connects(self) -> bool:
        """Whether :meth:`connect` has an answer at some group."""
        return False

    def connect(self, group: str, student_pre: Tensor) -> Tensor | None:
        """The student's ``pre`` at its ``group`` behind this objective's connector, or None if it has none there.

        Used by the agreement view, under no_grad and in eval mode.
        """
        del group, student_pre
        return None


@dataclass(frozen=True)
class StageRecord:
    """What a finished stage left behind, as plain values.

    Attributes:
        validation_accuracy: the student's on the kept-back pictures when the stage ended, in [0, 1], to decide by; None
            in a stage without labels, where the experiment chooses nothing on such pictures, and in what version 0.1.0
            saved.
        test_accuracy: on the test pictures, to be shown and never decided by; None also where a stop broke it off.
        scores: what its own objective measured at its end, see :meth:`Objective.measure`; to decide by.
    """

    name: str
    epochs: int
    steps: int
    validation_accuracy: float | None = None
    test_accuracy: float | None = None
    scores: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class History:
    """What has happened so far, kept in the checkpoint: decides the next stage."""

    cast: Cast
    done: tuple[StageRecord, ...] = ()


Build = Callable[[Cast], Objective]
"""Makes an objective for a cast; the engine seeds its initialisation."""

Rebuild = Callable[[Mapping[Who, Network], int], Network]
"""Makes, of the networks as they are and a seed for new weights, the student that a stage begins with.

A pure function, and the structure of what it makes follows from the structures of what it is given: a run that is gone on
with builds again what it had built, stage by stage, and then loads the weights. The networks stay as they are.
"""


@dataclass(frozen=True)
class Stage:
    """A stretch of training with its own objective, its own trained parts and its own budget.

    Attributes:
        name: short key, unique within the run: ``"hint"``, ``"task"``.
        title: in words for the stage band: ``"transfer"``, ``"classify"``.
        objective: makes its objective, or None where only the labels teach.
        share: of the student's whole budget (``training.epochs`` or ``steps``); shares of a plan add up to 1. Stages with
            a number of epochs or steps take those first, and the others share what is left. One that comes beyond the
            plan takes its share in addition.
        epochs, steps: its budget, where it is not a share; at most one of them.
        labels: whether it trains on the task: the engine adds the label term and the ``also`` terms.
        varied: whether it sees the pictures varied as the experiment says, or as they are.
        asks_once: whether the teacher is asked but once about every example, and what it gave is remembered. Of use where
            the examples come as they are, again and again; elsewhere, and where it gave more than there is room for, the
            teacher runs at every step.
        trains: what may change: ``"student"``, ``"student.<part>"`` or ``"student.<block>"``, ``"objective"``,
            ``"objective.<submodule>"``. All else is bit-equal afterwards. The modules of ``also`` terms are trained wherever
            these take part.
        learner: what of all that is trained the stage is about, for events and views: ``"student"``, ``"student.<part>"``,
            ``"student.<block>"``, or ``"objective"``.
        observer: makes an objective that minimises nothing and is only measured, at ends of epochs, on the stage's first
            batches: what to watch beside what is learnt.
        inherits: submodules of the objective, by name, that begin as the earlier stages' submodules of that name ended.
        optimizer: overrides of the experiment's optimiser and schedule, e.g. ``{"schedule": {"key": "constant"}}``.
        update: how terms become gradients; None: by one backward pass of their sum.
        prepare: rebuilds the student before the stage's first step; None leaves it as it is.
    """

    name: str
    title: str
    objective: Build | None
    share: float = 1.0
    epochs: int | None = None
    labels: bool = True
    varied: bool = True
    asks_once: bool = False
    trains: tuple[str, ...] = ("student", "objective")
    learner: str = "student"
    observer: Build | None = None
    inherits: tuple[str, ...] = ()
    optimizer: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    update: GradientUpdate | None = None
    prepare: Rebuild | None = None
    steps: int | None = None

    def __post_init__(self) -> None:
        if self.epochs is not None and self.steps is not None:
            raise ValueError(f"the stage {self.name!r} has a budget in epochs and one in steps")

    def counted(self, steps_per_epoch: int) -> int | None:
        """Its budget in steps; None where it is a share."""
        return self.steps if self.epochs is None else self.epochs * steps_per_epoch


S_contra = TypeVar("S_contra", bound=MethodSettings, contravariant=True)


class Method(MethodEntry[S]):
    """A named way to distil in one training. One file a method: the pure loss, the settings, the stages."""

    @abstractmethod
    def joint(self, settings: S) -> Build | None:
        """Its objective beside the task: the terms it adds when named in ``[[method.also]]``, None if it has none."""

    def brings_terms(self, settings: S) -> bool:
        return self.joint(settings) is not None

    def next_stage(self, settings: S, history: History) -> Stage | None:
        """The stage after those in ``history.done``; None when all is done. As planned unless overridden.

        It may decide on others than were planned: the run then grows longer or shorter, and says so.
        """
        plan = self.plan(settings, history.cast)
        return plan[len(history.done)] if len(history.done) < len(plan) else None

    def plan(self, settings: S, cast: Cast) -> list[Stage]:
        """The expected stages, for bands and time left."""
        del cast
        return [Stage("task", "learn", self.joint(settings))]


AnyMethod = Method[MethodSettings]
"""A method found by its key. It is given what its own ``Settings`` make, of which nothing but that is known."""
