"""A run is held by who runs it, through the operating system: a dead holder holds nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest

from studio.core.errors import StudioError
from studio.runs.files.folder import RunFolder
from studio.runs.files.lock import held, is_held

HOLD = """
import sys, time
from pathlib import Path
from studio.runs.files.lock import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(folder: RunFolder) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the run."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(folder.lock)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_a_run_nobody_holds_is_free(folder: RunFolder) -> None:
    assert not is_held(folder.lock)
    with held(folder.lock):
        assert is_held(folder.lock)
    assert not is_held(folder.lock)


def test_a_run_is_held_by_one_process_only(folder: RunFolder, holder: subprocess.Popen[str]) -> None:
    assert is_held(folder.lock)
    with pytest.raises(StudioError, match="is running now"), held(folder.lock):
        pytest.fail("two hold it")


def test_the_lock_of_a_killed_holder_is_recovered(folder: RunFolder, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait()
    assert folder.lock.exists()
    assert not is_held(folder.lock)
    with held(folder.lock):
        assert is_held(folder.lock)
