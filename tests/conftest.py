"""What every test gets: no display, one thread, a workspace of its own, and no worker left behind."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QThread

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import pytest


@pytest.fixture(autouse=True)
def _own_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing a test does touches a real workspace."""
    monkeypatch.setenv("STUDIO_WORKSPACE", str(tmp_path / "workspace"))


@pytest.fixture(autouse=True, scope="session")
def _one_thread() -> None:
    """Small tensors are faster on one thread, and two cores are shared."""
    import torch

    torch.set_num_threads(1)


@pytest.fixture(autouse=True)
def _no_fsync(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test needs what it writes to outlive a power cut; a disk takes milliseconds to promise that for each file."""
    monkeypatch.setattr("os.fsync", lambda _handle: None)


@pytest.fixture(autouse=True)
def _no_thread_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A test that leaves a thread running fails."""
    before = set(threading.enumerate())
    started = _started_qthreads(monkeypatch) if "PySide6.QtCore" in sys.modules else []
    yield
    for thread in set(threading.enumerate()) - before:
        if thread.daemon:  # a thread of Qt that has logged something counts as one, and cannot be joined
            continue
        thread.join(timeout=2)
        assert not thread.is_alive(), f"{thread.name} is still running"
    for qthread in started:
        assert not _runs(qthread), f"{qthread} is still running"


def _started_qthreads(monkeypatch: pytest.MonkeyPatch) -> list[QThread]:
    """The threads of Qt that are started from now on; they are kept alive until the test is over."""
    from PySide6.QtCore import QThread

    started: list[QThread] = []
    start = QThread.start

    def start_and_remember(thread: QThread, *priority: QThread.Priority) -> None:
        started.append(thread)
        start(thread, *priority)

    monkeypatch.setattr(QThread, "start", start_and_remember)
    return started


def _runs(thread: QThread) -> bool:
    """Whether it still runs after two seconds of grace; Qt may have deleted it."""
    from shiboken6 import isValid

    return isValid(thread) and not thread.wait(2000)
