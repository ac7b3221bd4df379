"""What the list knows of chains and of the runs that others name, without looking into their experiments."""

from __future__ import annotations

from studio.runs.launch import launch
from studio.runs.run_info import read_info
from studio.runs.store.workspace import Workspace
from tests.systems.chains import small_chain


def test_the_list_knows_what_a_chain_plans_and_who_teaches_whom(workspace: Workspace) -> None:
    chain = launch(small_chain("ban"), workspace)
    assert chain.planned == ("teacher", "generation 1", "generation 2", "alone")
    assert chain.is_chain
    infos = {run.role: run for run in workspace.runs()}
    assert infos["generation 2"].teachers == (infos["generation 1"].id,)
    assert not infos["generation 1"].is_chain
    assert infos["mean of generations 1 and 2"].members == (infos["generation 1"].id, infos["generation 2"].id)
    assert read_info(chain.places) == next(run for run in workspace.runs() if run.id == chain.id)
