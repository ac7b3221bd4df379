"""The epochs of linked plots stay in sight where the plots are scrolled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from studio.events import TermReading, Terms
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.views.learning.view import LearningView
from tests.gui import made_up


@pytest.fixture
def view(qtbot: QtBot) -> Any:
    """Six terms in a small window."""
    history = made_up.pictures_run(readings=40)
    names = [f"term {i}" for i in range(6)]
    history.handle_event(
        Terms(
            step=history.step + 1,
            terms={name: TermReading(0.5, 1.0, "transfer") for name in names},
            learning_rate=0.1,
            pictures_per_second=1.0,
        )
    )
    made = LearningView()
    qtbot.addWidget(made)
    made.resize(620, 360)
    made.show()
    made.set_runs([ShownRun(history, 0, current=True)])
    made.refresh()
    qtbot.wait(30)
    return made


@pytest.mark.parametrize("place", ["top", "bottom"])
def test_the_epochs_are_in_sight_wherever_the_strips_are_scrolled_to(view: LearningView, place: str) -> None:
    bar = view.terms.verticalScrollBar()
    assert bar.maximum() > 0
    bar.setValue(0 if place == "top" else bar.maximum())
    ruler = view.terms.ruler
    assert ruler.isVisible()
    assert view.rect().contains(ruler.geometry().translated(view.terms.mapTo(view, QPoint(0, 0))))
    assert next(words for _, words in ruler.labels) == "0"
    assert len(ruler.labels) > 1


def test_they_stand_below_what_they_are_of(view: LearningView) -> None:
    plot = next(iter(view.terms.strips.values())).plot
    (low, high), _ = plot.ranges
    epochs = np.array([float(words) for _, words in view.terms.ruler.labels])
    assert (low <= epochs).all()
    assert (epochs <= high).all()
    pixels, _ = plot.to_pixels(epochs, np.zeros(len(epochs)))
    shift = plot.mapTo(view.terms, QPoint(0, 0)).x()
    assert [at for at, _ in view.terms.ruler.labels] == pytest.approx((pixels + shift).tolist(), abs=1.5)
