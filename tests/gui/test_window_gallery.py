"""The gallery page: one click takes an experiment into the panels or trains it, a set trains as a whole."""

from __future__ import annotations

import pytest
from bench import Bench
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton


@pytest.fixture
def bench(qtbot, tmp_path) -> Bench:
    return Bench(qtbot, tmp_path / "workspace")


def press(bench: Bench, words: str) -> None:
    """Press the button of the gallery page with this accessible name."""
    page = bench.work.pages.gallery
    found = next(one for one in page.findChildren(QPushButton) if one.accessibleName() == words)
    bench.qtbot.mouseClick(found, Qt.MouseButton.LeftButton)


def test_a_set_is_queued_as_a_whole(bench):
    work = bench.open()
    begun = []
    work.queue.began.connect(lambda job: begun.append(job.title))
    work.pages.show_gallery()
    press(bench, "Start all 4: Do the same neurons fire?")
    bench.wait_idle()
    assert begun == ["Boundaries (AB)", "Values, L2", "Values, L1", "Values, L0.5"]
    assert {run.name for run in work.shelf.runs} >= set(begun)
    assert work.window.pages.currentWidget() is work.page


def test_a_set_named_at_the_start_trains_as_its_button_does(bench):
    work = bench.open(preset="boundaries", train=True)
    bench.wait_idle()
    assert [one.name for one in bench.engine.launched] == [
        "Boundaries (AB)",
        "Values, L2",
        "Values, L1",
        "Values, L0.5",
    ]
    assert work.window.draft.key("method") == "ab"


def test_one_taken_into_the_panels_trains_nothing(bench):
    work = bench.open()
    work.pages.show_gallery()
    press(bench, "Take into the panels: See it happen on points in the plane")
    assert work.window.draft.key("data") == "moons"
    assert work.queue.doing == "idle"
    assert work.window.pages.currentWidget() is work.window.welcome
