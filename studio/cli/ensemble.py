"""``studio ensemble RUN RUN ...``: averages the answers of finished runs and keeps that as a run of its own."""

from __future__ import annotations

from argparse import Namespace

from studio.cli.running import Launch, carry_out
from studio.events import Listener
from studio.runs.ensembles import ensemble_experiment, member_runs
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from studio.training.control import Control


def run(chosen: Namespace) -> int:
    """Look the runs up, then measure what they answer together; nothing is trained."""
    workspace = Workspace()
    experiment = ensemble_experiment(member_runs(chosen.runs, workspace, "RUN"), chosen.mean, chosen.name)

    def begin(listen: Listener, control: Control) -> RunInfo:
        return launch(experiment, workspace, listen, control)

    return carry_out(chosen, [Launch(begin, experiment)])
