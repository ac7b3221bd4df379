"""The network of a run as one file: it answers alone, as the run does, and teaches."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.core.errors import NotWritten, StudioError
from studio.runs.exports.network_file import export_network
from studio.runs.launch import launch
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from tests.systems.chains import small_chain


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A chain of two generations, with the means of their answers; tests leave it as it is."""
    made = Workspace(tmp_path_factory.mktemp("chain"))
    launch(small_chain("ban"), made)
    return made


def the_run(workspace: Workspace, role: str) -> RunInfo:
    return next(run for run in workspace.runs() if run.role == role)


@pytest.mark.parametrize("role", ["student", "mean of generations 1 and 2"])
def test_it_answers_and_teaches_where_nothing_is_known_of_the_run(
    workspace: Workspace, role: str, tmp_path: Path
) -> None:
    info = the_run(workspace, role)
    file = export_network(info, tmp_path / "net")
    assert file.name == "net.safetensors"
    taught = small_chain(
        "ban", method={"key": "kd"}, teacher={"key": info.student, "source": f"file:{file}"}, references={}
    )
    reached = launch(taught, Workspace(tmp_path / "another"))
    assert reached.teacher_reference is not None
    assert reached.teacher_reference.value == info.test_accuracy


def test_what_cannot_be_written_is_said(workspace: Workspace, tmp_path: Path) -> None:
    info = the_run(workspace, "student")
    with pytest.raises(StudioError, match=r"\.onnx"):
        export_network(info, tmp_path / "net.onnx")
    with pytest.raises(NotWritten):
        export_network(info, tmp_path / "no folder" / "net.safetensors")
    damaged = replace(info, files={info.places.student.name: "0" * 64})
    with pytest.raises(StudioError, match="damaged"):
        export_network(damaged, tmp_path / "net.safetensors")
    assert not list(tmp_path.iterdir())
