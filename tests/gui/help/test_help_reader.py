"""The help as it is read: back, forward, search, and a page that stays while somebody reads it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core import resources
from studio.gui import theme
from studio.gui.help.help_history import HelpTopic
from studio.gui.help.help_reader import HelpReader
from studio.gui.presenters.help_search import search_help
from tests.gui.mouse_wheel import NOTCH, turn_wheel
from tests.gui.window_driver import WindowDriver

START, KD, AT = HelpTopic("start"), HelpTopic("method-kd"), HelpTopic("method-at")


@pytest.fixture
def reader(qtbot: QtBot) -> HelpReader:
    made = HelpReader()
    qtbot.addWidget(made)
    made.resize(276, 500)
    made.show()
    made.suggest(START)
    return made


@pytest.fixture
def driver(qtbot: QtBot, tmp_path: Path) -> WindowDriver:
    return WindowDriver(qtbot, tmp_path / "workspace")


def scroll(reader: HelpReader) -> None:
    """As the wheel of a mouse does."""
    turn_wheel(reader.browser.viewport(), -NOTCH)


def test_the_help_follows_what_has_the_focus_as_long_as_nobody_reads(reader: HelpReader) -> None:
    reader.suggest(KD)
    assert reader.browser.page == "method-kd"
    reader.suggest(AT)
    assert reader.browser.page == "method-at"
    assert not reader.history.can_go_back  # nobody read any of them


def test_a_page_that_is_read_stays_and_the_other_is_offered(reader: HelpReader) -> None:
    reader.suggest(KD)
    scroll(reader)
    there = reader.browser.verticalScrollBar().value()
    assert there > 0
    reader.suggest(AT)
    assert reader.browser.page == "method-kd"
    assert reader.browser.verticalScrollBar().value() == there
    assert reader.offer.isVisibleTo(reader)
    assert reader.offer.text() == "Show: Attention transfer"
    reader.offer.click()
    assert reader.browser.page == "method-at"
    assert not reader.offer.isVisibleTo(reader)
    reader.suggest(START)
    assert reader.browser.page == "start"  # it follows again


def test_a_change_of_theme_leaves_the_page_where_it_was(reader: HelpReader, qapp: QApplication) -> None:
    reader.ask_for(HelpTopic("settings"))
    scroll(reader)
    there = reader.browser.verticalScrollBar().value()
    theme.install(qapp, "dark")
    assert abs(reader.browser.verticalScrollBar().value() - there) <= 2


def test_back_and_forward_lead_over_what_was_asked_for(reader: HelpReader) -> None:
    reader.ask_for(KD)
    reader.browser.anchorClicked.emit(QUrl("help:method-at"))
    assert reader.browser.page == "method-at"
    reader.back.click()
    assert reader.browser.page == "method-kd"
    reader.back.click()
    assert reader.browser.page == "start"
    assert not reader.back.isEnabled()
    reader.forward.click()
    reader.forward.click()
    assert reader.browser.page == "method-at"
    assert not reader.forward.isEnabled()
    QTest.keyClick(reader.browser, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert reader.browser.page == "method-kd"


def test_a_link_leads_to_its_heading(reader: HelpReader) -> None:
    reader.browser.anchorClicked.emit(QUrl("help:glossary#Loss"))
    far = reader.browser.verticalScrollBar().value()
    reader.browser.anchorClicked.emit(QUrl("help:glossary#Agreement"))
    assert 0 < reader.browser.verticalScrollBar().value() < far


def test_a_search_leads_to_what_was_found_and_its_end_to_the_page_before(reader: HelpReader, qtbot: QtBot) -> None:
    reader.ask_for(KD)
    QTest.keyClicks(reader.search, "confident")
    qtbot.waitUntil(lambda: "In the help: confident" in reader.browser.toPlainText())
    assert "Decoupled soft targets: When to use it" in reader.browser.toPlainText()
    QTest.keyClick(reader.search, Qt.Key.Key_Escape)
    assert reader.browser.page == "method-kd"


def test_a_search_without_a_hit_says_so(reader: HelpReader, qtbot: QtBot) -> None:
    QTest.keyClicks(reader.search, "xylophone")
    qtbot.waitUntil(lambda: "Nothing was found" in reader.browser.toPlainText())


def test_titles_come_before_headings_and_those_before_text(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("# Other\n\n## Far\n\nA seed, a seed.\n\n- **Bold** seed\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("# Things\n\n## Seed\n\nText.\n", encoding="utf-8")
    (tmp_path / "c.md").write_text("# Seeds\n\n![seed](x.svg)\n\n@seed\n", encoding="utf-8")
    (tmp_path / "d.md").write_bytes(b"# seed \xff")
    found = search_help(tmp_path, "see")
    assert [(hit.title, hit.section) for hit in found] == [("Seeds", ""), ("Things", "Seed"), ("Other", "Far")]
    assert found[-1].excerpt == "A seed, a seed. Bold seed"
    assert search_help(tmp_path, "seed bold") == [found[-1]]
    assert search_help(tmp_path, "  ") == []


def test_the_cells_of_tables_and_formulas_are_found_and_not_told(tmp_path: Path) -> None:
    page = "# Table\n\nWhat `at` gave.\n\n> <i>L</i> = 1\n\n| | steps |\n| --- | --- |\n| labels | 192,000 |\n"
    (tmp_path / "a.md").write_text(page, encoding="utf-8")
    assert [hit.excerpt for hit in search_help(tmp_path, "labels")] == ["What at gave."]


def test_what_is_new_comes_last_unless_it_was_asked_for() -> None:
    found = [hit.page for hit in search_help(resources.folder("help"), "when attention")]
    assert found[0] == "which-method"
    assert found == sorted(found, key=lambda page: page == "whats-new")
    assert search_help(resources.folder("help"), "what’s new")[0].page == "whats-new"


def test_how_uncertain_a_result_is_can_be_found() -> None:
    found = search_help(resources.folder("help"), "uncertain")
    assert ("glossary", "Interval") in [(hit.page, hit.section) for hit in found]


def test_enter_opens_the_first_of_what_was_found(reader: HelpReader) -> None:
    QTest.keyClicks(reader.search, "which method when")
    QTest.keyClick(reader.search, Qt.Key.Key_Return)
    assert reader.browser.page == "which-method"
    QTest.keyClicks(reader.search, "xylophone")
    QTest.keyClick(reader.search, Qt.Key.Key_Return)
    assert "Nothing was found" in reader.browser.toPlainText()


def test_an_excerpt_leads_to_where_it_stands(reader: HelpReader, qtbot: QtBot) -> None:
    QTest.keyClicks(reader.search, "uncertain")
    qtbot.waitUntil(lambda: "In the help: uncertain" in reader.browser.toPlainText())
    excerpt = reader.browser.document().find("How uncertain a figure is")
    assert excerpt.charFormat().anchorHref() == "help:glossary#Interval"


def test_a_run_that_begins_takes_no_page_away(driver: WindowDriver) -> None:
    main = driver.open()
    main.window.open_help("gap-closed")
    main.train_preset("digits")
    driver.wait_idle()
    assert main.window.help.browser.page == "gap-closed"


def test_the_page_of_a_card_is_that_of_what_was_chosen(driver: WindowDriver) -> None:
    main = driver.open()
    main.window.panel.cards["data"].setFocus()
    main.window.draft.pick("data", "shapes")
    driver.wait(lambda: main.window.help.browser.page == "data-shapes")


def test_f1_on_a_setting_tells_what_it_means(driver: WindowDriver) -> None:
    main = driver.open()
    main.window.open_help("gap-closed")
    main.window.panel.form.editor("training.batch_size").setFocus()
    main.window.actions_["help"].trigger()
    shown = main.window.help.browser.toPlainText()
    assert shown.startswith("Batch")
    assert "The pictures that are seen together in one step" in shown


def test_the_method_chooser_leads_to_which_method_when(driver: WindowDriver) -> None:
    main = driver.open()
    main.page_router.show_chooser("method")
    link = next(one for one in driver.chooser.findChildren(type(main.window.help.reader.offer)) if "when" in one.text())
    link.click()
    shown = main.window.help.browser.toPlainText()
    assert shown.startswith("Which method when?")
    assert "the teacher knows other classes" in shown
