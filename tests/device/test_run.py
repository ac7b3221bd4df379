"""The device checks on the processor: what they print, what they keep, and what they need not have installed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import tests.device.run
from tests.device.fast_training_row import run_part
from tests.device.needed_packages import NEEDED
from tests.device.part_process import Part
from tests.device.report import Line, Report, Request
from tests.device.run import PARTS, main

ROOT = Path(tests.device.run.__file__).parents[2]
#: What of the program's needs its window and its terminal alone import.
NOT_NEEDED = {"PySide6-Essentials", "pyqtgraph", "rich"}
#: Seconds that a busy machine may take; the part takes some.
PATIENCE = "600"


def test_methods_are_tried_in_a_process_of_their_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "figures.json"
    asked = ["--device", "cpu", "--part", "methods", "--only", "ab,fitnet", "--seconds", PATIENCE, "--to", str(file)]
    assert main(asked) == 0
    first, _, title, *lines, last = capsys.readouterr().out.splitlines()
    assert first.startswith("device cpu, name ")
    assert f"at most {PATIENCE} s" in title
    assert [line.partition(" on cpu")[0] for line in lines] == [
        "  fitnet exact: hint 3, task 9 steps",
        "  ab exact: transfer 3, task 9 steps",
        "  fitnet (features) killed at step 6 of 12 and gone on with: every bit as in the undisturbed run",
        "  fitnet fast: hint 3, task 9 steps",
        "  ab fast: transfer 3, task 9 steps",
    ]
    assert last.endswith(" s in all")
    kept = json.loads(file.read_text())
    assert kept["computes"]["device"] == "cpu"
    told = kept["parts"]["methods"]["lines"]
    assert [f"  {line['words']}" for line in told] == lines
    assert told[2]["values"] == {
        "method": "fitnet", "compares": "features", "killed_at": 6, "difference": 0.0, "spread": 0.0, "allowed": 0.0
    }  # fmt: skip
    assert told[1]["values"]["stages"] == {"transfer": 3, "task": 9}


def test_a_part_that_breaks_off_leaves_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("speed", "listener"):
        monkeypatch.setitem(PARTS, name, Part("tests.device.report", 600))  # which has nothing that could be run
    file = tmp_path / "figures.json"
    assert main(["--device", "cpu", "--part", "speed", "listener", "--to", str(file)]) == 1
    printed = capsys.readouterr().out
    assert printed.count("FAILED: the part broke off") == 2
    assert "AttributeError: module 'tests.device.report' has no attribute 'run_part'" in printed
    kept = json.loads(file.read_text())["parts"]
    assert [kept[name]["lines"][0]["kind"] for name in ("speed", "listener")] == ["failed", "failed"]


def test_the_row_says_that_it_lacks_its_pictures() -> None:
    told: list[Line] = []
    run_part(Report(told.append, 1.0), Request("cpu", 1.0))
    assert [line.words for line in told] == [
        "left out: all of it, for want of the pictures: name their folder with --data"
    ]


def test_what_is_missing_is_said_before_any_work(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(NEEDED, "tomli-w", "no_such_module")
    assert main(["--device", "cpu"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert "this Python lacks tomli-w:" in told.err


def test_the_packages_needed_are_those_of_the_program_below_its_window() -> None:
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {re.split(r"[<>=]", line)[0] for line in wanted}
    assert set(NEEDED) == names - NOT_NEEDED


def test_no_part_imports_what_its_machine_may_lack() -> None:
    modules = ", ".join(part.module for part in PARTS.values())
    code = f"import sys, {modules}; print(sorted({{'PySide6', 'pyqtgraph', 'rich', 'pytest'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
