"""Runs a system: takes its steps as runs of their own, keeps what they reached, and makes the model that counts its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from studio.core.errors import StoppedEarly, StudioError
from studio.core.files import write_whole
from studio.core.message import NOTHING, Text, text
from studio.core.prefixed_key import PrefixedKey
from studio.core.score import VALIDATION_ACCURACY
from studio.core.score_scale import ACCURACY
from studio.events import Event, Listener, PlanChanged, RunStarted
from studio.experiment import Experiment
from studio.runs.chain_comparison import ChainComparison
from studio.runs.chain_events import ChainEvents
from studio.runs.ensembles import ensemble_experiment
from studio.runs.files.chain import Chain, ChainAverage, ChainStep, read_chain, write_chain
from studio.runs.files.folder import RunFolder, read_document
from studio.runs.files.summary import Summary
from studio.runs.references import ENDED_WELL, is_usable
from studio.runs.results import summarise
from studio.runs.results.chain_text import chain_sentence, stopped_sentence
from studio.runs.results.role_text import average_name, average_text, role_text
from studio.runs.run_info import RunInfo, read_info
from studio.runs.store.workspace import Workspace
from studio.runs.summary_writer import SummaryWriter
from studio.systems.base import AnyStep, AnySystem, Average, ProcedureStep, StepResult
from studio.training.predictions import Predictions


class Obtain(Protocol):
    """Gives the run of a step: found again, gone on with, or trained."""

    def __call__(self, role: str, experiment: Experiment, listen: Listener) -> RunInfo:
        """Args: what the model is in the whole; what is trained; told the events of that run before anybody else."""


@dataclass
class ChainRun:
    """One sitting of a parent: from where its ``chain.json`` stands to its end."""

    folder: RunFolder
    experiment: Experiment
    system: AnySystem
    workspace: Workspace
    events: ChainEvents
    writer: SummaryWriter
    obtain: Obtain
    _chain: Chain = field(default_factory=Chain)
    _done: tuple[StepResult, ...] = ()

    def run(self) -> None:
        """Take what steps are left, then the averages, and write the end.

        Raises:
            RunFailed: a step could not go on; what was reached is kept and the parent can be gone on with.
        """
        before = read_chain(self.folder) or Chain()
        plan = self.system.plan(self.experiment)
        self._chain = Chain(planned=tuple(step.role for step in plan))
        while (step := self.system.next_step(self.experiment, self._done)) is not None:
            kept = self._kept(before.step(step.role))
            info = kept or self._take(step)
            if info.state not in ENDED_WELL:
                self._stop(role_text(step.role))
                return
            self._keep(step, info, known=kept is not None)
        self._tell_against_alone()
        for average in self.system.averages(self.experiment, self._done):
            info = self._measure(average)
            if info.state not in ENDED_WELL:
                self._stop(average_text(average.members))
                return
            self._keep_average(average, info)
        self._end()

    def _kept(self, before: ChainStep | None) -> RunInfo | None:
        """The run of a step that this chain has taken before, where it is still there and intact."""
        if before is None:
            return None
        info = read_info(self.workspace.folder(before.run))
        return info if not info.problem and info.state in ENDED_WELL and is_usable(info) else None

    def _take(self, step: AnyStep) -> RunInfo:
        """The run of a training or procedure, with the runs of the steps it goes on from written into its experiment."""
        experiment = step.experiment
        if isinstance(step, ProcedureStep):
            uses = {name: str(PrefixedKey("run", self._step(role).run)) for name, role in step.uses.items()}
            experiment = experiment.model_copy(update={"uses": uses})
        if step.taught_by:
            source = str(PrefixedKey("run", self._step(step.taught_by).run))
            teacher = experiment.teacher.model_copy(update={"source": source, "members": ()})
            experiment = experiment.model_copy(update={"teacher": teacher})

        own = ""

        def listen(event: Event) -> None:
            nonlocal own
            if isinstance(event, RunStarted) and event.role == step.role:
                own = event.run
                self.events.begin(step.role, event)
            elif isinstance(event, PlanChanged) and event.run == own:
                self.events.change(step.role, event.steps)

        with _failing_at(step.role, role_text(step.role, first=True)):
            return self.obtain(step.role, experiment, listen)

    def _measure(self, average: Average) -> RunInfo:
        """The run that measures the mean answer of finished steps."""
        runs = [read_info(self.workspace.folder(self._step(role).run)) for role in average.members]
        name = average_name(average.members)
        with _failing_at(name, average_text(average.members, first=True)):
            experiment = ensemble_experiment(runs, average.mean, name=f"{self.experiment.title}: {name}")
            return self.obtain(name, experiment, lambda _event: None)

    def _step(self, role: str) -> ChainStep:
        """A step that is done."""
        step = self._chain.step(role)
        if step is None:
            raise LookupError(f"the chain has no step {role!r} yet")
        return step

    # --- what is kept -------------------------------------------------------------------------------------------------

    def _keep(self, step: AnyStep, info: RunInfo, *, known: bool) -> None:
        """Tell a finished step as a moment of the parent, and write it down.

        Args:
            known: this chain had it in an earlier sitting.
        """
        summary = read_document(info.places.summary, Summary) or Summary()
        accuracy = summary.accuracy.get("student")
        scores = dict(summary.scores.get("student", {}))
        validation = scores.pop(VALIDATION_ACCURACY, None)
        if accuracy is not None:
            scores[ACCURACY] = accuracy.score()
        done = ChainStep(
            role=step.role,
            run=info.id,
            taught_by=step.taught_by,
            accuracy=accuracy,
            scores=scores,
            validation=validation.value if validation is not None else None,
        )
        self._done = (*self._done, StepResult(step.role, scores, done.validation))
        chain = self._chain.model_copy(update={"steps": (*self._chain.steps, done)})
        differences = self._comparison.differences(chain, step.role, info.id)
        self.events.end_step(done, info, differences, known=known)
        self._write(steps=chain.steps)
        self.writer.write(_with_step(self.writer.summary, done))

    def _keep_average(self, average: Average, info: RunInfo) -> None:
        summary = read_document(info.places.summary, Summary) or Summary()
        accuracy, scores = summary.accuracy.get("student"), summary.scores.get("student", {})
        name = average_name(average.members)
        differences = self._comparison.differences(self._chain, name, info.id)
        done = ChainAverage(members=average.members, mean=average.mean, run=info.id, accuracy=accuracy, scores=scores)
        self.events.end_average(name, done, differences)
        self._write(averages=(*self._chain.averages, done))

    def _tell_against_alone(self) -> None:
        """Say once more what the steps reached, compared with the student alone, which is trained after them."""
        if self._chain.step("alone") is None:
            return
        for step in self._chain.steps:
            differences = self._comparison.differences(self._chain, step.role, step.run)
            self.events.compare_step(step, differences)

    def _write(self, **changes: object) -> None:
        self._chain = self._chain.model_copy(update=changes)
        write_chain(self.folder, self._chain)

    def _stop(self, role: Text) -> None:
        self.writer.write_end("stopped", text("Stopped at {role}.", role=role), stopped_sentence(role, self.folder.id))

    def _end(self) -> None:
        """Make the model that counts the parent's own, and say what the whole reached."""
        step = self._step(self.system.result(self.experiment, self._done))
        source = self.workspace.folder(step.run)
        for own, of_step in ((self.folder.student, source.student), (self.folder.predictions, source.predictions)):
            write_whole(own, of_step.read_bytes())
        reached = read_document(source.summary, Summary) or Summary()
        headline = self.system.headline(self.experiment).name
        self._write(result=step.role, headline=headline)
        answers = summarise.read_predictions(self.folder)
        teacher = self._comparison.first_teacher(self._chain, answers, headline)
        summary = self.writer.summary
        known = {"student": reached.accuracy.get("student")}
        scores = summary.scores | {"student": reached.scores.get("student", {})}
        if teacher is not None:
            known["teacher"] = teacher.accuracy
            scores["teacher"] = {ACCURACY: teacher.accuracy.score()}
            scores["teacher"] |= {headline: teacher.score} if teacher.score is not None else {}
        summary = summary.model_copy(
            update={
                "accuracy": summary.accuracy | known,
                "scores": scores,
                "headline": headline,
                "kept": reached.kept,
                "parameters": reached.parameters,
                "macs": reached.macs,
                "latency_ms": reached.latency_ms,
                "seconds": self._seconds(),
                "steps": self.events.steps,
                "epochs": self.events.epochs,
            }
        )
        self.writer.write(self._with_gap(summary, answers))
        value = teacher.accuracy.value if teacher is not None else None
        self.events.end(step.accuracy.value if step.accuracy is not None else None, value, summary.seconds or 0.0)
        first, gain = (teacher.score, teacher.gain) if teacher is not None else (None, None)
        self.writer.write_end("finished", NOTHING, chain_sentence(self._chain, first, gain))

    def _seconds(self) -> float:
        """Spent on all steps together, whenever they were trained."""
        infos = [read_info(self.workspace.folder(run)) for run in self._chain.runs]
        return sum(info.seconds or 0.0 for info in infos)

    def _with_gap(self, summary: Summary, own: Predictions | None) -> Summary:
        """The share of the gap to the first teacher, where the student was trained alone too."""
        alone, teacher = self._chain.step("alone"), self._chain.step("teacher")
        taught = self._comparison.answers(teacher.run) if teacher is not None else None
        if own is not None and taught is not None:
            own = Predictions(own.labels, own.student, taught.student)
        return summarise.compared(summary, own, self._comparison.answers(alone.run) if alone is not None else None)

    @property
    def _comparison(self) -> ChainComparison:
        return ChainComparison(self.workspace)


@contextmanager
def _failing_at(role: str, words: Text) -> Iterator[None]:
    """An error meanwhile says which step it was: what was done before is kept, and the chain can go on from there.

    Args:
        words: the role at the beginning of a sentence.
    """
    try:
        yield
    except StoppedEarly:
        raise
    except StudioError as error:
        error.what = text("{role}: {what}", role=words, what=error.what)
        error.step = role
        error.offers = tuple(dict.fromkeys((*error.offers, "resume")))
        raise


def _with_step(summary: Summary, step: ChainStep) -> Summary:
    """The summary with a finished step; teacher and student alone are what the whole is compared with."""
    references = {**summary.references, step.role: step.run}
    if step.role not in ("teacher", "alone"):
        return summary.model_copy(update={"references": references})
    return summary.model_copy(
        update={
            "references": references,
            "accuracy": {**summary.accuracy, step.role: step.accuracy},
            "scores": {**summary.scores, step.role: step.scores},
        }
    )
