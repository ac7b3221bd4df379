"""``kill -9`` while a run is recorded: the folder stays readable, the run is interrupted, and goes on bit for bit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import torch

from studio.experiment import Experiment, to_toml
from studio.networks.files import load_network
from studio.runs.launch import launch, resume
from studio.runs.run_info import RunInfo, read_events, read_history
from studio.runs.store.workspace import Workspace
from tests.runs.fake_session import experiment

#: The command line with a checkpoint at every step, so that there are many moments to be killed in.
TRAIN = """
import sys
from studio.cli import main
from studio.training import checkpointer
checkpointer.LEAST = checkpointer.MOST = 0.0
sys.exit(main(sys.argv[1:]))
"""


def train_and_kill(wish: Experiment, workspace: Path, step: int) -> None:
    """Run in a process of its own that is killed as soon as it has said that ``step`` is on disk."""
    file = workspace.with_suffix(".toml")
    file.write_text(to_toml(wish), encoding="utf-8")
    command = [sys.executable, "-c", TRAIN, "train", str(file), "--json", "--workspace", str(workspace)]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as run:
        assert run.stdout is not None
        for line in run.stdout:
            event = json.loads(line)
            if event["kind"] == "checkpoint" and event["step"] == step:
                run.kill()
                return
        assert run.stderr is not None
        raise AssertionError(run.stderr.read())


def weights(info: RunInfo) -> dict[str, torch.Tensor]:
    return load_network(info.places.student).state_dict()


def test_a_killed_run_goes_on_bit_for_bit(tmp_path: Path) -> None:
    wish = experiment("none", student={"key": "cnn-4"}, training={"epochs": 6, "batch_size": 50})
    workspace = Workspace(tmp_path / "killed")
    train_and_kill(wish, workspace.path, step=5)

    (broken_off,) = workspace.runs()
    assert (broken_off.state, broken_off.resumable) == ("interrupted", True)
    assert 0 < broken_off.progress < 1
    assert list(read_events(broken_off.places))

    went_on = resume(workspace, "last")
    whole = launch(wish, Workspace(tmp_path / "whole"))
    assert went_on.state == whole.state == "finished"
    assert went_on.test_accuracy == whole.test_accuracy
    first, second = weights(went_on), weights(whole)
    assert all(torch.equal(first[name], second[name]) for name in second)
    steps = read_history(went_on).test.x.tolist()
    assert steps == read_history(whole).test.x.tolist() == sorted(set(steps))
