"""The card that shows a pair, opened alone with what a presenter says of a real one."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from studio.gui.chooser.pair_card import PairCard
from studio.gui.presenters.pair_presenter import pair_info
from studio.gui.widgets.labels import Label
from studio.insight.network_and_data_info import cast_of
from tests.gui.fake_jobs import at_once
from tests.gui.fake_presenter import FakePresenter


def test_it_shows_a_pair_and_hides_without_one(qtbot: QtBot, tmp_path: Path) -> None:
    card = PairCard(FakePresenter(tmp_path), at_once)
    qtbot.addWidget(card)
    card.show_pair(pair_info(cast_of("wrn-22-4", "wrn-16-2", (3, 32, 32), 10), (8.4, 2.1)))
    assert not card.isHidden()
    card.resize(700, 600)
    card.show()
    qtbot.waitUntil(lambda: "6.2 times fewer" in _said(card))
    assert "4 times faster" in _said(card)
    assert "do not, and why" in _said(card)
    assert "64 and 32 channels" in card.drawing.accessibleDescription()
    assert "Group 2 compared by FitNets, " in card.drawing.accessibleDescription()
    assert "Answers compared by Logit matching, " in card.drawing.accessibleDescription()
    assert not card.grab().isNull()
    card.resize(340, 600)  # in little room it counts them
    assert not card.grab().isNull()
    card.ask({"student": {"key": "cnn-4"}})  # of which nothing is known
    assert card.isHidden()


def _said(card: PairCard) -> str:
    return " ".join(label.text() for label in card.findChildren(Label) if label.isVisible())
