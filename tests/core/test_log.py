"""Errors that nobody foresaw leave their traceback in the log of the workspace."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from studio.core import log
from studio.core.errors import StudioError, unexpected, unexpected_in_run


@pytest.fixture(autouse=True)
def _no_log_left() -> Iterator[None]:
    yield
    for handler in list(log.logger.handlers):
        log.logger.removeHandler(handler)
        handler.close()


def fail() -> None:
    raise ZeroDivisionError("by nothing")


def caught() -> ZeroDivisionError:
    try:
        fail()
    except ZeroDivisionError as error:
        return error
    raise AssertionError


def run(code: str, workspace: Path) -> subprocess.CompletedProcess[str]:
    """A program that logs to ``workspace``."""
    begin = f"from pathlib import Path; from studio.core import log; log.start_log(Path({str(workspace)!r}))\n"
    return subprocess.run([sys.executable, "-c", begin + code], capture_output=True, text=True, timeout=60, check=False)


def test_nothing_is_made_before_there_is_something_to_write(tmp_path: Path) -> None:
    log.start_log(tmp_path / "workspace")
    assert not (tmp_path / "workspace").exists()


@pytest.mark.parametrize("translate", [unexpected, unexpected_in_run])
def test_an_unforeseen_error_that_is_told_is_logged_with_its_traceback(
    tmp_path: Path, translate: Callable[[Exception], StudioError]
) -> None:
    log.start_log(tmp_path)
    translate(caught())
    written = log.log_file(tmp_path).read_text(encoding="utf-8")
    assert "ZeroDivisionError: by nothing" in written
    assert "in fail" in written


def test_an_error_nobody_catches_is_logged_and_shown_as_ever(tmp_path: Path) -> None:
    ended = run("1 / 0", tmp_path)
    assert ended.returncode == 1
    assert "ZeroDivisionError" in ended.stderr
    assert "ZeroDivisionError" in log.log_file(tmp_path).read_text(encoding="utf-8")


def test_an_error_in_a_thread_and_in_a_destructor(tmp_path: Path) -> None:
    code = (
        "import threading\n"
        "def work(): raise KeyError('in the thread')\n"
        "thread = threading.Thread(target=work); thread.start(); thread.join()\n"
        "class Odd:\n"
        "    def __del__(self): raise ValueError('at the end')\n"
        "Odd()\n"
    )
    run(code, tmp_path)
    written = log.log_file(tmp_path).read_text(encoding="utf-8")
    assert "in the thread" in written
    assert "at the end" in written


def test_a_death_in_compiled_code_leaves_the_lines_it_died_in(tmp_path: Path) -> None:
    code = (
        "import ctypes, threading\n"
        f"log.log_crashes(Path({str(tmp_path)!r}))\n"
        "def read_nowhere(): ctypes.string_at(0)\n"
        "read_nowhere()\n"
    )
    assert run(code, tmp_path).returncode < 0
    assert "read_nowhere" in (tmp_path / "logs" / "crashes.log").read_text(encoding="utf-8")


def test_old_entries_go_when_the_log_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "MAX_BYTES", 2_000)
    log.start_log(tmp_path)
    for number in range(100):
        log.logger.info("entry %d %s", number, "x" * 100)
    files = sorted(log.log_file(tmp_path).parent.iterdir())
    assert len(files) == 1 + log.OLDER
    assert all(file.stat().st_size <= 2_000 for file in files)
    assert "entry 99" in log.log_file(tmp_path).read_text(encoding="utf-8")


def test_a_log_that_cannot_be_written_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "logs").write_text("in the way")
    log.start_log(tmp_path)
    log.logger.error("nobody reads this")
    log.log_crashes(tmp_path)
    assert capsys.readouterr().err == ""
