"""Chains and ensembles on the command line."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from typing import Any

import pytest

from studio.cli import main
from studio.core.errors import RunFailed
from studio.runs.store.workspace import Workspace
from studio.training import session

CHAIN = """
[dataset]
key = "moons"
[teacher]
key = "mlp-8-8"
[student]
key = "mlp-8-8"
[method]
key = "ban"
settings = { generations = 2 }
[training]
epochs = 1
batch_size = 64
"""


@pytest.fixture(scope="module")
def chain(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, str]:
    """A workspace in which the command line has trained a chain of two generations, and what it said."""
    folder = tmp_path_factory.mktemp("chain")
    file = folder / "chain.toml"
    file.write_text(CHAIN, encoding="utf-8")
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        assert main(["train", str(file), "--workspace", str(folder / "workspace")]) == 0
    return Workspace(folder / "workspace"), said.getvalue()


def test_a_chain_says_what_the_whole_reached(chain: tuple[Workspace, str]) -> None:
    _, said = chain
    assert "Generation 2 reached" in said
    assert "The mean of generations 1 and 2 reached" in said


def test_runs_are_averaged_by_a_command(chain: tuple[Workspace, str], capsys: pytest.CaptureFixture[str]) -> None:
    workspace, _ = chain
    members = [run.id for run in workspace.runs() if run.role.startswith("generation ")]
    place = ["--workspace", str(workspace.path)]
    assert main(["ensemble", *members, "--mean", "logits", "--name", "two of them", *place]) == 0
    assert "Mean of 2 × MLP 8-8 reached" in capsys.readouterr().out
    assert workspace.run("last").name == "two of them"


def test_one_run_is_no_ensemble(chain: tuple[Workspace, str], capsys: pytest.CaptureFixture[str]) -> None:
    workspace, _ = chain
    run = next(run.id for run in workspace.runs() if run.role == "generation 1")
    assert main(["ensemble", run, "--workspace", str(workspace.path)]) == 2
    assert "needs two members or more" in capsys.readouterr().err


def test_systems_are_listed_with_their_settings(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "systems", "--json"]) == 0
    listed = {each["key"]: each for each in json.loads(capsys.readouterr().out)}
    assert {"ban", "assistant"} <= set(listed)
    assert {"generations", "stop_without_gain"} <= {setting["name"] for setting in listed["ban"]["settings"]}


def test_a_failed_chain_says_where_it_goes_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file, place = tmp_path / "chain.toml", ["--workspace", str(tmp_path / "workspace")]
    file.write_text(CHAIN, encoding="utf-8")
    real, runs = session.run_session, 0

    def fail_second(*args: Any, **kwargs: Any) -> Any:
        nonlocal runs
        runs += 1
        if runs == 2:
            raise RunFailed("It broke.")
        return real(*args, **kwargs)

    monkeypatch.setattr(session, "run_session", fail_second)
    assert main(["train", str(file), *place]) == 1
    assert "“studio resume last” goes on from generation 1." in capsys.readouterr().err
    assert main(["resume", "last", *place]) == 0
    said = capsys.readouterr()
    assert "Going on from generation 1" in said.err
    assert "Generation 2 reached" in said.out


def test_the_network_of_a_chain_is_written_as_one_file(
    chain: tuple[Workspace, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    workspace, _ = chain
    run = next(run for run in workspace.runs() if run.is_chain)
    file, place = tmp_path / "net.safetensors", ["--workspace", str(workspace.path)]
    assert main(["export", run.id, "--to", str(file), *place]) == 0
    assert str(file) in capsys.readouterr().out
    assert file.read_bytes() == run.places.student.read_bytes()
    assert main(["export", run.id, "--to", str(file), "--json", *place]) == 0
    assert json.loads(capsys.readouterr().out)["file"] == str(file)
    assert main(["export", run.id, "--to", str(tmp_path / "net.pt"), *place]) == 2
    assert ".safetensors" in capsys.readouterr().err
