"""``studio resume RUN``: goes on with a run from its last checkpoint."""

from __future__ import annotations

from argparse import Namespace
from functools import partial

from studio.cli.output import write_err
from studio.cli.running import Launch, carry_out
from studio.events import Listener
from studio.runs.launch import resume
from studio.runs.results.chain_text import next_role
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from studio.training.control import Control


def run(chosen: Namespace) -> int:
    """Go on with the run that was named."""
    workspace = Workspace()
    info = workspace.run(chosen.run)
    if info.is_chain and info.resumable:
        role = next_role(info, {run.id for run in workspace.runs()})
        write_err(f"Going on from {role}" if role else "Going on with the ensembles")
    return carry_out(chosen, [Launch(partial(_go_on, workspace, info.id), info.experiment, info.id)])


def _go_on(workspace: Workspace, run: str, listen: Listener, control: Control) -> RunInfo:
    return resume(workspace, run, listen, control)
