"""A row of a table to fill in: names from lists, numbers by sliders, and what may be missing can be left out."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QComboBox, QSlider
from pytestqt.qtbot import QtBot

from studio.gui.views.try_it.row_form import RowForm
from studio.runs.inspect.asked_model import InputField
from tests.gui.mouse_wheel import NOTCH, turn_wheel

FIELDS = (
    InputField("size", low=0.0, high=10.0),
    InputField("weight", low=0.0, high=200.0, has_missing=True),
    InputField("colour", ("blue", "red"), has_missing=True),
)


@pytest.fixture
def form(qtbot: QtBot) -> RowForm:
    made = RowForm()
    qtbot.addWidget(made)
    made.show_fields(FIELDS)
    made.resize(220, 260)
    made.show()
    return made


def test_it_begins_half_way_between_the_ends(form: RowForm) -> None:
    assert form.cells == (5.0, 100.0, "blue")


def test_a_number_that_may_be_missing_can_be_left_out_and_comes_back(form: RowForm, qtbot: QtBot) -> None:
    assert set(form.missing) == {1}
    with qtbot.waitSignal(form.filled) as told:
        form.missing[1].click()
    assert told.args == [(5.0, None, "blue")]
    with qtbot.waitSignal(form.filled) as told:
        form.missing[1].click()
    assert told.args == [(5.0, 100.0, "blue")]


def test_long_names_push_nothing_out_of_the_form(form: RowForm) -> None:
    long = "a name that is longer than the form is wide, by far"
    form.show_fields((*FIELDS, InputField(long, (long, "short"))))
    form.show_cells((123456.7, 50.0, "red", long))
    form.resize(200, 300)
    QApplication.processEvents()
    for editor in (*form.editors, *form.missing.values()):
        assert editor.mapTo(form, editor.rect().topRight()).x() <= form.width()


def test_a_moved_slider_is_a_number_again(form: RowForm) -> None:
    form.show_cells((1.0, None, None))
    assert form.missing[1].isChecked()
    slider, choice = form.editors[1], form.editors[2]
    assert isinstance(slider, QSlider)
    assert isinstance(choice, QComboBox)
    assert choice.currentData() is None
    slider.setValue(slider.value() + 10)
    assert form.cells[1] is not None
    assert not form.missing[1].isChecked()
    form.show_cells((1.0, 50.0, "red"))
    assert form.cells == (1.0, 50.0, "red")
    assert not form.missing[1].isChecked()


def test_the_wheel_scrolls_the_form_and_changes_only_what_was_chosen(form: RowForm) -> None:
    before = form.cells
    for editor in form.editors:
        turn_wheel(editor, -NOTCH)
    assert form.cells == before
