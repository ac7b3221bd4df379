"""How long it takes to open the page on which a network is chosen, and to type in its search.

Once with 1,100 made-up networks, once with the catalogue and what it finds of other libraries. Opening is from the click to
the first painted list, the answer of the presenter included; what is looked up and drawn of the pair afterwards, in a worker,
is not. Typing is from a key to the painted list. Printed are median and worst of the rounds, in processor time: on a busy
machine the clock says nothing.

    python -m tests.benchmarks.picker [--networks 1100] [--rounds 7]
"""

from __future__ import annotations

import os

if not any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio import catalog
from studio.core.message import NOTHING, Text
from studio.gui import theme
from studio.gui.chooser.chooser_page import ChooserPage
from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.presenters.draft_info import Choice, Presenter, Step, Values
from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.gui.presenters.pair_info import PairInfo
from studio.runs.store.workspace import Workspace
from tests.gui.fake_jobs import at_once
from tests.gui.fake_presenter import FakePresenter

TYPED = ("family-1 net-1", "resnet-20", "vit_tiny_patch16")
DRAFT = {"dataset": {"key": "cifar10"}, "teacher": {"key": "wrn-22-4"}, "student": {"key": "wrn-16-2"}}


class ManyNetworks(FakePresenter):
    """Lists as many networks as it is told to; every ninth does not fit."""

    def __init__(self, place: Path, networks: int) -> None:
        super().__init__(place)
        self._networks = [
            Choice(
                f"family-{n % 40}-net-{n}",
                f"Net {n}",
                f"One of the family {n % 40}.",
                heading=f"Family {n % 40}",
                tag=f"{n} k",
                details=((Text("Parameters"), str(n)),),
                refusal=NOTHING if n % 9 else Text("It reads larger pictures."),
                parameters=1000 * n,
            )
            for n in range(networks)
        ]

    def choices(self, step: Step, values: Values) -> list[Choice]:
        return list(self._networks) if step in ("teacher", "student") else super().choices(step, values)


class Catalogue(DraftPresenter):
    """The real one, which answers no more than the list."""

    def look_up(self, step: Step, key: str, values: Values) -> None:
        del step, key, values

    def pair(self, values: Values) -> PairInfo | None:
        del values
        return None


def measure(presenter: Presenter, rounds: int, app: QApplication) -> tuple[list[float], list[float]]:
    """Milliseconds of processor time of each opening and each key."""
    opened: list[float] = []
    typed: list[float] = []
    for _ in range(rounds):
        begun = time.process_time()
        page = ChooserPage("student", ExperimentDraft(DRAFT), presenter, at_once, "Learning")
        page.resize(1100, 800)
        page.show()
        app.processEvents()
        page.repaint()
        opened.append(1000 * (time.process_time() - begun))
        for words in TYPED:
            page.choice_search.search.clear()
            for letter in words:
                begun = time.process_time()
                QTest.keyClicks(page.choice_search.search, letter)
                page.list.viewport().repaint()
                typed.append(1000 * (time.process_time() - begun))
        page.close_page()
        page.deleteLater()
        app.processEvents()
    return opened, typed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", type=int, default=1100)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    app = QApplication([])
    theme.install(app, "light")
    catalog.load()
    with tempfile.TemporaryDirectory() as folder:
        real = Catalogue(Workspace(Path(folder)))
        shown: dict[str, Presenter] = {
            f"{asked.networks} made-up networks": ManyNetworks(Path(folder), asked.networks),
            f"{len(real.choices('student', DRAFT))} of the catalogue": real,
        }
        for name, presenter in shown.items():
            for what, times in zip(("opening", "a key"), measure(presenter, asked.rounds, app), strict=True):
                worst = f"worst {max(times):.0f} ms (n = {len(times)})"
                print(f"{name}, {what}: median {statistics.median(times):.0f} ms, {worst}")


if __name__ == "__main__":
    main()
