"""Forms generated from settings models."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic import Field as ModelField
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.core.message import Text
from studio.core.setting_field import setting
from studio.core.suited_setting import SuitedSetting
from studio.gui.widgets.fields import Field, fields_of
from studio.gui.widgets.form import SettingsForm
from studio.gui.widgets.number_editors import NumberEditor
from tests.gui.at_hand import editor_of, fill_in, line_of
from tests.gui.mouse_wheel import turn_wheel


class Optimizer(BaseModel):
    lr: float = setting(0.05, gt=0, le=10, description="Size of a step", step=0.01)
    key: Literal["sgd", "adam"] = setting("sgd", description="The rule", level="expert", words={"sgd": "SGD"})


class Varied(BaseModel):
    pad: int = setting(0, ge=0, le=64, description="Border", unit="pixels")
    flip: bool = setting(False, description="Mirror")


class Settings(BaseModel):
    epochs: int = setting(30, ge=1, le=1000, description="How often", unit="epochs")
    batch_size: int = setting(64, ge=1, le=65_536, description="Pictures per step", unit="pictures", label="Batch")
    steps: int | None = setting(None, ge=1, description="Budget", level="expert", empty="by epochs")
    share: float = setting(1 / 6, ge=0.02, le=0.9, description="Share", level="expert")
    optimizer: Optimizer = ModelField(default_factory=Optimizer, description="How")
    varied: Varied | None = ModelField(None, description="How varied")
    flip: bool = setting(False, description="Mirror")
    at: tuple[float, ...] = setting((0.3, 0.6), description="Where it drops")
    name: str = setting("", description="What you call it", empty="yours")
    path: Path = ModelField(description="The folder")


@pytest.fixture
def form(qtbot: QtBot) -> SettingsForm:
    made = SettingsForm(fields_of(Settings, "training", "Training"))
    qtbot.addWidget(made)
    made.resize(280, 700)
    made.show()
    return made


def test_what_is_said_below_a_row_that_stayed_has_room(form: SettingsForm) -> None:
    fields = fields_of(Settings, "training", "Training")
    form.set_fields(fields)  # the rows stay
    QApplication.processEvents()
    path = "training.optimizer.lr"
    row = form.row(path)
    before, unsaid = form.heightForWidth(form.width()), row.heightForWidth(row.width())
    form.show_suited({path: SuitedSetting(row.value, Text("It fits the pictures of this run."), Text("Less fits."))})
    QApplication.processEvents()
    assert row.note
    assert form.heightForWidth(form.width()) >= before + row.heightForWidth(row.width()) - unsaid


def field(path: str) -> Field:
    return next(each for each in fields_of(Settings) if each.path == path)


# --- what is read off a model -----------------------------------------------------------------------------------------


def test_nested_models_become_dotted_paths_in_order() -> None:
    assert [each.path for each in fields_of(Settings)] == [
        "epochs",
        "batch_size",
        "steps",
        "share",
        "optimizer.lr",
        "optimizer.key",
        "varied.pad",
        "varied.flip",
        "flip",
        "at",
        "name",
        "path",
    ]


def test_a_field_has_everything_its_description_says() -> None:
    batch = field("batch_size")
    assert (batch.kind, batch.label, batch.unit, batch.default) == ("int", "Batch", "pictures", 64)
    assert (batch.low, batch.high, batch.level) == (1, 65_536, "beginner")
    lr = field("optimizer.lr")
    assert (lr.kind, lr.above, lr.high, lr.step, lr.label) == ("float", 0, 10, 0.01, "Lr")
    assert field("steps").optional
    assert field("steps").empty == "by epochs"
    assert field("path").required
    assert field("varied.pad").group == "varied"
    assert field("optimizer.lr").group == ""
    assert field("at").default == [0.3, 0.6]


def test_names_left_out_are_left_out() -> None:
    assert "epochs" not in [each.path for each in fields_of(Settings, skip=("epochs",))]


def test_a_type_without_an_editor_is_refused_by_name() -> None:
    class Odd(BaseModel):
        thing: dict[str, int] = ModelField(default_factory=dict, description="?")

    with pytest.raises(TypeError, match="thing"):
        fields_of(Odd)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        ("epochs", 0, "It must be a whole number from 1 to 1,000 epochs."),
        ("epochs", 2000, "It must be a whole number from 1 to 1,000 epochs."),
        ("optimizer.lr", 0.0, "It must be a number above 0, up to 10."),
        ("optimizer.lr", 0.1, ""),
        ("steps", None, ""),
        ("path", "", "Give a value."),
        ("name", "", ""),
    ],
)
def test_a_field_knows_what_is_wrong_with_a_value(path: str, value: object, sentence: str) -> None:
    assert str(field(path).problem(value)) == sentence


# --- values -----------------------------------------------------------------------------------------------------------


def test_a_new_form_shows_defaults_and_nothing_is_changed(form: SettingsForm) -> None:
    values = form.values()
    assert values["training.epochs"] == 30
    assert values["training.steps"] is None
    assert values["training.share"] == 1 / 6
    assert form.values(changed_only=True) == {}


def test_an_edit_is_told_with_its_path(form: SettingsForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.value_changed) as told:
        fill_in(form, "training.epochs", "12")
    assert told.args == ["training.epochs", 12]
    assert form.values(changed_only=True) == {"training.epochs": 12}


def test_values_set_from_outside_are_not_told(form: SettingsForm, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(form.value_changed):
        form.set_values({"training.epochs": 7, "training.optimizer.key": "adam", "training.at": [0.5]})
    assert form.values(changed_only=True) == {
        "training.epochs": 7,
        "training.optimizer.key": "adam",
        "training.at": [0.5],
    }
    form.set_values({})
    assert form.values(changed_only=True) == {}


def test_a_changed_value_is_bold_and_can_be_put_back(form: SettingsForm, qtbot: QtBot) -> None:
    row = form.row("training.epochs")
    fill_in(form, "training.epochs", "12")
    assert row.changed
    assert row.label.property("role") == "strong"
    assert row.reset_button.accessibleName() == "Put Epochs back to 30"
    with qtbot.waitSignal(form.value_changed) as told:
        qtbot.mouseClick(row.reset_button, Qt.MouseButton.LeftButton)
    assert told.args == ["training.epochs", 30]
    assert form.values(changed_only=True) == {}
    assert row.reset_button.isHidden()


def test_an_optional_number_can_be_empty(form: SettingsForm) -> None:
    editor = editor_of(form, "training.steps")
    assert editor.text() == "by epochs"
    fill_in(form, "training.steps", "500")
    assert form.values()["training.steps"] == 500
    fill_in(form, "training.steps", "\b")
    assert form.values()["training.steps"] is None
    fill_in(form, "training.steps", "1")
    editor.stepBy(-1)
    assert form.values()["training.steps"] is None
    editor.stepBy(1)
    assert form.values()["training.steps"] == 1


def test_a_default_that_follows_from_another_choice(form: SettingsForm) -> None:
    form.set_default("training.epochs", 100)
    assert form.values()["training.epochs"] == 100
    assert form.values(changed_only=True) == {}
    form.set_values({"training.epochs": 30})
    assert form.values(changed_only=True) == {"training.epochs": 30}


def test_rows_that_stay_keep_their_values_when_fields_change(form: SettingsForm) -> None:
    fill_in(form, "training.epochs", "12")
    kept = editor_of(form, "training.epochs")
    form.set_fields(fields_of(Settings, "training", "Training", skip=("steps", "share")))
    assert editor_of(form, "training.epochs") is kept
    assert form.values(changed_only=True) == {"training.epochs": 12}
    with pytest.raises(KeyError):
        form.row("training.steps")


# --- editors ----------------------------------------------------------------------------------------------------------


def test_units_stand_behind_numbers_unless_the_label_says_them(form: SettingsForm) -> None:
    assert editor_of(form, "training.batch_size").text() == "64 pictures"
    assert editor_of(form, "training.epochs").text() == "30"
    fill_in(form, "training.batch_size", "1")
    assert editor_of(form, "training.batch_size").text() == "1 picture"


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.05, "0.05"), (4.0, "4.0"), (1000.0, "1000"), (5e-4, "0.0005"), (1e-7, "1e-07"), (1 / 6, "1/6")],
)
def test_numbers_show_the_digits_they_have(qtbot: QtBot, value: float, text: str) -> None:
    editor = NumberEditor(Field("x", "X", "", "float", low=0))
    qtbot.addWidget(editor)
    editor.set_value(value)
    assert editor.text() == text


def test_what_is_no_number_is_refused_in_words_and_stays(form: SettingsForm) -> None:
    fill_in(form, "training.optimizer.lr", "1..5")
    row = form.row("training.optimizer.lr")
    assert row.error == "“1..5” is not a number. Write it as 0.05 or 1e-4."
    assert line_of(form, "training.optimizer.lr").text() == "1..5"
    fill_in(form, "training.optimizer.lr", "1.5")
    assert (row.error, row.value) == ("", 1.5)


def test_what_is_out_of_range_is_refused_in_words_and_not_brought_inside(form: SettingsForm) -> None:
    fill_in(form, "training.epochs", "2000")
    assert form.row("training.epochs").error == "It must be a whole number from 1 to 1,000 epochs."
    assert line_of(form, "training.epochs").text() == "2000"
    fill_in(form, "training.epochs", "2,5")
    assert form.row("training.epochs").error == "It must be a whole number from 1 to 1,000 epochs."
    fill_in(form, "training.epochs", "\b")
    assert form.row("training.epochs").error == "Give a value."


def test_a_sixth_stays_a_sixth_when_the_field_is_only_visited(form: SettingsForm, qtbot: QtBot) -> None:
    editor = editor_of(form, "training.share")
    form.activateWindow()
    editor.setFocus()
    form.complete()
    editor_of(form, "training.epochs").setFocus()
    assert form.values()["training.share"] == 1 / 6
    assert form.values(changed_only=True) == {}


def test_steps_grow_small_near_a_zero_that_is_not_allowed(form: SettingsForm) -> None:
    editor = editor_of(form, "training.optimizer.lr")
    editor.set_value(0.02)
    seen = []
    for _ in range(30):
        editor.stepBy(-1)
        seen.append(editor.value_now())
    assert seen[0] == 0.01
    assert seen[1] == 0.009
    assert min(seen) > 0


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.floats(0, 10, allow_nan=False))
def test_what_is_set_is_read_back(qtbot: QtBot, value: float) -> None:
    editor = NumberEditor(Field("x", "X", "", "float", low=0, high=10))
    qtbot.addWidget(editor)
    editor.set_value(value)
    assert editor.value_now() == pytest.approx(value, abs=1e-9)


def test_a_list_that_cannot_be_read_is_marked(form: SettingsForm) -> None:
    fill_in(form, "training.at", "0.3, high")
    assert form.row("training.at").error == "“0.3, high” is not a list of numbers. Write it as 0.3, 0.6."
    fill_in(form, "training.at", "0.3, 0.9")
    assert form.row("training.at").error == ""
    assert form.values()["training.at"] == [0.3, 0.9]


def test_a_choice_is_shown_in_words_and_told_as_it_is_written(form: SettingsForm, qtbot: QtBot) -> None:
    editor = editor_of(form, "training.optimizer.key")
    assert editor.currentText() == "SGD"
    with qtbot.waitSignal(form.value_changed) as told:
        editor.setCurrentIndex(1)
        editor.activated.emit(1)
    assert told.args == ["training.optimizer.key", "adam"]


def test_a_tick_box_and_a_text(form: SettingsForm, qtbot: QtBot) -> None:
    with qtbot.waitSignal(form.value_changed) as told:
        editor_of(form, "training.flip").click()
    assert told.args == ["training.flip", True]
    with qtbot.waitSignal(form.value_changed) as told:
        fill_in(form, "training.name", "m")
    assert told.args == ["training.name", "m"]
    assert line_of(form, "training.name").placeholderText() == "yours"


def test_the_wheel_changes_only_the_field_with_the_focus(form: SettingsForm) -> None:
    form.activateWindow()
    editor_of(form, "training.batch_size").setFocus()
    for path, moved in (("training.epochs", False), ("training.batch_size", True)):
        editor = editor_of(form, path)
        before = form.values()[path]
        turn_wheel(editor)
        assert (form.values()[path] != before) == moved


# --- levels, errors, access -------------------------------------------------------------------------------------------


def test_main_hides_expert_fields_but_never_a_changed_value(form: SettingsForm) -> None:
    form.set_level("beginner")
    assert "training.steps" not in form.shown()
    form.set_values({"training.steps": 100})
    assert "training.steps" in form.shown()
    form.set_level("expert")
    assert len(form.shown()) == len(form.fields)


def test_a_row_does_not_vanish_under_the_hand_that_puts_it_back(form: SettingsForm) -> None:
    form.set_values({"training.steps": 100})
    form.set_level("beginner")
    form.row("training.steps").reset_button.click()
    assert "training.steps" in form.shown()


def test_an_error_is_said_at_its_field_and_shows_it(form: SettingsForm) -> None:
    form.set_level("beginner")
    form.set_errors({"training.share": "Too large for this GPU."})
    row = form.row("training.share")
    assert "training.share" in form.shown()
    assert row.error == "Too large for this GPU."
    assert row.widget.property("invalid") == "true"
    assert row.widget.accessibleDescription() == "Too large for this GPU."
    form.set_errors({})
    assert row.error == ""
    assert row.widget.property("invalid") == "false"


def test_check_finds_what_is_missing(form: SettingsForm) -> None:
    assert form.check() == {"training.path": "Give a value."}
    form.set_values({"training.path": "/somewhere"})
    assert form.check() == {}


def test_every_field_has_a_name_help_and_a_tool_tip(form: SettingsForm) -> None:
    for each in form.fields:
        editor = editor_of(form, each.path)
        assert editor.accessibleName() == each.label
        assert editor.accessibleDescription() == each.help
        assert editor.toolTip().startswith(each.help)
    assert editor_of(form, "training.epochs").toolTip() == "How often. 1 to 1,000"


def test_the_field_with_the_focus_is_told(form: SettingsForm, qtbot: QtBot) -> None:
    form.activateWindow()
    with qtbot.waitSignal(form.field_entered) as told:
        editor_of(form, "training.batch_size").setFocus()
    assert told.args == ["training.batch_size"]


def test_no_row_is_wider_than_the_small_dock(form: SettingsForm) -> None:
    form.set_values({"training.epochs": 100, "training.steps": 100_000_000})
    assert max(form.row(each.path).minimumSizeHint().width() for each in form.fields) <= 228
