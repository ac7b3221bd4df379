"""What a scan of own pictures found goes with the run: as an event, in its summary, in its report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from studio.core.picture_scan import LeftOut, PictureScan
from studio.events import Event, Notice, PicturesScanned
from studio.experiment import validated
from studio.runs.files.event_codec import from_line, to_line
from studio.runs.launch import launch
from studio.runs.results.html_report import report
from studio.runs.run_info import read_events, read_info
from studio.runs.store.workspace import Workspace
from tests.data.picture_folders import classes

HEIC = b"\0\0\0\x18ftypheic"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Two classes, one file of which cannot be read."""
    folder = classes(tmp_path / "pictures", "a", "b")
    (folder / "a" / "phone <1>.heic").write_bytes(HEIC)
    return folder


def test_a_run_carries_what_was_found(workspace: Workspace, pictures: Path) -> None:
    values = {
        "dataset": {"key": "images", "path": str(pictures), "size": 8},
        "teacher": {"key": "cnn-4"},
        "student": {"key": "cnn-4"},
        "method": {"key": "none"},
        "training": {"steps": 1, "batch_size": 4, "device": "cpu"},
    }
    told: list[Event] = []
    info = launch(validated(values), workspace, told.append)
    expected = LeftOut("kind", 1, "a/phone <1>.heic", "HEIC")
    (scanned,) = (event for event in told if isinstance(event, PicturesScanned))
    (warning,) = (event for event in told if isinstance(event, Notice) and event.level == "warning")
    assert scanned.scan.left_out == (expected,)
    assert "1 of 9 pictures are of a kind that cannot be read here" in str(warning.paragraph())
    assert [event.scan for event in read_events(info.places) if isinstance(event, PicturesScanned)] == [scanned.scan]
    assert info.scan == scanned.scan
    assert "a/phone &lt;1&gt;.heic" in report(info)
    listing = json.loads((info.folder / "scan.json").read_text(encoding="utf-8"))
    assert listing["left_out"][0]["count"] == 1
    assert listing["classes"] == {"train": {"a": 4, "b": 4}}


def test_an_event_is_written_and_read_back() -> None:
    scan = PictureScan("/p", {"train": 3, "test": 1}, 2, (LeftOut("unreadable", 1, "x", "it is empty"),))
    event = PicturesScanned(run="r", scan=scan)
    line = from_line(to_line(event, 1, 0.0))
    assert line is not None
    assert isinstance(line.event, PicturesScanned)
    assert line.event.scan == scan


@pytest.mark.parametrize(
    "odd", [None, {}, [], {"folder": 3}, {"folder": "x", "pictures": {"train": 10**30}, "classes": 2}]
)
def test_an_odd_scan_costs_its_page_and_not_the_run(workspace: Workspace, pictures: Path, odd: object) -> None:
    folder = workspace.folder("a-run")
    folder.path.mkdir(parents=True)
    folder.summary.write_text(json.dumps({"state": "finished", "steps": 7, "scan": odd}), encoding="utf-8")
    info = read_info(folder)
    assert info.scan is None
    assert info.steps == 7


def test_a_summary_from_before_there_were_scans_has_none(workspace: Workspace) -> None:
    folder = workspace.folder("old")
    folder.path.mkdir(parents=True)
    folder.summary.write_text(json.dumps({"schema_version": 1, "state": "finished"}), encoding="utf-8")
    assert read_info(folder).scan is None
