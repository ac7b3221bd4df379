"""What a run says while it runs: frozen values and numpy arrays, nothing that lives.

The engine hands every event to one callable. The recorder writes those with ``recorded = True`` to ``events.jsonl``;
the window and the terminal listen to all. ``urgent`` events are told at once and never dropped when a listener batches.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Literal

from studio.core.data_kinds import DataKind
from studio.core.message import Text, paragraph
from studio.core.network_reading import NetworkReading
from studio.core.picture_scan import PictureScan
from studio.core.score_scale import ACCURACY_SCALE, ScoreReading, ScoreScale

if TYPE_CHECKING:
    import numpy as np

State = Literal["running", "paused", "stopping", "finished", "stopped", "early_stop", "failed", "interrupted"]
TermKind = Literal["task", "transfer"]
#: The moments of a run at which agreement is reported: before its first step; when the last stage is over in which the
#: student copies without labels; after its last step.
KeyMoment = Literal["start", "copied", "end"]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Common to all: which run speaks (its id, filled in by ``runs``) and where in it."""

    kind: ClassVar[str] = ""
    recorded: ClassVar[bool] = True
    urgent: ClassVar[bool] = True

    run: str = ""
    stage: str = ""
    epoch: int = 0
    step: int = 0


@dataclass(frozen=True)
class StageBand:
    """A planned stage on the time axis, [begin, end) in steps of the run.

    Attributes:
        taught_by: where stages are trainings of their own, as the steps of a chain are, the name of the one whose model
            teaches in it, empty where none of them does; None for a stage of one training.
    """

    name: str
    title: str
    begin: int
    end: int
    labels: bool
    taught_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class RunStarted(Event):
    """The plan of the run: stages, totals, what it runs on, and whether it learns from pictures or points.

    Attributes:
        role: what the model that learns is in the whole: "student", "teacher", "alone", "generation 2", ...
        parent: the id of the run it is trained for; empty where a person asked for it. ``runs`` fills in both.
        headline: what the score that counts means.
    """

    kind: ClassVar[str] = "run_started"
    name: str
    plan: tuple[StageBand, ...]
    steps: int
    epochs: int
    steps_per_epoch: int
    batch_size: int
    device: str
    threads: int
    precision: str
    classes: tuple[str, ...]
    groups: tuple[str, ...]
    examples: DataKind = "pictures"
    teacher_accuracy: float | None = None
    role: str = "student"
    parent: str = ""
    headline: ScoreScale = ACCURACY_SCALE


@dataclass(frozen=True, kw_only=True)
class PlanChanged(Event):
    """A run has other stages than it began with: what a stage came to has decided that.

    Attributes:
        plan: all stages as they are known now, those that are over among them.
        steps, epochs: of all of them.
    """

    kind: ClassVar[str] = "plan_changed"
    plan: tuple[StageBand, ...]
    steps: int
    epochs: int


@dataclass(frozen=True, kw_only=True)
class Phase(Event):
    """What is being done now, in words: "Preparing data", "Training the teacher"."""

    kind: ClassVar[str] = "phase"
    words: Text


@dataclass(frozen=True, kw_only=True)
class StageStarted(Event):
    """A stage begins; ``trains`` names the parts that may change in it, ``learner`` what of them it is about."""

    kind: ClassVar[str] = "stage_started"
    title: str
    trains: tuple[str, ...]
    learner: str = "student"


@dataclass(frozen=True, kw_only=True)
class StageObserved(Event):
    """What a stage measures at ends of epochs beside what it minimises, by name; nothing is decided by it."""

    kind: ClassVar[str] = "observed"
    readings: Mapping[str, float]


@dataclass(frozen=True, kw_only=True)
class StudentRebuilt(Event):
    """A stage begins with another student: one whose blocks were exchanged.

    Attributes:
        teacher: what the student was made of.
        student: as it is now; ``planned`` as it will be when all stages are over.
        compared: the names of the blocks behind which both are compared in this stage; the last block's is the scores.
        at_work: the names of the blocks that the stage is about; empty of all that were exchanged for it.
    """

    kind: ClassVar[str] = "student_rebuilt"
    teacher: NetworkReading
    student: NetworkReading
    planned: NetworkReading
    compared: tuple[str, ...]
    at_work: tuple[str, ...] = ()


@dataclass(frozen=True)
class TermReading:
    """The mean of one named loss term since the last reading, before and beside its weight."""

    former_names: ClassVar[Mapping[str, str]] = {"role": "kind"}

    value: float
    weight: float
    kind: TermKind


@dataclass(frozen=True, kw_only=True)
class Terms(Event):
    """The loss terms, averaged over the steps since the last such event."""

    kind: ClassVar[str] = "terms"
    urgent: ClassVar[bool] = False
    terms: Mapping[str, TermReading]
    learning_rate: float
    pictures_per_second: float


@dataclass(frozen=True, kw_only=True)
class EpochDone(Event):
    """An epoch (or evaluation point) is over. Accuracies are fractions in [0, 1]; None where not measured.

    ``labelled`` is False in a stage without labels, where the student's accuracy says nothing. ``score`` is the headline
    score on the test part, where that is not the accuracy.
    """

    kind: ClassVar[str] = "epoch"
    labelled: bool
    test_accuracy: float | None = None
    validation_accuracy: float | None = None
    score: float | None = None


@dataclass(frozen=True)
class PairedReading:
    """How much more often a model is right than another, told picture by picture of the test part, with its 95 % interval.

    ``to`` is the other's role: "teacher", what taught the first step of the chain, or "alone". Fractions.
    """

    to: str
    value: float
    low: float
    high: float


@dataclass(frozen=True, kw_only=True)
class ModelMeasured(Event):
    """One of the models of a chain is there and was tested: that of a step, or the mean answer of several.

    Attributes:
        role: what it is in the whole: "teacher", "generation 2", "mean of generations 1 and 2".
        members: roles of those whose answers are averaged; empty where a step was trained.
        accuracy, low, high: a fraction of the test pictures with its 95 % interval.
        score: the headline score of the chain, where that is not the accuracy.
        differences: from what taught first and from the student alone, as far as both answered the same pictures. Those
            from the student alone may come later: the model is then told once more, at the same step.
    """

    kind: ClassVar[str] = "model_measured"
    role: str
    members: tuple[str, ...] = ()
    accuracy: float
    low: float | None = None
    high: float | None = None
    differences: tuple[PairedReading, ...] = ()
    score: ScoreReading | None = None

    @property
    def reached(self) -> ScoreReading:
        """The score that counts."""
        return self.score if self.score is not None else ScoreReading(self.accuracy, self.low, self.high)


@dataclass(frozen=True)
class AgreementReading:
    """The share of neurons that are on or off together, and what chance would give at the firing rates; in [0, 1]."""

    agreement: float
    chance: float


@dataclass(frozen=True)
class GroupAgreement:
    """How far the neurons of a student and its teacher agree at the end of a group of the student.

    Attributes:
        fitted: behind a map fitted in closed form, the same way for all students of a teacher: the number to compare.
        own: as the run itself compares them: behind its method's connector, or channel by channel where widths are
            equal, as ``way`` says. None where it does neither.
    """

    group: str
    fitted: AgreementReading
    own: AgreementReading | None = None
    way: Literal["connector", "direct"] | None = None


@dataclass(frozen=True, kw_only=True)
class Snapshot(Event):
    """The arrays of one moment. In ``events.jsonl`` the arrays are replaced by the name of their ``npz`` file.

    Attributes:
        moments: what it is besides a moment like others.
        agreement: by group, in forward order; empty without a teacher.
    """

    kind: ClassVar[str] = "snapshot"
    moments: tuple[KeyMoment, ...] = ()
    agreement: tuple[GroupAgreement, ...] = ()
    arrays: Mapping[str, np.ndarray] = field(default_factory=dict, repr=False, compare=False)
    file: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckpointSaved(Event):
    """A checkpoint is safely on disk."""

    kind: ClassVar[str] = "checkpoint"
    urgent: ClassVar[bool] = False
    file: str
    best: bool = False


@dataclass(frozen=True, kw_only=True)
class ItemDone(Event):
    """An item of a procedure is done, which has items where a training has steps: ``step`` is :attr:`item` in its run.

    Attributes:
        item: how many are done, this one among them.
        items: of all, as far as that is known.
        words: what was done: "A tree of 30 leaves was grown."
        numbers: figures of this item by name, for curves; names stay the same from item to item.
    """

    kind: ClassVar[str] = "item"
    urgent: ClassVar[bool] = False
    item: int
    items: int
    words: Text
    numbers: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Notice(Event):
    """Something the person should know; ``offers`` name remedies a window may put on buttons."""

    kind: ClassVar[str] = "notice"
    level: Literal["info", "warning", "error"] = "info"
    what: Text
    why: Text = field(default_factory=lambda: Text(""))
    remedy: Text = field(default_factory=lambda: Text(""))
    offers: tuple[str, ...] = ()

    def paragraph(self) -> Text:
        """What, why and what to do, in one; the window translates it sentence by sentence."""
        return paragraph(what=self.what, why=self.why, remedy=self.remedy)


@dataclass(frozen=True, kw_only=True)
class PicturesScanned(Event):
    """What was found in a folder of own pictures, before a run begins to learn from them."""

    kind: ClassVar[str] = "pictures_scanned"
    scan: PictureScan


@dataclass(frozen=True, kw_only=True)
class WritingRefused(Notice):
    """Nothing can be written, say because the disk is full, and the run holds until a person has seen to it; live only."""

    kind: ClassVar[str] = "writing_refused"
    recorded: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class Resumed(Event):
    """The run goes on from ``step``; readers forget events of later steps that stand before this one."""

    kind: ClassVar[str] = "resumed"


@dataclass(frozen=True, kw_only=True)
class RunEnded(Event):
    """The run is over: ``finished``, ``stopped``, ``early_stop`` or ``failed``, and why."""

    kind: ClassVar[str] = "run_ended"
    state: State
    reason: Text
    test_accuracy: float | None = None
    teacher_accuracy: float | None = None
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Progress(Event):
    """How far, for bars and clocks; live only."""

    kind: ClassVar[str] = "progress"
    recorded: ClassVar[bool] = False
    urgent: ClassVar[bool] = False
    words: Text
    fraction: float | None = None
    seconds_left: float | None = None
    pictures_per_second: float | None = None


@dataclass(frozen=True, kw_only=True)
class StateChanged(Event):
    """Running, paused or stopping: the answer to a button; live only."""

    kind: ClassVar[str] = "state"
    recorded: ClassVar[bool] = False
    state: State
    words: Text = field(default_factory=lambda: Text(""))


Listener = Callable[[Event], None]


def ignore_event(_event: Event) -> None:
    """A listener for those who do not listen."""
