"""The terminal says what was found in own pictures once, though a run and each of its references look at them."""

from __future__ import annotations

import pytest

from studio.cli.listeners import Lines
from studio.core.picture_scan import LeftOut, PictureScan, ValueRange
from studio.core.scan_text import scan_warning
from studio.events import Notice, PicturesScanned
from studio.runs.timing.time_left import TimeLeft


def test_a_scan_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    scan = PictureScan(
        "/pictures",
        {"train": 12},
        2,
        left_out=(LeftOut("kind", 30, "cup/IMG_1.HEIC", "HEIC"),),
        ranges=(ValueRange("whole", 12, 0, 4000, 0, 4095),),
    )
    what, why = scan_warning(scan)
    listen = Lines(TimeLeft())
    for run in ("teacher", "alone", "own"):
        listen(PicturesScanned(run=run, scan=scan))
        listen(Notice(run=run, level="warning", what=what, why=why))
    said = capsys.readouterr().err
    assert said.count("Value range: 12 pictures have more than 8 bits") == 1
    assert said.count("Warning: 30 of 42 pictures are of a kind that cannot be read here") == 1
