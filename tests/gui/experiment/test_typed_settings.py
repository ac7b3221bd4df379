"""Whatever is typed into the editor of any setting, at any pace: that number is used, or a refusal is said at the field."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from studio import catalog
from studio.core import paths
from studio.gui.chooser.method_options import MethodOptions
from studio.gui.chooser.options import DataOptions, Options
from studio.gui.chooser.teacher_options import TeacherOptions
from studio.gui.experiment import draft_answers
from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.experiment.experiment_panel import ExperimentPanel
from studio.gui.experiment.setting_fields import composer_fields
from studio.gui.presenters.draft_info import Choice
from studio.gui.widgets import typed_text
from studio.gui.widgets.fields import Field
from studio.gui.widgets.form import SettingsForm
from tests.gui.at_hand import line_of
from tests.gui.fake_jobs import LaterJobs
from tests.gui.fake_presenter import FakePresenter
from tests.gui.mouse_wheel import NOTCH, turn_wheel

catalog.load()
METHODS = catalog.keys("method")
NUMBERS = ("int", "float")
LISTS = ("ints", "floats")
Answers = Callable[[], None]


def picked(method: str) -> dict[str, Any]:
    return {
        "dataset": {"key": "digits"},
        "teacher": {"key": "cnn-32"},
        "student": {"key": "cnn-8"},
        "method": {"key": method},
    }


@pytest.fixture(autouse=True)
def _no_time_is_lost(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The cards are asked for at once after an edit; nobody waits in these tests."""
    monkeypatch.setattr(draft_answers, "_PAUSE", 0)
    yield
    QApplication.clipboard().clear()


@pytest.fixture
def later() -> LaterJobs:
    return LaterJobs()


def panel_with(method: str, qtbot: QtBot, later: LaterJobs, place: Path) -> ExperimentPanel:
    panel = ExperimentPanel(ExperimentDraft(picked(method)))
    qtbot.addWidget(panel)
    panel.resize(304, 900)
    panel.show()
    panel.start(FakePresenter(place), later.submit)
    later.work()
    panel.level.choose("expert")
    in_front(panel, qtbot)
    return panel


def in_front(window: QWidget, qtbot: QtBot) -> None:
    """What has the focus in it gets what is typed."""
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)


# --- what a person types ----------------------------------------------------------------------------------------------


def a_number(field: Field, chance: random.Random) -> float:
    """Mostly one inside the range of the field."""
    low = next((limit for limit in (field.low, field.above) if limit is not None), -10)
    high = next((limit for limit in (field.high, field.below) if limit is not None), 1000)
    number = chance.choice(
        [
            low + chance.random() ** 3 * (min(high, low + 100) - low),
            round(low + chance.random() * (min(high, low + 3) - low), 2),
            10 ** -chance.uniform(0, 5),
            float(chance.randrange(1, 200)),
            low - 1,
            high + 1,
        ]
    )
    if field.kind == "int":  # with three decimals it could be thousands, which is another refusal
        return round(number) if chance.random() < 0.8 else round(number, 2)
    return float(f"{number:.6g}")


def written(number: float, chance: random.Random) -> str:
    """A way to write it that means one number."""
    plain = f"{number:.10f}".rstrip("0").rstrip(".") if isinstance(number, float) else str(number)
    if float(plain) != number:
        plain = repr(number)
    ways = [plain, repr(number), f"{number:.9e}", plain + " "]
    if len(plain.partition(".")[2]) != 3:
        ways.append(plain.replace(".", ","))
    return chance.choice(ways)


def type_in(form: SettingsForm, path: str, typed: str, pace: str, answer: Answers) -> None:
    """Put a text in place of what stands in a field and go on with Return.

    Args:
        pace: fast, key after key; slow, everything is answered after each key; paste, all at once.
    """
    editor, line = form.editor(path), line_of(form, path)
    editor.setFocus()
    line.selectAll()
    if pace == "paste":
        QGuiApplication.clipboard().setText(typed)
        line.paste()
        answer()
    else:
        for key in typed:
            QTest.keyClicks(editor, key)
            if pace == "slow":
                answer()
    QTest.keyClick(editor, Qt.Key.Key_Return)
    answer()


def check(form: SettingsForm, field: Field, number: float, typed: str, used: Any) -> None:
    """The number is used and shown, or a refusal is said."""
    row = form.row(field.path)
    if field.limits.hold(number):
        assert row.error == "", f"{field.path}: {typed}"
    else:
        assert row.error, f"{field.path}: {typed}"
    assert row.value == number, f"{field.path}: {typed}"
    assert used == number, f"{field.path}: {typed}"


# --- every setting ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
def test_every_number_of_the_panel_is_taken_as_it_is_typed(
    method: str, qtbot: QtBot, later: LaterJobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(method)
    monkeypatch.setattr(typed_text, "PAUSE", chance.choice([0, 10_000]))
    panel = panel_with(method, qtbot, later, tmp_path)

    def answer() -> None:
        QApplication.processEvents()
        later.work()

    own = [field for field in panel.form.fields if field.kind in NUMBERS and field.path.startswith("method.")]
    others = [field for field in panel.form.fields if field.kind in NUMBERS and field not in own]
    assert others
    for field in (*own, *own, *(others if method == METHODS[0] else chance.sample(others, 3))):
        if field.path not in {each.path for each in panel.form.fields}:
            continue  # what was typed before it makes it change nothing
        number = a_number(field, chance)
        typed = written(number, chance)
        before = panel.draft.get(field.path, "default")
        type_in(panel.form, field.path, typed, chance.choice(["fast", "slow", "paste"]), answer)
        used = panel.draft.get(field.path, panel.form.row(field.path).default)
        check(panel.form, field, number, typed, used)
        assert panel.refusal() or not panel.form.row(field.path).error
        panel.draft.edits.undo()
        answer()
        assert panel.draft.get(field.path, "default") == before
        if chance.random() < 0.5 and field.limits.hold(number):
            panel.draft.edits.redo()
            answer()
            assert panel.form.row(field.path).value == number


def options_of(every: str, later: LaterJobs) -> Iterator[Options]:
    values = picked(every)
    for key in catalog.keys("dataset"):
        data = DataOptions("data")
        data.show_choice(Choice(key, key, ""), {})
        yield data
    for step, made in (("teacher", TeacherOptions("teacher")), ("method", MethodOptions("method"))):
        made.show_choice(Choice(values[step]["key"], step, ""), values)
        yield made


@pytest.mark.parametrize("pace", ["fast", "paused", "paste"])
def test_every_number_of_the_pages_of_choice_is_taken_as_it_is_typed(
    pace: str, qtbot: QtBot, later: LaterJobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typed_text, "PAUSE", 0 if pace == "paused" else 10_000)
    chance = random.Random(pace)
    seen = 0
    for options in options_of("ab", later):
        qtbot.addWidget(options)
        options.show()
        in_front(options, qtbot)
        for field in options.form.fields:
            if field.kind not in NUMBERS:
                continue
            number = a_number(field, chance)
            typed = written(number, chance)
            type_in(options.form, field.path, typed, "slow" if pace == "paused" else pace, QApplication.processEvents)
            table = options.table()
            used = paths.get(table, field.path.partition(".")[2], options.form.row(field.path).default)
            check(options.form, field, number, typed, used)
            options.form.row(field.path).reset_button.click()
            seen += 1
        options.hide()
    assert seen > 20


@pytest.mark.parametrize("pace", ["fast", "paused"])
def test_every_number_of_the_composer_is_taken_as_it_is_typed(
    pace: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typed_text, "PAUSE", 0 if pace == "paused" else 10_000)
    chance = random.Random(pace)
    names = catalog.find("method", "composed").Settings.model_fields
    form = SettingsForm(composer_fields({"method": {"key": "composed"}}, tuple(names)))
    qtbot.addWidget(form)
    form.show()
    in_front(form, qtbot)
    numbers = [field for field in form.fields if field.kind in NUMBERS]
    assert numbers
    for field in numbers:
        number = a_number(field, chance)
        typed = written(number, chance)
        type_in(form, field.path, typed, "slow" if pace == "paused" else pace, QApplication.processEvents)
        check(form, field, number, typed, form.values()[field.path])


@pytest.mark.parametrize("pace", ["fast", "paused", "paste"])
@pytest.mark.parametrize(
    ("path", "typed", "used"),
    [
        ("seeds", "1, 2, 5", [1, 2, 5]),
        ("seeds", "3-5", [3, 4, 5]),
        ("training.schedule.at", "0.25, 0.5", [0.25, 0.5]),
        ("training.schedule.at", "0,25; 0,5", [0.25, 0.5]),
        ("training.schedule.at", "1/3, 2/3", [1 / 3, 2 / 3]),
    ],
)
def test_lists_are_taken_as_they_are_typed(
    path: str,
    typed: str,
    used: list[float],
    pace: str,
    qtbot: QtBot,
    later: LaterJobs,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(typed_text, "PAUSE", 0 if pace == "paused" else 10_000)
    panel = panel_with("kd", qtbot, later, tmp_path)

    def answer() -> None:
        QApplication.processEvents()
        later.work()

    type_in(panel.form, path, typed, "slow" if pace == "paused" else pace, answer)
    assert panel.draft.get(path) == used
    assert panel.form.row(path).error == ""


@pytest.mark.parametrize("typed", ["abc", "1x5", "0..5", "1,000.5.2", "--2", "nan", "1e999", "5 %", "", "²"])
def test_nonsense_is_refused_at_every_number_and_shown_as_it_was_typed(
    typed: str, qtbot: QtBot, later: LaterJobs, tmp_path: Path
) -> None:
    panel = panel_with("kd", qtbot, later, tmp_path)
    for field in panel.form.fields:
        if field.kind not in (*NUMBERS, *LISTS) or (field.optional and not typed):
            continue
        line = line_of(panel.form, field.path)
        panel.form.editor(field.path).setFocus()
        line.selectAll()
        QTest.keyClicks(line, typed or "\b")
        assert panel.refusal(), field.path
        assert panel.form.row(field.path).error, field.path
        assert line.text() == typed
        with pytest.raises(Exception, match="cannot be used"):
            panel.draft.experiments()
        panel.form.row(field.path).reset_button.click()
        later.work()
        assert panel.refusal() == "", field.path


def test_the_wheel_over_a_field_that_is_not_in_hand_changes_nothing(
    qtbot: QtBot, later: LaterJobs, tmp_path: Path
) -> None:
    panel = panel_with("kd", qtbot, later, tmp_path)
    before = panel.form.values()
    for field in panel.form.fields:
        editor = panel.form.editor(field.path)
        for widget in (editor, *editor.findChildren(QWidget)):
            panel.cards["data"].setFocus()
            turn_wheel(widget, 2 * NOTCH)
    assert panel.form.values() == before
    assert len(panel.draft.edits) == 0


# --- while somebody types ---------------------------------------------------------------------------------------------


def test_nothing_is_written_into_a_text_that_is_not_complete(qtbot: QtBot, later: LaterJobs, tmp_path: Path) -> None:
    panel = panel_with("kd", qtbot, later, tmp_path)
    line = line_of(panel.form, "training.optimizer.lr")
    panel.form.editor("training.optimizer.lr").setFocus()
    line.selectAll()
    QTest.keyClicks(line, "0,0")
    panel.draft.set("training.epochs", 5)
    panel.draft.set("training.optimizer.lr", 0.3)
    panel.draft.pick("data", "moons")
    assert line.text() == "0,0"


def test_a_field_of_another_unit_keeps_what_is_being_typed(qtbot: QtBot, later: LaterJobs, tmp_path: Path) -> None:
    panel = panel_with("kd", qtbot, later, tmp_path)
    editor, line = panel.form.editor("training.batch_size"), line_of(panel.form, "training.batch_size")
    panel.draft.pick("data", "moons")
    editor.setFocus()
    line.selectAll()
    QTest.keyClicks(editor, "1")
    qtbot.waitUntil(lambda: bool(later.waiting))
    later.work()
    assert panel.form.row("training.batch_size").field.unit == "points"
    QTest.keyClicks(QApplication.focusWidget() or editor, "28")
    panel.cards["data"].setFocus()
    assert panel.draft.get("training.batch_size") == 128
    assert line_of(panel.form, "training.batch_size").text() == "128 points"


def test_what_is_typed_and_not_complete_counts_for_a_training(qtbot: QtBot, later: LaterJobs, tmp_path: Path) -> None:
    panel = panel_with("kd", qtbot, later, tmp_path)
    line = line_of(panel.form, "training.optimizer.lr")
    line.selectAll()
    QTest.keyClicks(line, "0,02")
    assert panel.refusal() == ""
    assert panel.draft.experiments()[0].training.optimizer.lr == 0.02
    line.selectAll()
    QTest.keyClicks(line, "99")
    assert panel.refusal() == "Learning rate: It must be a number above 0, up to 10."


def test_what_is_typed_belongs_to_the_experiment_it_was_typed_in(
    qtbot: QtBot, later: LaterJobs, tmp_path: Path
) -> None:
    panel = panel_with("kd", qtbot, later, tmp_path)
    line = line_of(panel.form, "training.epochs")
    line.selectAll()
    QTest.keyClicks(line, "77")
    panel.draft.load(picked("at"))
    assert panel.draft.get("training.epochs") is None
    assert line.text() == "30"
    panel.draft.edits.undo()
    assert panel.draft.get("training.epochs") == 77


def test_undoing_takes_back_what_is_being_typed(qtbot: QtBot, later: LaterJobs, tmp_path: Path) -> None:
    panel = panel_with("kd", qtbot, later, tmp_path)
    panel.draft.set("training.batch_size", 32)
    line = line_of(panel.form, "training.epochs")
    line.selectAll()
    QTest.keyClicks(line, "77")
    panel.header.undo.click()
    assert panel.draft.get("training.epochs") is None
    assert panel.draft.get("training.batch_size") == 32
    assert line.text() == "30"


def test_escape_gives_up_what_was_typed(qtbot: QtBot, later: LaterJobs, tmp_path: Path) -> None:
    panel = panel_with("kd", qtbot, later, tmp_path)
    editor, line = panel.form.editor("training.epochs"), line_of(panel.form, "training.epochs")
    editor.setFocus()
    line.selectAll()
    QTest.keyClicks(editor, "77")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert line.text() == "30"
    assert len(panel.draft.edits) == 0


def test_a_number_counts_after_a_pause_and_can_be_typed_on(
    qtbot: QtBot, later: LaterJobs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(typed_text, "PAUSE", 0)
    panel = panel_with("kd", qtbot, later, tmp_path)
    editor, line = panel.form.editor("training.optimizer.lr"), line_of(panel.form, "training.optimizer.lr")
    editor.setFocus()
    line.selectAll()
    QTest.keyClicks(editor, "0,1")
    qtbot.waitUntil(lambda: panel.draft.get("training.optimizer.lr") == 0.1)
    later.work()
    assert line.text() == "0,1"
    QTest.keyClicks(editor, "5e-")
    QApplication.processEvents()
    assert panel.draft.get("training.optimizer.lr") == 0.15 or line.text() == "0,15e-"
    QTest.keyClicks(editor, "1")
    qtbot.waitUntil(lambda: panel.draft.get("training.optimizer.lr") == 0.015)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert line.text() == "0.015"


def test_one_number_of_several_seeds_that_cannot_be_is_told(qtbot: QtBot, later: LaterJobs, tmp_path: Path) -> None:
    panel = panel_with("kd", qtbot, later, tmp_path)
    panel.draft.set("seeds", [1, -5])
    with pytest.raises(Exception, match="seed"):
        panel.draft.experiments()
    panel.draft.set("seeds", [1, 2.5])
    with pytest.raises(Exception, match="seed"):
        panel.draft.experiments()
