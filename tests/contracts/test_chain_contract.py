"""Chains that never were are told as real ones are, so that the view of generations is tried on what it will be given."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.runs.files.history import RunHistory
from studio.runs.launch import launch
from studio.runs.run_info import read_history
from studio.runs.store.workspace import Workspace
from tests.contracts.chain_contract import check_chain
from tests.gui.made_up import chain_run, chain_runs
from tests.systems.chains import KillAt, small_chain

MADE_UP: dict[str, RunHistory] = {
    "generations": chain_run(averages={("generation 1", "generation 2"): 0.2}),
    "one generation": chain_run(errors=(0.2, 0.1)),
    "sizes, with the student alone": chain_run(steps={"assistant 1": "", "student": "assistant 1", "alone": ""}),
    "only begun": chain_run(done=0),
    "half done": chain_run(done=2),
    "stopped": chain_run(done=2, state="stopped"),
    "seeds": chain_runs()[0].history,
}


@pytest.mark.parametrize("name", MADE_UP)
def test_a_made_up_chain_is_told_as_a_real_one(name: str) -> None:
    check_chain(MADE_UP[name])
    assert MADE_UP[name].label


@pytest.mark.parametrize("name", ["ban", "assistant"])
def test_a_real_chain_is_told_so_live_and_from_its_folder(name: str, tmp_path: Path) -> None:
    ear = KillAt()
    workspace = Workspace(tmp_path / "workspace")
    info = launch(small_chain(name), workspace, ear)
    read, live = read_history(info), RunHistory(info.id)
    for event in ear.heard:
        if event.run == info.id:
            live.handle_event(event)
    for history in (read, live):
        check_chain(history)
    assert "labels" in read.terms, "the readings of its steps are told in their places"
    steps = [run for run in workspace.runs() if run.parent == info.id and run.role in {band.name for band in read.plan}]
    assert {run.role for run in steps} == {band.name for band in read.plan}
    for run in steps:
        history = read_history(run)
        assert (history.role, history.parent) == (run.role, info.id)
