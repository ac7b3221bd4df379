"""Drawings that are written in by hand, with larger letters: each line has its room, and the drawing grows with them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.chooser.pair_drawing import PairDrawing
from studio.gui.composer.composer_drawing import ComposerDrawing
from studio.gui.presenters.drawings import NetworkShape
from studio.gui.presenters.pair_presenter import pair_info
from studio.insight.network_and_data_info import cast_of
from tests.gui.at_hand import there
from tests.gui.drawn_texts import DrawnText, drawn_texts

WIDTH = 1040


@pytest.fixture(autouse=True)
def _usual_size(qapp: QApplication) -> Iterator[None]:
    theme.install(qapp, "light")
    yield
    theme.set_text_scale(qapp, 1.0)


@pytest.fixture
def pair() -> QWidget:
    made = PairDrawing()
    made.show_pair(there(pair_info(cast_of("wrn-22-4", "wrn-16-2", (3, 32, 32), 10), (8.4, 2.1))))
    return made


@pytest.fixture
def composed() -> QWidget:
    made = ComposerDrawing()
    shapes = (
        NetworkShape(((32, 16), (16, 32), (8, 64)), "teacher"),
        NetworkShape(((32, 8), (16, 16), (8, 32)), "student"),
    )
    made.show_method(shapes, "Ends of the groups", "Attention map", "1 × 1 convolution", "Squared difference")
    return made


def shown(qtbot: QtBot, drawing: QWidget) -> QWidget:
    """A page that leaves it the height it wants."""
    page = QWidget()
    qtbot.addWidget(page)
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(drawing)
    column.addStretch(1)
    page.resize(WIDTH, 900)
    page.show()
    return page


def overlapping(texts: list[DrawnText]) -> list[tuple[str, str]]:
    return [(one.words, other.words) for one, other in combinations(texts, 2) if one.box.intersects(other.box)]


@pytest.mark.parametrize("which", ["pair", "composed"])
@pytest.mark.parametrize("scale", [0.8, 1.3, 2.0])
def test_what_is_written_grows_and_has_room(
    which: str, scale: float, request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication
) -> None:
    drawing: QWidget = request.getfixturevalue(which)
    page = shown(qtbot, drawing)
    before, height = drawn_texts(drawing), drawing.height()
    theme.set_text_scale(qapp, scale)
    qtbot.waitUntil(lambda: drawing.height() == drawing.sizeHint().height() != height)
    assert drawing.height() == pytest.approx(scale * height, abs=1)
    texts = drawn_texts(drawing)
    assert {text.size for text in texts} == {round(scale * text.size) for text in before}
    assert overlapping(texts) == []
    room = QRectF(drawing.rect())
    assert [text.words for text in texts if not room.contains(text.box)] == []
    assert page.isVisible()


def test_what_is_done_to_a_network_is_written_in_full_at_every_size(
    composed: QWidget, qtbot: QtBot, qapp: QApplication
) -> None:
    page = shown(qtbot, composed)
    for scale in (1.0, 1.5, 2.0):
        theme.set_text_scale(qapp, scale)
        qtbot.waitUntil(lambda: composed.height() == composed.sizeHint().height())
        assert {text.words for text in drawn_texts(composed)} == {
            "Ends of the groups",
            "Attention map",
            "1 × 1 convolution",
            "Squared difference",
        }
    assert page.isVisible()
