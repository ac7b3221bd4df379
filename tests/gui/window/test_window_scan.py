"""What was left out of a person's own pictures is said in the window: while it trains, beside the run, and in its report."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from studio.runs.results.html_report import report
from tests.data.picture_folders import classes
from tests.gui.window_driver import WindowDriver


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> WindowDriver:
    return WindowDriver(qtbot, tmp_path / "workspace")


def said(driver: WindowDriver) -> str:
    """The page at the side that tells of the run."""
    return "\n".join(label.text() for label in driver.window.help.run_page.findChildren(QLabel))


def test_what_is_left_out_is_said_in_the_window(driver: WindowDriver, tmp_path: Path) -> None:
    pictures = classes(tmp_path / "pictures", "cup", "ring", count=8)
    for i in range(8):
        (pictures / "cup" / f"torn {i}.png").write_bytes(b"")
    (pictures / "ring" / "IMG_1.HEIC").write_bytes(b"\0\0\0\x18ftypheic")
    main = driver.open(real=True)
    main.window.draft.load(
        {
            "dataset": {"key": "images", "path": str(pictures), "size": 8},
            "teacher": {"key": "cnn-8", "epochs": 1},
            "student": {"key": "cnn-4"},
            "method": {"key": "none"},
            "training": {"steps": 2, "batch_size": 8},
        }
    )
    with driver.qtbot.waitSignal(main.training_controller.run_ended, timeout=60_000) as ended:
        main.training_controller.train()
    notice = main.views_page.notice
    assert notice.property("surface") == "warning"
    assert "9 of 25 pictures are left out" in notice.words
    assert "8 of 25 pictures could not be read" in notice.words
    assert "(HEIC), for example ring/IMG_1.HEIC" in notice.words
    driver.wait(lambda: "ring/IMG_1.HEIC" in said(driver))
    assert "cup/torn 0.png: it is empty" in said(driver)
    assert "ring/IMG_1.HEIC" in report(ended.args[0])
    notice.followed.emit()
    assert notice.isHidden()
