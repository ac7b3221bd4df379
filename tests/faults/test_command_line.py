"""What a person reads in the terminal when a fault strikes: one clear sentence, a code, and how to go on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from studio.cli import main
from studio.runs.store.workspace import Workspace
from tests.faults.full_disk import fill_after

EXPERIMENT = """
[dataset]
key = "digits"
per_class = 5
[teacher]
key = "cnn-4"
[student]
key = "cnn-4"
[method]
key = "none"
[training]
epochs = 2
batch_size = 16
device = "cpu"
"""

#: The same without scikit-learn, which takes a process a second to import.
OF_POINTS = EXPERIMENT.replace('"digits"\nper_class = 5', '"moons"\ncount = 60').replace("cnn-4", "mlp-8-8")


@pytest.fixture
def experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path / "workspace"))
    file = tmp_path / "experiment.toml"
    file.write_text(EXPERIMENT, encoding="utf-8")
    return file


def test_a_full_disk_in_mid_run_says_how_to_go_on(
    experiment: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with monkeypatch.context() as patched:
        fill_after(8, patched)
        assert main(["train", str(experiment)]) == 1
    told = capsys.readouterr().err
    assert "The disk is full" in told
    assert told.endswith("“studio resume last” goes on with the run.\n")
    assert main(["resume", "last"]) == 0
    assert "The student reached" in capsys.readouterr().out


def test_a_disk_that_is_full_from_the_start_offers_nothing_to_go_on_with(
    experiment: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fill_after(0, monkeypatch)
    assert main(["train", str(experiment)]) == 1
    told = capsys.readouterr().err
    assert "The disk is full" in told
    assert "studio resume" not in told


@pytest.mark.parametrize("command", [["runs"], ["show", "last"], ["resume", "last"], ["train"]], ids=" ".join)
def test_a_workspace_that_is_a_file(
    command: list[str], experiment: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    in_the_way = tmp_path / "a file"
    in_the_way.write_text("not a folder", encoding="utf-8")
    asked = [*command, str(experiment)] if command == ["train"] else command
    assert main([*asked, "--workspace", str(in_the_way)]) == 2
    told = capsys.readouterr()
    assert f"The workspace {in_the_way} cannot be" in told.err
    assert "--workspace" in told.err
    assert not told.out


def test_another_workspace_reaches_every_command(
    experiment: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    there = tmp_path / "elsewhere"
    assert main(["--workspace", str(there), "train", str(experiment)]) == 0
    (folder,) = (there / "runs").iterdir()
    for command in (["runs"], ["show", "last"]):
        capsys.readouterr()
        assert main([*command, "--workspace", str(there)]) == 0
        assert folder.name in capsys.readouterr().out
    assert main(["resume", folder.name[:-1], "--workspace", str(there)]) == 2
    assert "nothing left to do" in capsys.readouterr().err
    assert main(["doctor", "--workspace", str(there)]) == 0
    assert str(there) in capsys.readouterr().out
    assert not (tmp_path / "workspace").exists()


@pytest.mark.skipif(sys.platform == "win32", reason="the shell and the devices are those of Unix")
@pytest.mark.parametrize(
    "redirected",
    [
        "2>&1 | head -n 1",
        "--json | head -n 1",
        "> /dev/full",
        "--json > /dev/full",
        ">&-",
        "2>&-",
        ">&- 2>&-",
        "2> /dev/full",
    ],
)
def test_who_reads_may_leave_and_the_run_goes_on(experiment: Path, redirected: str) -> None:
    experiment.write_text(OF_POINTS, encoding="utf-8")
    command = f"{sys.executable} -m studio train {experiment} {redirected}"
    ended = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=120, check=False
    )
    assert ended.returncode == 0, ended.stderr
    assert "wrong inside the studio" not in ended.stdout + ended.stderr
    (info,) = Workspace().runs()
    assert info.state == "finished"


@pytest.mark.skipif(sys.platform == "win32", reason="the devices are those of Unix")
def test_a_list_that_cannot_be_printed_says_why(experiment: Path) -> None:
    command = f"{sys.executable} -m studio list datasets > /dev/full"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120, check=False)
    assert "Standard output cannot be written to: No space left on device." in ended.stderr
    assert len(ended.stderr.splitlines()) == 1
