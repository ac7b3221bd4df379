"""Runs one procedure from data to files: item by item, kept as it goes, paused and stopped between two items."""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Generator, Iterator, Mapping

import numpy as np

from studio.core.arrays import Arrays, write_arrays
from studio.core.errors import StoppedEarly, StudioError
from studio.core.message import NOTHING, Text, text
from studio.core.score_scale import ScoreScale
from studio.core.workers import WorkBrokenOff, Workers
from studio.data.base import Dataset
from studio.events import ItemDone, Listener, Notice, Resumed, RunEnded, RunStarted, StageBand, StageStarted
from studio.experiment import Experiment
from studio.methods.procedure import Procedure, ProcedureInputs, ProcedureResult, ProcedureWork
from studio.models.base import Model
from studio.models.class_order import InClassOrder
from studio.models.files import load_model
from studio.training.control import Control
from studio.training.event_emitter import EventEmitter
from studio.training.failure_words import failures_told
from studio.training.fit_again import fit_again
from studio.training.item_pause import ItemPause
from studio.training.model_outcome import ProcedureOutcome, measure_model
from studio.training.procedure_state import LEAST, ProcedureState
from studio.training.resume_guard import ResumeGuard
from studio.training.rng import isolated_seed
from studio.training.setup import Places, load_data
from studio.training.workers import one_thread, workers_for

#: What a state of another version may raise when it is put back.
_NO_STATE = (KeyError, ValueError, IndexError, TypeError)


def run_procedure(
    experiment: Experiment,
    places: Places,
    listen: Listener,
    control: Control,
    *,
    uses: Mapping[str, Arrays] | None = None,
    save_every: float = LEAST,
) -> ProcedureOutcome:
    """Run the procedure an experiment names, from where the run's folder stands, and write what it makes there.

    Args:
        experiment: whose ``method.key`` names a procedure.
        listen: told every event.
        control: wishes of a person, read between items.
        uses: what earlier procedures made, by name.
        save_every: seconds between two saves of its state at least.

    Raises:
        StudioError: it cannot begin: data, teacher and procedure do not fit together.
        StoppedEarly: a person asked for the end; it can be gone on with.
        RunFailed: it could not go on; ``RunEnded(state="failed")`` was said.
        NotWritten: nothing more can be written and nobody is there to mend that; the run can be gone on with.
    """
    emitter = EventEmitter(listen, control)
    with failures_told(emitter, experiment.training), isolated_seed(experiment.seed), one_thread():
        return _ProcedureSession(experiment, places, emitter, control, uses or {}, save_every).run()


class _ProcedureSession:
    """One sitting of one procedure."""

    def __init__(
        self,
        experiment: Experiment,
        places: Places,
        emitter: EventEmitter,
        control: Control,
        uses: Mapping[str, Arrays],
        save_every: float,
    ) -> None:
        entry = experiment.method.entry
        if not isinstance(entry, Procedure):
            raise TypeError(f"{experiment.method.key} is no procedure")
        self._procedure: Procedure = entry  # type: ignore[type-arg]  # its settings are its own business
        self._experiment, self._places = experiment, places
        self._emitter, self._control = emitter, control
        self._uses, self._save_every = uses, save_every
        self._item = 0

    def run(self) -> ProcedureOutcome:
        """From data to files."""
        dataset = load_data(self._experiment, self._places, self._emitter, self._control)
        teacher = self._teacher(dataset)
        inputs = ProcedureInputs(dataset, self._experiment.seed, teacher, self._uses)
        state = ProcedureState(self._places.folder, self._origin(dataset), least=self._save_every)
        self._announce(dataset)
        work = self._restored(inputs, state) or self._procedure.begin(self._experiment.method.typed, inputs)
        if teacher is not None:
            fit_again(teacher, self._emitter, self._control)
        long = self._procedure.side_by_side(self._experiment.method.typed, inputs)
        with workers_for(long=long, person=ItemPause(self._emitter, self._control)) as workers:
            self._work(work, workers, state)
        result = work.result()
        if result.model is not None and not fit_again(result.model, self._emitter, self._control):
            raise self._stopped()
        return self._finish(result, dataset, teacher)

    def _teacher(self, dataset: Dataset) -> Model | None:
        """The model that is asked, in the order of the data's classes."""
        if self._places.teacher is None:
            return None
        model = load_model(self._places.teacher)
        try:
            return InClassOrder(model, dataset.classes)
        except ValueError as error:
            raise StudioError(
                "This teacher cannot be asked about these data.",
                "It knows other classes.",
                "Choose a teacher that learnt from the same data.",
                place="teacher",
            ) from error

    def _origin(self, dataset: Dataset) -> str:
        """A sum of all that decides what the procedure makes."""
        guard = ResumeGuard.of(self._experiment, self._places.teacher).with_data(dataset)
        used = {name: _sum_of(arrays) for name, arrays in self._uses.items()}
        decides = {**guard.state_dict(), "uses": used}
        return hashlib.sha256(json.dumps(decides, sort_keys=True, default=str).encode()).hexdigest()

    def _announce(self, dataset: Dataset) -> None:
        """Say what will be done. An epoch is as long as for a training on these data, so that both share an axis."""
        items = max(1, self._procedure.items(self._experiment.method.typed))
        batch = min(self._experiment.training.batch_size, len(dataset.train))
        title = self._experiment.method.title
        self._emitter.emit(
            RunStarted(
                name=self._experiment.title,
                plan=(StageBand(self._procedure.key, title, 0, items, labels=False),),
                steps=items,
                epochs=0,
                steps_per_epoch=max(1, len(dataset.train) // batch),
                batch_size=batch,
                device="cpu",
                threads=1,
                precision="exact",
                classes=dataset.classes,
                examples=dataset.kind,
                groups=(),
                headline=self._headline,
            )
        )
        self._emitter.stage = self._procedure.key
        self._emitter.emit(StageStarted(title=title, trains=()))

    def _restored(self, inputs: ProcedureInputs, state: ProcedureState) -> ProcedureWork | None:
        """The work as an earlier sitting left it; None where it begins."""
        if not state.file.exists():
            return None
        saved = state.read()
        work = self._procedure.begin(self._experiment.method.typed, inputs)
        if saved is not None:
            arrays, item, seconds = saved
            with contextlib.suppress(*_NO_STATE):
                work.load_state_dict(arrays)
                self._item = item
                self._emitter.set_position(item, 0)
                self._emitter.throughput.load_state_dict({"seconds": seconds})
                self._emitter.throughput.start_at(item / max(1, self._procedure.items(self._experiment.method.typed)))
                self._emitter.emit(Resumed())
                return work
        self._emitter.emit(Resumed())
        self._emitter.emit(
            Notice(
                level="warning",
                what=Text("What was done before cannot be gone on from: it begins anew."),
                why=Text("It is damaged, or was made from other data or by another version."),
            )
        )
        return None

    def _work(self, work: ProcedureWork, workers: Workers, state: ProcedureState) -> None:
        """All items that are left. The state is kept while it goes, at a stop, and at the end."""

        def save() -> None:
            seconds = self._emitter.throughput.total_seconds
            self._emitter.guard.write(lambda: state.save(work.state_dict(), self._item, seconds))

        saved = self._item
        with contextlib.suppress(WorkBrokenOff), contextlib.closing(_closable(work.run(workers))) as items:
            self._wait_for_turn()
            while not self._control.stopping and (done := next(items, None)) is not None:
                self._tell(done)
                if state.due:
                    save()
                    saved = self._item
                self._wait_for_turn()
        if saved != self._item or not state.file.exists():
            save()
        if self._control.stopping:
            raise self._stopped()

    def _stopped(self) -> StoppedEarly:
        return StoppedEarly("Stopped after item {item}: what was done is kept.", item=self._item)

    def _wait_for_turn(self) -> None:
        if not self._control.take_turn():
            self._emitter.pause_until_turn()

    def _tell(self, done: ItemDone) -> None:
        """Tell an item before it is kept: one that was told and not kept is done, and told, again."""
        self._item = done.item
        self._emitter.set_position(done.item, 0)
        self._emitter.emit(done)
        share = min(1.0, done.item / max(1, done.items))
        words = text("{title}, item {item} of {items}", title=self._title, item=done.item, items=done.items)
        self._emitter.emit_progress(words, share, self._emitter.throughput.left(share))

    @property
    def _headline(self) -> ScoreScale:
        return self._procedure.headline(self._experiment.method.typed)

    @property
    def _title(self) -> str:
        return self._experiment.method.title

    def _finish(self, result: ProcedureResult, dataset: Dataset, teacher: Model | None) -> ProcedureOutcome:
        """Keep what was made, test the model among it, and say the last word."""
        folder, seconds = self._places.folder, self._emitter.throughput.total_seconds
        if result.arrays:
            self._emitter.guard.write(lambda: write_arrays(folder / "arrays.npz", result.arrays))
        measured = None
        if result.model is not None:
            self._emitter.emit_phase("Measuring the result")
            model = InClassOrder(result.model, dataset.classes)
            measured = measure_model(model, dataset, teacher, folder, self._emitter)
        self._emitter.emit(
            RunEnded(
                state="finished",
                reason=NOTHING,
                test_accuracy=measured.accuracy if measured is not None else None,
                teacher_accuracy=measured.teacher_accuracy if measured is not None else None,
                seconds=seconds,
            )
        )
        return ProcedureOutcome(measured, result.scores, self._headline.name, self._item, seconds)


def _closable(items: Iterator[ItemDone]) -> Generator[ItemDone, None, None]:
    """The same as a generator, which can be closed, whatever a procedure returns."""
    yield from items


def _sum_of(arrays: Arrays) -> str:
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = arrays[name]
        digest.update(f"{name} {array.dtype.str} {array.shape};".encode())
        digest.update(np.ascontiguousarray(array).data)  # not a copy of its bytes, for which a window would wait
    return digest.hexdigest()
