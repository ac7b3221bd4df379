"""The parts everything in the window is made of."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QHelpEvent, QTextDocument
from PySide6.QtWidgets import QApplication, QPlainTextEdit, QPushButton, QToolTip, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from studio.gui import theme
from studio.gui.experiment.card import Card
from studio.gui.help.help_browser import HelpBrowser
from studio.gui.presenters.drawings import Drawing, MethodShape, NetworkShape, PictureGrid, PointCloud, scale_beside
from studio.gui.views.learning.gap_bar import GapBar, Mark
from studio.gui.widgets.buttons import IconButton, SegmentedControl
from studio.gui.widgets.diagrams import DiagramBox
from studio.gui.widgets.empty_state import EmptyState
from studio.gui.widgets.error_page import ErrorPage, Remedy
from studio.gui.widgets.flow import FlowLayout
from studio.gui.widgets.labels import ClampedLabel, ElidedLabel
from studio.gui.widgets.notice import NoticeBox
from studio.gui.widgets.swatch import Swatch, marker_of
from tests.gui.at_hand import there


def colours(widget: QWidget) -> int:
    """How many colours a widget is drawn with."""
    image = widget.grab().toImage()
    return len({image.pixel(x, y) for x in range(image.width()) for y in range(image.height())})


# --- labels -----------------------------------------------------------------------------------------------------------


def test_long_words_take_three_lines_and_the_rest_is_in_the_tool_tip(qtbot: QtBot) -> None:
    words = "Copy where the neurons of the teacher switch on and off, then learn its soft answers. " * 3
    label = ClampedLabel(words, lines=3)
    qtbot.addWidget(label)
    label.resize(180, label.heightForWidth(180))
    lines = label.broken(180)
    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert label.elided
    label.setText("Short")
    assert label.broken(180) == ["Short"]
    assert not label.elided


def test_the_tool_tip_of_an_elided_label_shows_the_whole_text(qtbot: QtBot) -> None:
    label = ElidedLabel("A wide residual network with a very long name")
    label.setToolTip("What learns")
    qtbot.addWidget(label)
    label.resize(80, 20)
    label.show()
    point = label.rect().center()
    QApplication.sendEvent(label, QHelpEvent(QEvent.Type.ToolTip, point, label.mapToGlobal(point)))
    assert QToolTip.text() == "A wide residual network with a very long name\nWhat learns"
    QToolTip.hideText()


def test_an_elided_label_keeps_one_line(qtbot: QtBot) -> None:
    label = ElidedLabel("A wide residual network with a very long name")
    qtbot.addWidget(label)
    label.resize(80, 20)
    assert len(label.broken(80)) == 1
    assert not label.hasHeightForWidth()


# --- buttons ----------------------------------------------------------------------------------------------------------


def test_an_icon_button_says_what_it_does(qtbot: QtBot) -> None:
    pressed = []
    button = IconButton("undo", "Undo", lambda: pressed.append(1))
    qtbot.addWidget(button)
    assert (button.accessibleName(), button.toolTip()) == ("Undo", "Undo")
    button.click()
    assert pressed == [1]


def test_one_segment_is_down_and_the_change_is_told_once(qtbot: QtBot) -> None:
    control = SegmentedControl([("beginner", "Main"), ("expert", "All")], "Settings shown")
    qtbot.addWidget(control)
    told: list[str] = []
    control.chosen.connect(told.append)
    assert control.current == "beginner"
    qtbot.mouseClick(control.segment("expert"), Qt.MouseButton.LeftButton)
    control.choose("expert")
    assert told == ["expert"]
    control.set_words("expert", "All 23")
    assert control.segment("expert").accessibleName() == "Settings shown: All 23"
    with pytest.raises(KeyError):
        control.segment("middle")


# --- the gap ----------------------------------------------------------------------------------------------------------


def test_the_gap_bar_speaks_its_values(qtbot: QtBot) -> None:
    bar = GapBar()
    qtbot.addWidget(bar)
    bar.resize(300, 52)
    bar.show_values(0.849, teacher=Mark(0.951), alone=Mark(0.782, 0.006))
    assert bar.accessibleDescription() == "alone 78.2 ± 0.6\u00a0%, student 84.9\u00a0%, teacher 95.1\u00a0%"
    assert colours(bar) > 20


def test_without_a_gap_it_says_why(qtbot: QtBot) -> None:
    bar = GapBar()
    qtbot.addWidget(bar)
    bar.show_values(0.9, 0.901, 0.9, sentence="No gap to close.")
    assert bar.accessibleDescription() == "No gap to close."


@pytest.mark.parametrize(
    "values", [(0.7, None, None), (0.6, 0.9, 0.8), (1.0, 0.9, 0.8), (0.5, 0.5, 0.5), (None, 0.9, 0.8)]
)
def test_the_gap_bar_draws_whatever_is_known(
    qtbot: QtBot, values: tuple[float | None, float | None, float | None]
) -> None:
    bar = GapBar()
    qtbot.addWidget(bar)
    bar.resize(200, 52)
    bar.show_values(*values)
    assert colours(bar) > 3


def test_runs_beyond_the_sixth_get_a_marker(qtbot: QtBot) -> None:
    assert [marker_of(i) for i in (0, 5, 6, 12)] == ["", "", "circle", "square"]
    for kind in ("run", "teacher", "alone"):
        swatch = Swatch(kind, 7)
        qtbot.addWidget(swatch)
        assert colours(swatch) > 1


# --- cards ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def card(qtbot: QtBot) -> Card:
    made = Card(1, "Data")
    qtbot.addWidget(made)
    made.show_choice("Digits", "100 labelled pictures to learn from, 10 of each digit.", "100 pictures")
    made.resize(280, made.heightForWidth(280))
    made.show()
    return made


def test_a_card_says_step_choice_and_words(card: Card) -> None:
    assert card.accessibleName() == "Data: Digits"
    assert "100 labelled pictures" in card.accessibleDescription()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_card_opens_by_keyboard(qtbot: QtBot, card: Card, key: Qt.Key) -> None:
    with qtbot.waitSignal(card.clicked):
        qtbot.keyClick(card, key)


def test_a_card_opens_by_a_click_anywhere(qtbot: QtBot, card: Card) -> None:
    with qtbot.waitSignal(card.clicked):
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=card.rect().center())


def test_a_small_card_has_one_line_and_a_smaller_drawing(card: Card) -> None:
    tall = card.heightForWidth(228)
    card.set_compact(True)
    assert card.words == "100 pictures"
    assert card.diagram.width() == 40
    assert card.heightForWidth(228) < tall


def test_an_error_is_a_red_edge_and_part_of_what_is_spoken(card: Card) -> None:
    card.clearFocus()
    at_rest = card.grab().toImage().pixelColor(0, card.height() // 2)
    card.show_note("Channels differ: 32 against 64", "error")
    assert "Channels differ" in card.accessibleDescription()
    edge = card.grab().toImage().pixelColor(0, card.height() // 2)
    assert edge != at_rest
    assert edge.red() > edge.blue() + 60


# --- drawings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "drawing",
    [
        PictureGrid(np.random.default_rng(0).integers(0, 255, (9, 8, 8), dtype=np.uint8)),
        PictureGrid(np.random.default_rng(0).integers(0, 255, (3, 32, 31, 3), dtype=np.uint8)),
        PointCloud(np.random.default_rng(0).normal(size=(20, 2)), np.arange(20) % 2),
        PointCloud(np.zeros((1, 2)), np.zeros(1)),
        NetworkShape(((32, 16), (16, 32), (8, 64)), "teacher"),
        NetworkShape(((1, 20), (1, 20)), "student", 0.7),
        NetworkShape(tuple((32, 64) for _ in range(16)), "teacher"),
        *(MethodShape(what) for what in ("nothing", "answers", "features", "attention", "relations", "gradients")),
    ],
)
def test_every_drawing_shows_something(qtbot: QtBot, drawing: Drawing) -> None:
    box = DiagramBox(56)
    qtbot.addWidget(box)
    empty = colours(box)
    box.show_drawing(drawing, student=2)
    assert colours(box) > empty


def test_a_smaller_network_is_drawn_smaller_but_never_tiny() -> None:
    assert scale_beside(100, 100) == 1
    assert scale_beside(200, 100) == 1
    assert 0.7 <= scale_beside(25, 100) < scale_beside(50, 100) < 1
    assert scale_beside(1, 10**9) == pytest.approx(0.7)


# --- strips and pages -------------------------------------------------------------------------------------------------


def test_a_notice_without_words_is_hidden(qtbot: QtBot) -> None:
    notice = NoticeBox()
    qtbot.addWidget(notice)
    assert notice.isHidden()
    notice.show_message("What you change here is for the next run.", "warning", link="Why")
    assert not notice.isHidden()
    assert notice.accessibleName() == "What you change here is for the next run."
    with qtbot.waitSignal(notice.followed):
        there(notice.findChild(QPushButton)).click()


def test_an_empty_view_offers_the_button_that_fills_it(qtbot: QtBot) -> None:
    empty = EmptyState("No runs yet.", "Your first one appears here.", "Train")
    qtbot.addWidget(empty)
    with qtbot.waitSignal(empty.pressed):
        there(empty.findChild(QPushButton)).click()
    empty.set_text("Nothing here.")
    assert there(empty.findChild(QPushButton)).isHidden()


@pytest.fixture
def error(qtbot: QtBot) -> ErrorPage:
    page = ErrorPage()
    qtbot.addWidget(page)
    page.show_error(
        "The GPU ran out of memory",
        why="A batch of 128 pictures needs 9.4 GB.",
        remedies=[
            Remedy("halve_batch", "Go on with batch 64", "Needs 5.9 GB."),
            Remedy("cpu", "Go on without the GPU"),
        ],
        details="Traceback (most recent call last): ...",
    )
    page.show()
    return page


def test_the_first_button_of_an_error_is_the_remedy(qtbot: QtBot, error: ErrorPage) -> None:
    assert [button.text() for button in error.remedy_buttons] == ["Go on with batch 64", "Go on without the GPU"]
    assert error.remedy_buttons[0].property("kind") == "primary"
    with qtbot.waitSignal(error.chosen) as told:
        error.remedy_buttons[1].click()
    assert told.args == ["cpu"]


def test_details_are_folded_until_asked_for_and_can_be_copied(qtbot: QtBot, error: ErrorPage) -> None:
    details = there(error.findChild(QPlainTextEdit))
    assert details.isHidden()
    buttons = {button.text(): button for button in error.findChildren(QPushButton)}
    buttons["Details for a bug report"].click()
    assert not details.isHidden()
    buttons["Copy"].click()
    assert "Traceback" in QGuiApplication.clipboard().text()
    assert "The GPU ran out of memory" in QGuiApplication.clipboard().text()


def test_an_error_shown_again_has_only_its_own_buttons(error: ErrorPage) -> None:
    error.show_error("The disk is full", remedies=[Remedy("resume", "Go on")])
    assert [button.text() for button in error.remedy_buttons] == ["Go on"]
    assert error.accessibleName() == "The disk is full"


def test_words_that_do_not_fit_begin_a_new_line(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    flow = FlowLayout(8)
    QVBoxLayout(holder).addLayout(flow)
    for _ in range(6):
        piece = QWidget()
        piece.setFixedSize(100, 20)
        flow.addWidget(piece)
    assert flow.heightForWidth(700) == 20
    assert flow.heightForWidth(330) == 2 * 20 + 8
    assert flow.heightForWidth(100) == 6 * 20 + 5 * 8


# --- help -------------------------------------------------------------------------------------------------------------


@pytest.fixture
def help_(qtbot: QtBot, tmp_path: Path) -> HelpBrowser:
    (tmp_path / "ab.md").write_text(
        "# Activation boundary\n\nCopies **boundaries**. [More](help:other)\n\n> <i>ρ</i> · max(0, <i>μ</i> − <i>s</i>)\n\n"
        "![two networks](two.svg)\n\n| sign | meaning |\n|---|---|\n| ρ | on |\n",
        encoding="utf-8",
    )
    (tmp_path / "other.md").write_text("# Other\n\nText.\n", encoding="utf-8")
    (tmp_path / "two.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="100"><rect width="400" height="100" fill="@teacher"/></svg>'
    )
    browser = HelpBrowser(tmp_path)
    qtbot.addWidget(browser)
    browser.resize(260, 400)
    return browser


def test_a_page_is_found_by_its_name(help_: HelpBrowser) -> None:
    help_.open_page("ab.md")
    assert help_.page == "ab"
    assert "Activation boundary" in help_.toPlainText()
    assert "max(0, μ − s)" in help_.toPlainText()


def test_a_link_tells_the_page_and_the_heading_it_leads_to(help_: HelpBrowser, qtbot: QtBot) -> None:
    help_.open_page("ab")
    with qtbot.waitSignal(help_.link_followed) as followed:
        help_.anchorClicked.emit(QUrl("help:other#Learning rate"))
    assert followed.args == ["other", "Learning rate"]


def test_a_page_that_does_not_exist_says_so(help_: HelpBrowser) -> None:
    assert not help_.has_page("nothing")
    help_.open_page("nothing")
    assert "no help page" in help_.toPlainText()


def test_a_page_name_cannot_leave_the_folder(help_: HelpBrowser, tmp_path: Path) -> None:
    outside = tmp_path.parent / "secret.md"
    outside.write_text("# Secret")
    help_.open_page("../secret")
    assert "Secret" not in help_.toPlainText()


def test_pictures_take_the_colours_of_the_theme(help_: HelpBrowser, qapp: QApplication) -> None:
    def colour() -> str:
        image: Any = help_.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl("two.svg"))
        return str(image.pixelColor(10, 10).name())

    assert colour() == theme.load_theme("light").color("teacher").name()
    theme.install(qapp, "dark")
    assert colour() == theme.load_theme("dark").color("teacher").name()


def test_a_clamped_label_gets_the_height_of_its_lines_where_it_is_narrower_than_it_hoped(qtbot: QtBot) -> None:
    outside = QWidget()
    qtbot.addWidget(outside)
    column = QVBoxLayout(outside)
    label = ClampedLabel("94 k parameters, trained first on this computer", lines=3)
    column.addWidget(label)
    column.addStretch()
    outside.resize(150, 300)
    outside.show()
    assert len(label.broken(label.width())) > 1
    assert label.height() == label.heightForWidth(label.width())
