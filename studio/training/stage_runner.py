"""Takes a student through the stages of its method: which comes next, and what is kept between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor

from studio.core.message import text
from studio.data.loader import Loader
from studio.events import Notice, PlanChanged, Resumed, StageBand
from studio.methods.base import Cast, History, Stage, StageRecord
from studio.training.checkpoint_content import CheckpointContent
from studio.training.checkpointer import Checkpointer
from studio.training.checkpoints import Checkpoints
from studio.training.control import Control
from studio.training.epoch_evaluation import EpochEvaluation
from studio.training.event_emitter import EventEmitter
from studio.training.finite_guard import FiniteGuard
from studio.training.hook_caller import HookCaller
from studio.training.hooks import Hook
from studio.training.loop_handler import LoopHandler
from studio.training.outcome import RunEnding
from studio.training.question_answerer import QuestionAnswerer
from studio.training.rebuild_reporter import RebuildReporter
from studio.training.reporter import Reporter
from studio.training.resume_check import ResumeCheck
from studio.training.resume_guard import ResumeGuard
from studio.training.resume_point import ResumePoint
from studio.training.selection import Selection
from studio.training.setup import Setup
from studio.training.stage_loop import StageLoop
from studio.training.stage_memory import StageMemory, record_of
from studio.training.stage_objective import StageObjective, stage_objective
from studio.training.stage_observer import StageObserver
from studio.training.stage_plan import StagePlan
from studio.training.stage_run import StageRun


class StageRunner:
    """Runs the stages of a method one after the other. What happens beside the steps is done by its handlers, in order.

    Args:
        origin: what its checkpoints are made for.
        hooks: of a user of the library.
        folder: of the run: whose networks are meant when one of them is asked.

    Attributes:
        plan: its stages on the step axis, as far as they are known.
    """

    def __init__(
        self,
        setup: Setup,
        origin: ResumeGuard,
        checkpoints: Checkpoints,
        emitter: EventEmitter,
        control: Control,
        hooks: Sequence[Hook] = (),
        folder: Path = Path(),
    ) -> None:
        experiment, networks = setup.experiment, setup.networks
        self._setup = setup
        #: The networks as the run began: what its stages are decided by.
        self._cast = networks.cast
        self._emitter = emitter
        self._control = control
        self._loader = Loader(
            setup.dataset.train,
            experiment.training.batch_size,
            experiment.dataset.varied,
            seed=experiment.seed,
            device=setup.hardware.device,
        )
        expected = experiment.method.method.plan(experiment.method.typed, networks.cast)
        self.plan = StagePlan.of(setup.schedule, expected)
        self._memory = StageMemory()
        self._selection = Selection(experiment.training, networks, checkpoints, emitter)
        guard = FiniteGuard(networks, experiment.training.optimizer.lr, experiment.training.batch_size)
        self._checkpointer = Checkpointer(checkpoints, origin, networks, self._memory, self._selection, guard, emitter)
        self._answerer = QuestionAnswerer(networks, folder, control, emitter)
        # an end of an epoch is measured, told, shown to hooks, and then saved
        self._handlers: tuple[LoopHandler, ...] = (
            EpochEvaluation(setup, self._selection, control),
            Reporter(setup, self._memory, self._selection, guard, emitter, control),
            RebuildReporter(setup, expected, self._memory, emitter),
            StageObserver(setup, emitter),
            HookCaller(hooks, setup, self._memory),
            self._checkpointer,
            self._answerer,
        )

    @property
    def batch_size(self) -> int:
        """Examples a step."""
        return self._loader.batch_size

    def choose(self, point: ResumePoint) -> None:
        """Have a checkpoint chosen that fits this run, and whose best weights are there if that can be.

        Raises:
            StudioError: there is none.
        """
        check = ResumeCheck(self._setup, self.plan, self._stage_after, self._build)
        point.require(check.check)
        point.prefer(self._selection.check)
        if point.content is not None:
            done = tuple(record_of(stored) for stored in point.content.done)
            for place in range(len(done) + 1):
                stage = self._stage_after(done[:place])
                assert stage is not None
                self.plan = self.plan.with_stage(place, stage)

    def run(self, point: ResumePoint) -> RunEnding:
        """All stages, from the first step or from a checkpoint; the student then carries the weights that are kept.

        Args:
            point: has passed :meth:`choose`.

        Raises:
            RunFailed: it could not go on.
        """
        saved = point.content
        if saved is not None:
            self._restore(saved, point.notice(self._setup.schedule.steps_per_epoch))
        self._emitter.emit_phase("Training the student")
        ending = None
        with self._control.questions.answered_by(self._answerer.answer):
            while ending is None and (stage := self._next_stage()) is not None:
                place = len(self._memory.done)
                self._change_plan(self.plan.with_stage(place, stage))
                ending = self._run_stage(stage, self.plan.bands[place], saved)
                saved = None
        if ending is None:
            self._change_plan(self.plan.ending_behind(len(self._memory.done)))
        return self._selection.put_best_back(ending or RunEnding("finished", text("The run is finished.")))

    def close(self) -> None:
        """Let go of the data."""
        self._loader.close()

    def _restore(self, saved: CheckpointContent, notice: Notice | None) -> None:
        self._checkpointer.load_state_dict(saved, self._build_next)
        step, schedule = saved.step, self.plan.schedule
        self._emitter.set_position(step, step // schedule.steps_per_epoch)
        self._emitter.throughput.start_at(step / schedule.steps)
        self._emitter.emit(Resumed())
        if notice is not None:
            self._emitter.emit(notice)
        self._selection.tell_lost(saved)

    def _change_plan(self, plan: StagePlan) -> None:
        """Say so where the stages are no longer those that were expected."""
        before, self.plan = self.plan, plan
        if plan == before:
            return
        schedule = plan.schedule
        self._emitter.throughput.grow(schedule.steps / max(1, before.schedule.steps))
        self._emitter.emit(PlanChanged(plan=plan.bands, steps=schedule.steps, epochs=schedule.epochs))

    def _stage_after(self, done: tuple[StageRecord, ...]) -> Stage | None:
        method = self._setup.experiment.method
        return method.method.next_stage(method.typed, History(self._cast, done))

    def _next_stage(self) -> Stage | None:
        return self._stage_after(self._memory.done)

    def _build_next(self) -> StageObjective:
        stage = self._next_stage()
        assert stage is not None
        self._setup.networks.enter(stage, self._setup.experiment.seed)
        return self._build(stage, self._memory.learnt, self._setup.networks.cast)

    def _build(self, stage: Stage, learnt: Mapping[str, Tensor], cast: Cast) -> StageObjective:
        objective = stage_objective(self._setup.experiment, stage, cast, learnt)
        return objective.to(self._setup.hardware.device, memory_format=torch.channels_last)  # type: ignore[call-overload,no-any-return]

    def _run_stage(self, stage: Stage, band: StageBand, saved: CheckpointContent | None) -> RunEnding | None:
        """One stage, from its beginning or from a checkpoint, to its end (None) or to the end of the run."""
        setup = self._setup
        if saved is None:
            setup.networks.enter(stage, setup.experiment.seed)
            self._selection.begin(stage)
        objective = self._build(stage, self._memory.learnt, setup.networks.cast)
        loop = StageLoop(setup.experiment, stage, band, setup.networks, objective, self._loader, setup.hardware)
        run = StageRun(stage, band, objective, loop, self.plan.schedule, band.begin)
        behind = self.plan.bands[len(self._memory.done) + 1 :]
        run.copied_next = bool(behind) and not behind[0].labels
        try:
            if saved is not None:
                run.load_state_dict(saved)
            else:
                loop.prepare()
            self._memory.begin(objective)
            for handler in self._handlers:
                handler.at_stage_start(run)
            ending = self._train(run)
            if ending is None:
                run.scores = loop.measure()
                self._memory.end(run.record, objective)
                for handler in self._handlers:
                    handler.at_stage_end(run)
        finally:
            loop.close()
        return ending

    def _train(self, run: StageRun) -> RunEnding | None:
        """The steps of a stage. A run that was killed when its patience was over, or its stage, takes none."""
        while (ending := self._selection.ending) is None and not run.at_end:
            if not self._control.take_turn():
                self._emitter.pause_until_turn()
            if self._control.stopping:
                self._checkpointer.save(run)
                return RunEnding("stopped", text("You stopped the run; what was learnt is kept."))
            self._advance(run)
        return ending

    def _advance(self, run: StageRun) -> None:
        """One step and what falls due after it."""
        run.loop.step(run.step)
        run.step += 1
        self._emitter.set_position(run.step, run.epoch)
        self._emitter.throughput.add(self._loader.batch_size)
        for handler in self._handlers:
            handler.after_step(run)
        if run.at_epoch_end:
            for handler in self._handlers:
                handler.at_epoch_end(run)
