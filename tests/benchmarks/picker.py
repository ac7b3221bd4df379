"""How long it takes to open the page on which a network is chosen, and to type in its search, with 1,100 networks.

Names are made up; opening is from the click to the first painted page, typing from a key to the painted list. Printed are
median and worst of the rounds.

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

from studio.core.message import NOTHING, Text
from studio.gui import theme
from studio.gui.chooser.chooser_page import ChooserPage
from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.presenters.draft_info import Choice, Step, Values
from tests.gui.fake_jobs import at_once
from tests.gui.fake_presenter import FakePresenter

TYPED = "family-1 net-1"


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
            )
            for n in range(networks)
        ]

    def choices(self, step: Step, values: Values) -> list[Choice]:
        return list(self._networks) if step in ("teacher", "student") else super().choices(step, values)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--networks", type=int, default=1100)
    parser.add_argument("--rounds", type=int, default=7)
    asked = parser.parse_args()
    app = QApplication([])
    theme.install(app, "light")
    opened: list[float] = []
    typed: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        presenter = ManyNetworks(Path(folder), asked.networks)
        for _ in range(asked.rounds):
            draft = ExperimentDraft({"dataset": {"key": "digits"}, "teacher": {"key": "family-1-net-1"}})
            begun = time.perf_counter()
            page = ChooserPage("teacher", draft, presenter, at_once, "Learning")
            page.resize(1100, 800)
            page.show()
            app.processEvents()
            page.repaint()
            opened.append(1000 * (time.perf_counter() - begun))
            for letter in TYPED:
                begun = time.perf_counter()
                QTest.keyClicks(page.choice_search.search, letter)
                page.list.viewport().repaint()
                typed.append(1000 * (time.perf_counter() - begun))
            page.close_page()
            page.deleteLater()
            app.processEvents()
    for what, times in (("opening", opened), ("a key", typed)):
        print(f"{what}: median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms (n = {len(times)})")


if __name__ == "__main__":
    main()
