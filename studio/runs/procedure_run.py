"""A run that is one procedure: its teacher first, where it asks one, then itself, then what it has made."""

from __future__ import annotations

from studio.core.errors import StoppedEarly
from studio.core.message import NOTHING, Text, text
from studio.runs.files.summary import Summary
from studio.runs.procedure_uses import used_arrays
from studio.runs.results import summarise
from studio.runs.single_run import Reached, SingleRun
from studio.training import procedure_runner
from studio.training.setup import Places


class ProcedureRun(SingleRun):
    """One sitting of it, from where its folder stands to its end."""

    def run(self) -> None:
        """As for a training; what it could be gone on from is given up when all is done."""
        super().run()
        if self.writer.summary.state == "finished":
            self.folder.procedure_state.unlink(missing_ok=True)

    def _sit(self, places: Places) -> Reached:
        """The procedure, from where it was left."""
        try:
            outcome = procedure_runner.run_procedure(
                self.experiment, places, self.emit, self.control, uses=used_arrays(self.experiment, self.workspace)
            )
        except StoppedEarly as stopped:
            return Reached(self.writer.summary, "stopped", stopped.what, stopped.what)
        summary = summarise.made(self.writer.summary, outcome)
        if outcome.model is not None:
            summary = self.compared(summary, outcome.model.predictions)
            return Reached(summary, "finished", NOTHING, self._taught_before(summary))
        told = text("{method}: all is done ({items} items).", method=self.experiment.method.title, items=outcome.items)
        return Reached(summary, "finished", NOTHING, told)

    def _taught_before(self, summary: Summary) -> Text:
        """The sentence of what learnt from answers that an earlier step has kept: nobody is asked now, but it was taught."""
        reached = summary.reached("student")
        if not self.experiment.uses or "teacher" in summary.titles or reached is None:
            return NOTHING
        told = summary.scale.told(reached.value)
        return text("The student reached {reached}; it learnt from what was answered in an earlier step.", reached=told)
