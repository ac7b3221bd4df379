"""What every test gets: no display, one thread, a workspace of its own, and no worker left behind."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

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
def _no_thread_left() -> Iterator[None]:
    """A test that leaves a thread running fails."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if thread.daemon:  # a thread of Qt that has logged something counts as one, and cannot be joined
            continue
        thread.join(timeout=2)
        assert not thread.is_alive(), f"{thread.name} is still running"


@pytest.fixture
def golden():
    """Loads one file of reference values: ``golden("kd")["kd_T4"]``."""
    import numpy as np

    folder = Path(__file__).parent / "golden"
    return lambda name: np.load(folder / f"{name}.npz", allow_pickle=False)
