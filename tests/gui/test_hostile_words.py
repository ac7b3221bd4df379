"""What people and strangers call things is shown as it is: in labels, tool tips, tables, views and questions."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import Qt, QTextDocument
from PySide6.QtWidgets import QLabel, QToolTip
from pytestqt.qtbot import QtBot

import studio.gui
from studio.core.message import text
from studio.gui.help.help_browser import HelpBrowser
from studio.gui.presenters.shown_run import ShownRun
from studio.gui.text.tool_tip import LONGEST, plain_tip
from studio.gui.views import views
from studio.gui.views.base import View
from studio.gui.widgets.labels import ClampedLabel, Label
from studio.gui.widgets.notice import NoticeBox
from tests.gui import made_up
from tests.gui.hostile_words import LONG, MARKUP, NAMES, WORST, faults, obeyed, takes_markup
from tests.gui.made_up_tree import drawable, grown, tree_run
from tests.gui.window_driver import WindowDriver


class TestToolTips:
    @pytest.mark.parametrize("words", NAMES)
    def test_they_show_letters_and_nothing_else(self, words: str) -> None:
        """A label of Qt's own shows them, as rich text where they look like it."""
        tip = plain_tip(words)
        assert not takes_markup(tip)
        if Qt.mightBeRichText(tip):
            document = QTextDocument()
            document.setHtml(tip)
            assert document.toPlainText() == words
            assert "<img" not in document.toHtml()

    def test_plain_words_stay_as_they_are(self) -> None:
        for words in ("What computes", "a < b", "84.2 %\nwith a second line", "Rock & roll", ""):
            assert plain_tip(words) == words

    def test_one_that_is_long_does_not_cover_the_window(self) -> None:
        assert len(plain_tip(LONG)) == LONGEST

    def test_qt_shows_one_as_it_is(self, qtbot: QtBot) -> None:
        """Where it is shown, a label of Qt's own takes it."""
        label = Label(MARKUP)
        qtbot.addWidget(label)
        label.show()
        QToolTip.showText(label.mapToGlobal(label.rect().center()), plain_tip(MARKUP), label)
        assert QToolTip.text() == plain_tip(MARKUP)
        QToolTip.hideText()


@pytest.mark.parametrize("words", NAMES)
def test_labels_show_letters(qtbot: QtBot, words: str) -> None:
    plain, clamped = Label(words), ClampedLabel()
    clamped.setText(words)
    notice = NoticeBox()
    for widget in (plain, clamped, notice):
        qtbot.addWidget(widget)
    notice.show_message(words)
    assert faults(plain) + faults(clamped) + faults(notice) == []
    assert not obeyed(plain.text() + clamped.text())


def test_help_fetches_nothing_that_a_text_names(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "secret.svg").write_text("<svg/>")
    (tmp_path / "secret.txt").write_text("secret")
    browser = HelpBrowser()
    qtbot.addWidget(browser)
    for name in ("secret.txt", "secret.png", "secret.svg"):
        for kind in QTextDocument.ResourceType:
            assert browser.loadResource(kind.value, QUrl.fromLocalFile(tmp_path / name)) is None
    browser.open_page("none](file:///etc/hostname) <img src=x>")
    assert "hostname)" not in browser.toHtml()


@pytest.fixture(params=views(), ids=lambda kind: kind.key)
def view(request: pytest.FixtureRequest, qtbot: QtBot) -> View:
    """A view of runs whose names, classes and terms are as bad as can be."""
    made: View = request.param()
    qtbot.addWidget(made)
    made.resize(830, 560)
    made.set_runs(tuple(_renamed(made.key)))
    made.show()
    for _ in range(3):
        made.refresh()
        qtbot.wait(1)
    return made


def _renamed(key: str) -> Iterator[ShownRun]:
    if key == "plane":
        runs = made_up.point_runs()
    elif key == "generations":
        runs = made_up.chain_runs()
    elif key == "tree":
        runs = [tree_run(drawable(grown((WORST, WORST * 2), WORST)))]
    else:
        runs = [
            ShownRun(made_up.pictures_run(WORST, run=f"run{i}", readings=60, snapshots=4, classes=(WORST,) * 6, seed=i))
            for i in range(2)
        ]
    for run in runs:
        run.history.label = WORST
        yield ShownRun(
            run.history,
            color_index=run.color_index,
            role=run.role,
            current=run.current or run is runs[0],
            gap=run.gap,
            gap_words=text("No gap: {why}", why=WORST),
            group=run.group,
            method=run.method,
            step=run.step,
            tree=run.tree,
        )


def test_a_view_shows_letters(view: View) -> None:
    assert faults(view) == []
    assert any("bold" in label.text() for label in view.findChildren(QLabel)) or view.grab().width() == view.width()


def test_the_window_shows_letters(qtbot: QtBot, tmp_path: Path) -> None:
    """A run of a stranger in the list: its name, titles, notes, tags and reasons are as bad as can be."""
    driver = WindowDriver(qtbot, tmp_path / "w")
    driver.open()
    driver.main.training_controller.train()
    driver.wait_idle()
    driver.close()
    for folder in (tmp_path / "w" / "runs").iterdir():
        labels = {"name": WORST, "notes": WORST * 3, "tags": [WORST, "b"]}
        (folder / "labels.json").write_text(json.dumps(labels))
        summary = json.loads((folder / "summary.json").read_text())
        summary["titles"] = dict.fromkeys(summary["titles"], WORST)
        summary |= {name: text(WORST.replace("{", "")).template for name in ("reason", "sentence") if name in summary}
        (folder / "summary.json").write_text(json.dumps(summary))
    again = WindowDriver(qtbot, tmp_path / "w")
    again.open()
    again.wait_idle()
    window = again.window
    assert faults(window) == []
    for info in again.main.run_store.runs:
        again.main.run_store.tick([info.id], on=True)
        again.main.run_actions.open(info.id)
        again.wait(lambda: not again.main.background.busy)
    for kind in again.main.views_page.views:
        again.main.page_router.show_view(kind.key)
        qtbot.wait(30)
        assert faults(window) == []
    again.close()


# --- in the source ------------------------------------------------------------------------------------------------------


def calls(name: str) -> Iterator[tuple[str, ast.Call]]:
    """Every call of this name in the window's source, with its place."""
    for file in sorted(Path(next(iter(studio.gui.__path__))).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and name_of(node) == name:
                yield f"{file.name}:{node.lineno}", node


def name_of(call: ast.Call) -> str:
    """What is called: the last part of its name."""
    return call.func.id if isinstance(call.func, ast.Name) else str(getattr(call.func, "attr", ""))


def is_own(words: ast.expr) -> bool:
    """Whether an expression is made of the program's own words alone, or of what ``plain_tip`` gives."""
    if isinstance(words, ast.Constant):
        return True
    if isinstance(words, ast.IfExp):
        return is_own(words.body) and is_own(words.orelse)
    if not isinstance(words, ast.Call):
        return False
    called = name_of(words)
    return called == "plain_tip" or (called == "tr" and all(isinstance(part, ast.Constant) for part in words.args))


def test_every_tool_tip_goes_through_the_one_place() -> None:
    told = [(place, call.args[-1]) for place, call in calls("setToolTip")]
    told += [(place, call.args[1]) for place, call in calls("showText")]
    assert len(told) > 25
    assert [place for place, words in told if not is_own(words)] == []


def test_every_label_is_a_plain_one() -> None:
    """Qt's own labels guess whether words are HTML; so do its questions."""
    made = [place for place, _ in calls("QLabel")] + [place for place, _ in calls("QErrorMessage")]
    assert made == []
    questions = [place for place, call in calls("setTextFormat") if "PlainText" in ast.unparse(call)]
    assert len(questions) >= 4
