"""The program as a person or a script starts it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.studio_here import StudioHere
from tests.cli.studio_process import StudioProcess


@pytest.fixture
def studio(tmp_path: Path) -> StudioProcess:
    """The program in a process of its own."""
    return StudioProcess(tmp_path)


@pytest.fixture
def here(tmp_path: Path) -> StudioHere:
    """The same in the process of the tests, of the same workspace."""
    return StudioHere(tmp_path)
