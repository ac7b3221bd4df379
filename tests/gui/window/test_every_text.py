"""Every label, tip and sentence of every page, read for what no person should have to read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio.experiment import validated
from studio.gui.presenters.draft_info import STEPS
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views import views
from studio.gui.views.base import View
from tests.gui import made_up
from tests.gui.window.reading import KEY, cut, faults, texts
from tests.gui.window_driver import WindowDriver

VALUES = {
    "dataset": {"key": "digits"},
    "teacher": {"key": "cnn-8"},
    "student": {"key": "cnn-4"},
    "method": {"key": "kd"},
}


@pytest.mark.parametrize(
    "text", ["-1 %", "below alone by -0.3", "-, -", "None", "0.166667", "seed 1234567", "mlp-20-20"]
)
def test_what_is_looked_for_is_found(text: str) -> None:
    assert faults(text)


@pytest.mark.parametrize(
    "text",
    ["−1 %", "1-5 points", "Off-line", "1,234,567", "0.1667", "MLP 20-20", "2-D plane", "t-SNE", "3.14", "2026-01-01"],
)
def test_what_is_well_written_is_not(text: str) -> None:
    assert not faults(text)


#: Where the names that are to be typed are told.
TYPED = ("QLineEdit", "HelpBrowser")


def said(widget: QWidget) -> list[str]:
    """What is wrong with what a widget says."""
    for _ in range(3):
        QApplication.processEvents()
    wrong = set(cut(widget))
    for place, text in texts(widget):
        found = [fault for fault in faults(text) if fault != KEY or not place.startswith(TYPED)]
        wrong |= {f"{place}: {fault}: {text!r}" for fault in found}
    return sorted(wrong)


@pytest.mark.parametrize(("width", "height"), [(1024, 700), (1440, 900)])
def test_the_pages_of_the_window(qtbot: QtBot, tmp_path: Path, width: int, height: int) -> None:
    driver = WindowDriver(qtbot, tmp_path / "workspace")
    main = driver.open(width, height)
    wrong = {"welcome": said(main.window)}
    main.page_router.show_gallery()
    wrong["gallery"] = said(main.window)
    for step in STEPS:
        main.page_router.show_chooser(step)
        driver.wait(lambda: driver.chooser.list.current is not None, timeout=30_000)
        driver.wait(lambda: not main.background.busy, timeout=30_000)
        wrong[step] = said(main.window)
    main.window.panel.level.choose("expert")
    wrong["all settings"] = said(main.window.panel)
    main.training_controller.train_all([validated({**VALUES, "seed": seed}) for seed in (0, 1)])
    driver.wait(lambda: main.queue.doing == "idle" and not main.queue.waiting, timeout=60_000)
    driver.wait(lambda: not main.background.busy, timeout=30_000)
    for number in range(len(main.views_page.views)):
        main.views_page.tabs.choose(number)
        wrong[f"view {number}"] = said(main.window)
    main.runs_dock.group.setChecked(True)
    wrong["grouped"] = said(main.runs_dock)
    assert {page: found for page, found in wrong.items() if found} == {}


@pytest.mark.parametrize("view", views(), ids=lambda view: view.key)
def test_every_view(qtbot: QtBot, view: type[View]) -> None:
    made = view()
    qtbot.addWidget(made)
    made.resize(712, 470)
    made.show()
    found: dict[str, list[str]] = {}
    for name, runs in shown_runs():
        made.set_runs(runs)
        for _ in range(4):
            made.refresh()
        found[name] = said(made)
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def shown_runs() -> Iterator[tuple[str, list[ShownRun]]]:
    yield "nothing", []
    yield "pictures", made_up.picture_runs(readings=50)
    yield "points", made_up.point_runs()
    yield "chains", made_up.chain_runs()
    bad = made_up.pictures_run("Hints", run="bad", reached=0.3, readings=20, snapshots=3)
    yield "far below alone", [ShownRun(bad, current=True)]
