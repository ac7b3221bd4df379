"""``kill -9`` at every call while a run's folder is made: it is there whole, or not at all."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from studio.core.files import is_unfinished
from studio.runs.store.workspace import Workspace

#: Makes the folder of a reference, and is killed at the call of that number.
MAKE = """
import io, os, signal, sys
from pathlib import Path
from studio.runs.store.workspace import Workspace

calls, last = 0, int(sys.argv[2])

def counted(function):
    def call(*given, **named):
        global calls
        calls += 1
        if calls == last:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*given, **named)
    return call

workspace = Workspace(Path(sys.argv[1]))
for name in ("mkdir", "open", "fsync", "replace", "close"):
    setattr(os, name, counted(getattr(os, name)))
io.open = counted(io.open)
documents = {
    "experiment.toml": b'name = "Teacher"',
    "environment.json": b'{"created": "2026-01-01T00:00:00Z", "sequence": 1}',
    "summary.json": b'{"role": "teacher", "parent": "who-asked"}',
}
with workspace.new_run("none digits", documents):
    calls = -1000
print(calls)
"""


def make(workspace: Path, last: int) -> bool:
    """Whether the process came to its end."""
    done = subprocess.run([sys.executable, "-c", MAKE, str(workspace), str(last)], capture_output=True, check=False)
    assert done.returncode in (0, -9), done.stderr
    return done.returncode == 0


@pytest.mark.skipif(os.name == "nt", reason="nobody is killed so on Windows")
def test_a_run_is_made_whole_or_not_at_all(tmp_path: Path) -> None:
    there: list[bool] = []
    for last in range(1, 200):
        workspace = Workspace(tmp_path / str(last))
        ended = make(workspace.path, last)
        listed = workspace.runs()
        assert [(info.parent, info.role, bool(info.problem)) for info in listed] in (
            [],
            [("who-asked", "teacher", False)],
        )
        workspace.sweep()
        assert not [path for path in workspace.path.rglob("*") if is_unfinished(path.name)]
        assert workspace.runs() == listed
        there.append(bool(listed))
        if ended:
            break
    assert len(there) > 10
    assert there == sorted(there)  # not there until a certain call, and from then on
    assert there[-1]


def test_the_next_run_sweeps_what_the_one_before_left(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with pytest.raises(ZeroDivisionError), workspace.new_run("none digits", {"summary.json": json.dumps({}).encode()}):
        raise ZeroDivisionError
    assert len(list(workspace.run_folder.iterdir())) == 1  # it had begun: that is the caller's business
    make(workspace.path, 8)
    assert any(is_unfinished(path.name) for path in workspace.run_folder.iterdir())
    with workspace.new_run("none digits", {}):
        assert not any(is_unfinished(path.name) for path in workspace.run_folder.iterdir())
