"""How long experiments will take, from what they have to do, and from how long earlier runs took on this machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from studio.core.data_kinds import capabilities
from studio.core.errors import StudioError
from studio.insight.network_and_data_info import DataInfo, data_info, is_decoded, network_info
from studio.insight.probe import MEASURED
from studio.runs.files.folder import ARRAYS_FILE, STUDENT_FILE
from studio.runs.references import ENDED_WELL, KnownContents, find_equal, fingerprint, machine_of, wanted
from studio.runs.run_info import RunInfo
from studio.systems.base import AnyStep, ProcedureStep, TrainStep, procedure_of, system_of
from studio.systems.reference_experiments import needs_teacher
from studio.training.devices import threads_for
from studio.training.stage_schedule import SNAPSHOTS

if TYPE_CHECKING:
    from studio.experiment import DatasetChoice, Experiment

#: Where no run has been timed yet, on an AMD EPYC: multiply-adds a second of one thread (small CNNs on digits and
#: shapes, 1.0e10 to 2.0e10), and what further threads bring (two: 1.7 times).
RATE, MORE_THREADS = 1.4e10, 0.75
#: Seconds that a step takes on points and on pictures, a teacher in it, a test, a snapshot, a teacher in it, and a run
#: take however small they are, what is written down of them included (the gallery's digits and moons).
POINT_STEP, PICTURE_STEP, TEACHER_STEP = 0.8e-3, 2.2e-3, 0.7e-3
TEST, SNAPSHOT, TEACHER_SNAPSHOT, RUN = 3e-3, 5e-3, 6e-3, 0.6
#: Seconds until pictures that are on board can be used for the first time.
FIRST_USE = 2.5
#: Forward passes of the student in a snapshot with a teacher for each one without: what is fitted between the two.
FITTING = 6
#: Runs looked at, the newest first, and the shortest that tells anything.
TIMED, SHORTEST_SECONDS = 8, 2.0
#: Which of them speaks, from the quickest (0) to the slowest (1). A run keeps the time by the clock alone: whatever else the
#: computer did meanwhile can only have made it longer, and an afternoon of that moves a median for the next eight runs. The
#: very quickest would be taken from the errors of :class:`Workload`, which go both ways.
QUICK = 0.25


@dataclass(frozen=True)
class Workload:
    """What a run has to do.

    Attributes:
        steps: batches.
        epochs: passes over the training examples.
        batch: examples in one step.
        tested: examples of the test part.
        student, teacher: multiply-adds of one forward pass for one example; 0 where there is no teacher.
        points: whether the examples are points, not pictures.
        evaluations: how often the test part is answered and a snapshot taken, at most.
    """

    steps: int
    epochs: int
    batch: int
    tested: int
    student: int
    teacher: int = 0
    points: bool = False
    evaluations: int = 100

    @property
    def seconds(self) -> float:
        """On the machine of :data:`RATE`; a backward pass counts as two forward passes."""
        macs = self.batch * (3 * self.student + self.teacher)
        rate: float = RATE * threads_for(macs) ** MORE_THREADS
        step = (POINT_STEP if self.points else PICTURE_STEP) + macs / rate
        test = TEST + self.tested * self.student / rate
        look = MEASURED * self.student / rate
        snapshot = SNAPSHOT + look
        if self.teacher:
            step += TEACHER_STEP
            snapshot += TEACHER_SNAPSHOT + (FITTING - 1) * look
        return (
            RUN
            + self.steps * step
            + (_times(self.epochs, self.evaluations) + 1) * test
            + (_times(self.epochs, min(SNAPSHOTS, self.evaluations)) + 1) * snapshot
        )


@dataclass(frozen=True)
class RunPart:
    """A stretch of what was asked: a reference that has to be trained first, or the student.

    ``role`` is what its :class:`~studio.events.RunStarted` says it is.
    """

    role: str
    seconds: float


Parts = tuple[RunPart, ...]


def forecast(
    experiments: Sequence[Experiment], runs: Sequence[RunInfo], cache: Path, contents: KnownContents | None = None
) -> list[Parts]:
    """What each of these experiments will train, one after the other, and for how long.

    A reference that was trained before, or will be for an experiment before it in the list, is not trained again.
    Nothing is said (an empty tuple) of an experiment whose data or networks are not known yet.

    Args:
        runs: those of the workspace, the newest first.
        cache: where decoded data are.
        contents: of the data, where some were looked up before.
    """
    promised: set[str] = set()
    contents = contents or KnownContents(cache)
    made: list[Parts] = []
    for experiment in experiments:
        try:
            made.append(_parts(experiment, cache, runs, promised, contents))
        except StudioError:
            made.append(())
    return made


def drawn(dataset: DatasetChoice, facts: DataInfo) -> int | None:
    """How many training examples a student gets; None where the files decide."""
    if facts.train is None:
        return None
    available: int = facts.train if facts.test is not None else round(facts.train * (1 - dataset.test))
    if dataset.per_class is not None and facts.classes is not None:
        available = min(available, dataset.per_class * facts.classes)
    kept: float = available * dataset.fraction * (1 - dataset.validation)
    return max(1, round(kept))


def slowness(runs: Iterable[RunInfo], method: str = "") -> float:
    """How many times longer earlier runs took on this machine than on that of :data:`RATE`; 1 without any.

    The quicker ones tell it (see :data:`QUICK`), and those of the same method more than others; where there are none of
    that, all are asked.
    """
    ratios: dict[bool, list[float]] = {True: [], False: []}
    for run in runs:
        work = _work_of(run)
        if work is not None and run.seconds is not None:
            ratios[run.method == method].append(run.seconds / work.seconds)
        if len(ratios[True]) == TIMED or len(ratios[False]) == 2 * TIMED:
            break
    found = ratios[True] or ratios[False][:TIMED]
    return float(np.quantile(found, QUICK)) if found else 1.0


def knows_pace(runs: Iterable[RunInfo]) -> bool:
    """Whether an earlier run tells how fast this machine is; else a forecast is for that of :data:`RATE`."""
    return any(_work_of(run) is not None for run in runs)


def _parts(
    experiment: Experiment, cache: Path, runs: Sequence[RunInfo], promised: set[str], contents: KnownContents
) -> Parts:
    dataset = experiment.dataset
    ready = dataset.source.is_drawn or is_decoded(dataset.key, cache) or bool(promised)
    system = system_of(experiment)
    if system is not None:
        parts = [*_untrained(system.plan(experiment), cache, runs, promised, contents), RunPart("student", RUN)]
    else:
        steps = (TrainStep(role, wish) for role, wish in wanted(experiment).items())
        parts = [*_untrained(steps, cache, runs, promised, contents), _part("student", experiment, cache, runs)]
    if not ready:
        parts[0] = replace(parts[0], seconds=parts[0].seconds + FIRST_USE)
    return tuple(parts)


def _untrained(
    steps: Iterable[AnyStep], cache: Path, runs: Sequence[RunInfo], promised: set[str], contents: KnownContents
) -> Iterator[RunPart]:
    """Of these steps, in order, those that no earlier run serves for and none before them in the list will."""
    kept: dict[str, Mapping[str, str]] = {}
    for step in steps:
        wish, uses = step.experiment, step.uses if isinstance(step, ProcedureStep) else {}
        ready = {role for role in (step.taught_by, *uses.values()) if role} <= kept.keys()
        teacher = kept.get(step.taught_by, {}).get(STUDENT_FILE, "")
        used = {name: kept.get(role, {}).get(ARRAYS_FILE, "") for name, role in uses.items()}
        word = fingerprint(wish, machine_of(wish), teacher, content=contents.of(wish), uses=used) if ready else ""
        found = find_equal(runs, word)
        if found is not None and found.state in ENDED_WELL:
            kept[step.role] = found.files
        elif not word or word not in promised:
            yield _part(step.role, wish, cache, runs)
            promised.add(word)


def _part(role: str, experiment: Experiment, cache: Path, runs: Sequence[RunInfo]) -> RunPart:
    """How long a run will take.

    Raises:
        StudioError: nobody knows yet what it reads, or a network cannot read it.
    """
    procedure = procedure_of(experiment)
    if procedure is not None:
        return RunPart(role, RUN + procedure.items(experiment.method.typed) * procedure.item_seconds)
    dataset = experiment.dataset
    facts = data_info(dataset.key, dataset.source_settings, cache)
    rows = drawn(dataset, facts)
    if rows is None or facts.shape is None or facts.classes is None:
        raise StudioError("Nobody knows yet how much there is to learn from.")
    student = network_info(experiment.student_network, facts.shape, facts.classes).macs
    teacher = network_info(experiment.teacher.key, facts.shape, facts.classes).macs if needs_teacher(experiment) else 0
    training = experiment.training
    batch = min(training.batch_size, rows)
    an_epoch = max(1, rows // batch)
    steps = training.steps or training.epochs * an_epoch
    work = Workload(
        steps,
        -(-steps // an_epoch),
        batch,
        _tested(dataset, facts),
        student,
        teacher,
        not capabilities(facts.kind).has_maps,
        experiment.training.evaluations,
    )
    return RunPart(role, work.seconds * slowness(runs, experiment.method.key))


def _tested(dataset: DatasetChoice, facts: DataInfo) -> int:
    return facts.test if facts.test is not None else round((facts.train or 0) * dataset.test)


def _times(epochs: int, most: int) -> int:
    """How often something falls due that every epoch asks for, but no more than ``most`` times."""
    every = max(1, -(-epochs // most))
    return -(-epochs // every)


def _work_of(run: RunInfo) -> Workload | None:
    """What a run that took a while had to do, as far as its folder and the catalogue tell."""
    if run.state != "finished" or run.seconds is None or run.seconds < SHORTEST_SECONDS or "student" not in run.macs:
        return None
    try:
        experiment = run.experiment
        source = experiment.dataset.source
    except StudioError:
        return None
    training = experiment.training
    facts = DataInfo(source.kind, source.shape, source.class_count, source.train_count, source.test_count)
    return Workload(
        run.steps,
        training.epochs if training.steps is None else 1,
        training.batch_size,
        _tested(experiment.dataset, facts),
        run.macs["student"],
        run.macs.get("teacher", 0),
        not source.offers.has_maps,
        training.evaluations,
    )
