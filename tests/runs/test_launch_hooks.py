"""Hooks of a run that is launched: they look at the run that was asked for, not at those it is compared with."""

from __future__ import annotations

from pathlib import Path

from studio.experiment import validated
from studio.runs.launch import launch, resume
from studio.runs.store.workspace import Workspace
from studio.training.control import Control
from studio.training.hooks import RunView, at_stage_start, every

EXPERIMENT = validated(
    {
        "dataset": {"key": "digits", "per_class": 5},
        "teacher": {"key": "mlp-8", "epochs": 1},
        "student": {"key": "mlp-4"},
        "method": {"key": "kd"},
        "training": {"epochs": 4, "batch_size": 25, "device": "cpu"},
        "references": {"alone": True},
    }
)


def test_they_look_at_the_run_itself_and_at_what_is_gone_on_with(tmp_path: Path) -> None:
    workspace, control = Workspace(tmp_path), Control()
    seen: list[tuple[str, int]] = []

    @at_stage_start
    def begin(run: RunView) -> None:
        assert run.networks["student"].key == "mlp-4"
        seen.append(("start", run.step))

    @every(2)
    def look(run: RunView) -> None:
        seen.append(("step", run.step))
        if run.step == 4:
            control.stop()

    stopped = launch(EXPERIMENT, workspace, control=control, hooks=[begin, look])
    assert stopped.state == "stopped"
    assert stopped.references.keys() == {"teacher", "alone"}
    assert seen == [("start", 0), ("step", 2), ("step", 4)]

    seen.clear()
    assert resume(workspace, stopped.id, hooks=[begin, look]).state == "finished"
    assert seen == [("start", 4), ("step", 6), ("step", 8)]
