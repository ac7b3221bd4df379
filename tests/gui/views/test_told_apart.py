"""Names that begin alike are told apart wherever there is little room for them."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint
from PySide6.QtGui import QFont, QFontMetricsF, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from studio.gui.views.charts.case_strip import CaseStrip, ShownCase
from studio.gui.views.charts.told_apart import told_apart

SPRUCE, FIR = "covertype-1-as-the-maps-say-spruce", "covertype-1-as-the-maps-say-fir"


@pytest.fixture
def font(qapp: QApplication) -> QFont:
    return QFont("Inter", 10)


@pytest.mark.parametrize(
    "names",
    [
        (SPRUCE, FIR),
        tuple(f"a long beginning {number}" for number in range(12)),
        tuple(f"a long beginning {number} and a long end" for number in range(12)),
        ("one and the same beginning", "one and the same beginning, longer", "another"),
    ],
)
@pytest.mark.parametrize("share", [0.3, 0.5, 0.8])
def test_no_two_are_written_alike_and_each_has_room(names: tuple[str, ...], share: float, font: QFont) -> None:
    metrics = QFontMetricsF(font)
    room = share * max(map(metrics.horizontalAdvance, names))
    written = told_apart(names, font, room)
    assert len(set(written.values())) == len(names)
    assert all(metrics.horizontalAdvance(words) <= room for words in written.values())


def test_what_is_like_no_other_keeps_its_beginning(font: QFont) -> None:
    room = 0.6 * QFontMetricsF(font).horizontalAdvance(SPRUCE)
    written = told_apart((SPRUCE, FIR, "lodgepole pine of the mountains", "aspen"), font, room)
    assert written["aspen"] == "aspen"
    assert written["lodgepole pine of the mountains"].startswith("lodgepole")
    assert written["lodgepole pine of the mountains"].endswith("…")


def strip_of(qtbot: QtBot, *cases: ShownCase) -> CaseStrip:
    strip = CaseStrip("Examples")
    qtbot.addWidget(strip)
    strip.show_cases(cases)
    return strip


@pytest.mark.parametrize("words", ["", "elevation 3000"])
def test_what_an_example_is_and_what_was_answered_differ_in_a_strip(words: str, qtbot: QtBot) -> None:
    case = ShownCase(4, SPRUCE, "not {name}", {"name": FIR}, words)
    strip = strip_of(qtbot, case)
    title, remark = strip.title_of(case), strip.remark_of(case)
    assert remark.startswith("not ")
    assert SPRUCE not in title
    assert title != remark.removeprefix("not ")
    assert title.rstrip("…")[-3:] != remark.rstrip("…")[-3:], "what differs is seen, not what is shared"


def test_the_tip_and_the_spoken_name_have_the_names_in_full(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    strip = strip_of(qtbot, ShownCase(4, SPRUCE, "not {name}", {"name": FIR}))
    told: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, words, _widget: told.append(words))
    at = strip.place(0).center().toPoint()
    QApplication.sendEvent(strip, QHelpEvent(QEvent.Type.ToolTip, at, strip.mapToGlobal(at)))
    away = QPoint(strip.width() + 50, 0)
    QApplication.sendEvent(strip, QHelpEvent(QEvent.Type.ToolTip, away, strip.mapToGlobal(away)))
    assert told == [f"{SPRUCE}, not {FIR}", ""]
    assert f"{SPRUCE}, not {FIR}" in strip.accessibleName()
