"""Reads run folders back. A broken folder is told with a reason and never stops a list.

Listing imports neither torch nor the catalogue: titles stand in the summary, and the experiment is parsed when asked for.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.core.bounded_read import UnreadableFile, open_regular, printable_name, read_toml
from studio.core.errors import StudioError
from studio.core.log import logger
from studio.core.message import NOTHING, Text, text
from studio.core.printable import one_line
from studio.core.score_scale import ACCURACY, SHARE, Better, ScoreScale
from studio.events import Event, Snapshot, State
from studio.runs.evaluation_data import evaluation_data
from studio.runs.files.environment import Environment
from studio.runs.files.event_codec import MAX_LINE, from_line
from studio.runs.files.folder import MAX_DOCUMENT, RunFolder, read_document, read_document_or_why
from studio.runs.files.history import Reference, RunHistory
from studio.runs.files.labels import Labels, read_labels
from studio.runs.files.readings import Readings, read_lines
from studio.runs.files.snapshot_arrays import read_snapshot
from studio.runs.files.summary import Summary
from studio.runs.results.result_text import without_command
from studio.runs.run_state import state_of
from studio.runs.statistics.gap import Gap
from studio.runs.unchecked_experiment import MAX_WORD, group_of, runs_in, used_runs, whole_in, word_in

if TYPE_CHECKING:
    from studio.core.picture_scan import PictureScan
    from studio.experiment import Experiment

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class RunInfo:
    """One run as plain values, for tables and lists.

    Attributes:
        method, dataset, teacher, student: catalogue keys; ``*_title`` their written names. ``teacher`` is empty where
            the method needs none.
        headline, unit, better: of the score that counts, see :class:`studio.core.score.ScoreScale`.
        state: what it is now: running, or how it ended; "interrupted" where it ended without a word.
        is_named: whether a person gave it its name, before or after it ran; else the name was made from what was picked, or
            from its part in a chain.
        splits: on how many divisions of its data its experiment is run; its seed says which of them it is.
        reached: the headline score of the student that was kept, with its interval.
        teacher_reference, alone_reference: the same of teacher and student alone, where known.
        gap: (value, low, high); ``gap_words`` says why there is none.
        parameters, macs, latency_ms: by role.
        sequence: counted up from run to run of a workspace, whatever the clock says; 0 in runs of version 0.1.
        progress: 0 to 1.
        references: role ("teacher", "alone", a finished step of a chain) to the id of the run it came from.
        role: what its model is in the whole: "student", "teacher", "alone", ...
        parent: the run this one was trained for; empty where a person asked for it.
        planned: of a chain of trainings the roles of its expected steps, in order.
        members: the runs whose answers it averages, where it is an ensemble.
        teachers: the runs its experiment names as what teaches it.
        uses: the procedures from whose work its own procedure goes on.
        files: name to sha256 of what it kept, recorded when it ended.
        group: stands for the experiment without seed and name; empty where it cannot be read.
        tested_on: stands for the data and the part of them it was tested on; empty where that cannot be read.
        fingerprint: of all that decides its numbers, where it has no teacher.
        settled: whether its end was written down; where it was not, going on measures the result again.
        problem: why the folder cannot be used; empty where it can.
    """

    id: str
    folder: Path
    name: str = ""
    is_named: bool = True
    method: str = ""
    method_title: str = ""
    dataset: str = ""
    dataset_title: str = ""
    teacher: str = ""
    teacher_title: str = ""
    student: str = ""
    student_title: str = ""
    seed: int = 0
    splits: int = 1
    state: State = "interrupted"
    reason: Text = NOTHING
    sentence: Text = NOTHING
    headline: str = ACCURACY
    unit: str = SHARE
    better: Better = "higher"
    reached: Reference | None = None
    teacher_reference: Reference | None = None
    alone_reference: Reference | None = None
    gap: Gap | None = None
    gap_words: Text = NOTHING
    parameters: Mapping[str, int] = field(default_factory=dict)
    macs: Mapping[str, int] = field(default_factory=dict)
    latency_ms: Mapping[str, float | None] = field(default_factory=dict)
    seconds: float | None = None
    steps: int = 0
    created: datetime = LONG_AGO
    sequence: int = 0
    favourite: bool = False
    tags: tuple[str, ...] = ()
    notes: str = ""
    progress: float = 0.0
    references: Mapping[str, str] = field(default_factory=dict)
    role: str = "student"
    parent: str = ""
    planned: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    teachers: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    group: str = ""
    tested_on: str = ""
    fingerprint: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    settled: bool = True
    problem: Text = NOTHING

    @property
    def score(self) -> float | None:
        """The headline score of the student that was kept."""
        return self.reached.value if self.reached is not None else None

    @property
    def scale(self) -> ScoreScale:
        """What the headline score means."""
        return ScoreScale(self.headline, self.unit, self.better)

    @property
    def test_accuracy(self) -> float | None:
        """Of the student that was kept, a fraction of the test pictures; None where another score counts."""
        return self.score if self.headline == ACCURACY else None

    @property
    def teacher_accuracy(self) -> Reference | None:
        """Of its teacher; None where it is not known, or another score counts."""
        return self.teacher_reference if self.headline == ACCURACY else None

    @property
    def alone_accuracy(self) -> Reference | None:
        """Of the student alone; None where it is not known, or another score counts."""
        return self.alone_reference if self.headline == ACCURACY else None

    @property
    def places(self) -> RunFolder:
        """What stands where in its folder."""
        return RunFolder(self.folder)

    @property
    def resumable(self) -> bool:
        """Whether there is something left to do and the folder can be used."""
        open_end = self.state in ("interrupted", "stopped", "failed") or not self.settled
        return open_end and self.state != "running" and not self.problem

    @property
    def is_reference(self) -> bool:
        """Whether it was trained as the teacher of another run, or as the student alone that it is compared with."""
        return bool(self.parent) and self.role in ("teacher", "alone")

    @property
    def is_chain(self) -> bool:
        """Whether it takes several trainings, each a run of its own."""
        return bool(self.planned) or not self.references.keys() <= {"teacher", "alone"}

    @cached_property
    def scan(self) -> PictureScan | None:
        """What was found in the folder of pictures it learns from; None for other data, and while that is not known."""
        summary = read_document(self.places.summary, Summary)
        return summary.scan if summary is not None else None

    @cached_property
    def experiment(self) -> Experiment:
        """What ran.

        Raises:
            StudioError: the file is missing or broken, or names what this version does not have.
        """
        if self.problem:
            raise StudioError("The run {run} cannot be used.", self.problem, run=self.id)
        from studio.experiment import load

        return load(self.places.experiment, of_run=True)

    @property
    def experiment_to_change(self) -> Experiment:
        """What ran, for another run like it: a name that nobody gave does not go with it, for it tells what was picked.

        Raises:
            StudioError: as :attr:`experiment`.
        """
        return self.experiment if self.is_named else self.experiment.model_copy(update={"name": ""})


def read_info(folder: RunFolder, *, ours: bool = False) -> RunInfo:
    """A run from its folder; whatever is broken in it is told in ``problem``, and nothing raises.

    Args:
        ours: the caller holds the run and does not run it yet: that it is held does not mean it is running.
    """
    try:
        return _read_info(folder, ours=ours)
    except Exception as error:  # noqa: BLE001 - one bad folder must not cost the list, whatever somebody put in it
        logger.error("The run folder %r cannot be read.", folder.id, exc_info=error)
        problem = text("It cannot be read. {kind}: {message}", kind=type(error).__name__, message=str(error)[:MAX_WORD])
        name = printable_name(folder.path)[:MAX_WORD]
        return RunInfo(folder.id, folder.path, name, state="failed", reason=problem, sentence=problem, problem=problem)


def _read_info(folder: RunFolder, *, ours: bool) -> RunInfo:
    experiment, problem = _read_experiment(folder)
    environment = read_document(folder.environment, Environment)
    summary, damage = read_document_or_why(folder.summary, Summary)
    summary = summary or Summary()
    labels = read_labels(folder)
    stands = state_of(folder, summary, ours=ours)
    titles, scale = summary.titles, summary.scale
    return RunInfo(
        id=folder.id,
        folder=folder.path,
        name=one_line(labels.name or word_in(experiment, "name") or printable_name(folder.path), MAX_WORD),
        is_named=_is_named(labels, experiment, summary),
        method=word_in(experiment, "method", "key"),
        method_title=one_line(titles.get("method", ""), MAX_WORD) or word_in(experiment, "method", "key"),
        dataset=word_in(experiment, "dataset", "key"),
        dataset_title=one_line(titles.get("dataset", ""), MAX_WORD) or word_in(experiment, "dataset", "key"),
        teacher=word_in(experiment, "teacher", "key") if "teacher" in titles or not titles else "",
        teacher_title=one_line(titles.get("teacher", ""), MAX_WORD)
        or ("" if titles else word_in(experiment, "teacher", "key")),
        student=one_line(summary.networks.get("student", ""), MAX_WORD) or word_in(experiment, "student", "key"),
        student_title=one_line(titles.get("student", ""), MAX_WORD) or word_in(experiment, "student", "key"),
        seed=whole_in(experiment, "seed"),
        splits=max(1, whole_in(experiment, "dataset", "splits")),
        state="failed" if problem else stands.state,
        reason=problem or damage or stands.reason,
        sentence=problem or without_command(summary.told("sentence")),
        headline=one_line(scale.name, MAX_WORD),
        unit=one_line(scale.unit, MAX_WORD),
        better=scale.better,
        reached=stands.reached,
        teacher_reference=summary.reached("teacher"),
        alone_reference=summary.reached("alone"),
        gap=summary.gap(),
        gap_words=summary.told("gap"),
        parameters=summary.parameters,
        macs=summary.macs,
        latency_ms=summary.latency_ms,
        seconds=summary.seconds,
        steps=summary.steps or max(0, stands.planned),
        created=_created(folder, environment),
        sequence=environment.sequence if environment is not None else 0,
        favourite=labels.favourite,
        tags=labels.tags,
        notes=labels.notes,
        progress=stands.progress,
        references=summary.references,
        role=summary.role,
        parent=summary.parent,
        planned=summary.planned,
        members=runs_in(experiment, ("student", "members")),
        teachers=runs_in(experiment, ("teacher", "source"), ("teacher", "members")),
        uses=used_runs(experiment),
        group="" if problem else group_of(experiment),
        tested_on="" if problem else evaluation_data(experiment),
        files=summary.files,
        fingerprint=environment.fingerprint if environment is not None else "",
        settled=summary.state != "interrupted",
        problem=problem,
    )


def _is_named(labels: Labels, experiment: Mapping[str, Any], summary: Summary) -> bool:
    """Whether somebody named it: when it was asked for, or by changing the name it had. Runs made for others are not asked for."""
    renamed = bool(labels.name) and one_line(labels.name, MAX_WORD) != word_in(experiment, "name")
    return renamed or (summary.named and not summary.parent)


def read_events(folder: RunFolder) -> Iterator[Event]:
    """The recorded events in order. A torn or damaged line is passed over, and so are kinds this version does not know."""
    with contextlib.suppress(OSError, UnreadableFile), open_regular(folder.events) as lines:
        for line in iter(partial(lines.readline, MAX_LINE), b""):
            read = from_line(line) if line.endswith(b"\n") else None
            if read is not None:
                yield read.event


def read_history(info: RunInfo) -> RunHistory:
    """The history of a run from its folder; arrays of snapshots are read when a view asks for them."""
    history = RunHistory(info.id, label=f"{info.method_title}, seed {info.seed}")
    snapshots = info.places.snapshots
    with contextlib.suppress(OSError, UnreadableFile), open_regular(info.places.events) as stream:
        for said in read_lines(stream):
            if isinstance(said, Readings):
                history.handle_readings(said)
            elif not isinstance(said, Snapshot):
                history.handle_event(said)
            elif (file := snapshots / Path(said.file).name).is_file():  # a name, whatever a stranger wrote there
                history.handle_event(said, partial(read_snapshot, file))
            else:
                history.handle_thinned(said)
    history.state = info.state
    if info.reached is not None:
        history.count_by(info.scale)
    if info.scale == history.scale:
        history.teacher = info.teacher_reference or history.teacher
        history.alone = info.alone_reference
    return history


def _read_experiment(folder: RunFolder) -> tuple[dict[str, Any], Text]:
    """The tables of an experiment file without checking them, and what is wrong with the file or its folder."""
    try:
        tables = read_toml(folder.experiment, MAX_DOCUMENT)
    except UnreadableFile as unreadable:
        return {}, unreadable.why
    try:
        folder.id.encode()
    except UnicodeEncodeError:
        return tables, text(
            "The name of its folder, {name}, is not UTF-8: rename it.", name=printable_name(folder.path)
        )
    return tables, NOTHING


def _created(folder: RunFolder, environment: Environment | None) -> datetime:
    """When a run began, from what it ran on, else from its id, else from its folder."""
    if environment is not None:
        return environment.created
    if re.match(r"\d{8}-\d{6}-", folder.id):
        try:
            return datetime.strptime(folder.id[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return LONG_AGO
    try:
        return datetime.fromtimestamp(folder.path.stat().st_mtime, UTC)
    except OSError:
        return LONG_AGO
