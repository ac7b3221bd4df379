"""``kill -9`` at every call while a run's folder is made: it is there whole, or not at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from studio.core.files import is_unfinished
from studio.runs.store.workspace import Workspace

#: Makes folders of a reference in workspaces "1", "2", and so on of a folder, each in a process of its own that is killed at
#: the call of that number, until one comes to its end; prints how each ended.
MAKE = """
import io, os, signal, sys
from pathlib import Path
from studio.runs.store.workspace import Workspace

calls = 0

def counted(function, last):
    def call(*given, **named):
        global calls
        calls += 1
        if calls == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*given, **named)
    return call

documents = {
    "experiment.toml": b'name = "Teacher"',
    "environment.json": b'{"created": "2026-01-01T00:00:00Z", "sequence": 1}',
    "summary.json": b'{"role": "teacher", "parent": "who-asked"}',
}

def make(workspace, last):
    for name in ("mkdir", "open", "fsync", "replace", "close"):
        setattr(os, name, counted(getattr(os, name), last))
    io.open = counted(io.open, last)
    with workspace.new_run("none digits", documents):
        os._exit(0)

ended = -signal.SIGKILL
for last in range(int(sys.argv[2]), int(sys.argv[3])):
    if ended == 0:
        break
    workspace = Workspace(Path(sys.argv[1], str(last)))
    if not (child := os.fork()):
        make(workspace, last)
    ended = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    print(ended)
"""


def make(folder: Path, first: int, last: int) -> list[int]:
    """Make a run in workspaces ``first`` to ``last`` of a folder: how the process of each ended."""
    command = [sys.executable, "-c", MAKE, str(folder), str(first), str(last + 1)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.stderr
    return [int(line) for line in done.stdout.split()]


@pytest.mark.skipif(os.name == "nt", reason="nobody is killed so on Windows")
def test_a_run_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    *killed, ended = make(tmp_path, 1, 200)
    assert set(killed) == {-signal.SIGKILL}
    assert ended == 0
    there: list[bool] = []
    for number in range(1, len(killed) + 2):
        workspace = Workspace(tmp_path / str(number))
        listed = workspace.runs()
        assert [(info.parent, info.role, bool(info.problem)) for info in listed] in (
            [],
            [("who-asked", "teacher", False)],
        )
        workspace.sweep()
        assert not [path for path in workspace.path.rglob("*") if is_unfinished(path.name)]
        assert workspace.runs() == listed
        there.append(bool(listed))
    assert len(there) > 10
    assert there == sorted(there)  # not there until a certain call, and from then on
    assert there[-1]


@pytest.mark.skipif(os.name == "nt", reason="nobody is killed so on Windows")
def test_the_next_run_sweeps_what_the_one_before_left(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "8")
    with pytest.raises(ZeroDivisionError), workspace.new_run("none digits", {"summary.json": json.dumps({}).encode()}):
        raise ZeroDivisionError
    assert len(list(workspace.run_folder.iterdir())) == 1  # it had begun: that is the caller's business
    assert make(tmp_path, 8, 8) == [-signal.SIGKILL]
    assert any(is_unfinished(path.name) for path in workspace.run_folder.iterdir())
    with workspace.new_run("none digits", {}):
        assert not any(is_unfinished(path.name) for path in workspace.run_folder.iterdir())
