"""What settings are changed from: the experiment that is open, not what they usually are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from studio.experiment import validated
from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.experiment.experiment_panel import ExperimentPanel
from studio.gui.presenters.opened_settings import unchanged_values
from tests.gui.at_hand import fill_in
from tests.gui.fake_jobs import LaterJobs
from tests.gui.fake_presenter import FakePresenter

READY: dict[str, Any] = {
    "dataset": {"key": "digits"},
    "teacher": {"key": "cnn-32"},
    "student": {"key": "cnn-8"},
    "method": {"key": "kd", "settings": {"temperature": 3.0}},
    "training": {"epochs": 60, "optimizer": {"lr": 0.2}},
}
EPOCHS, RATE, TEMPERATURE = "training.epochs", "training.optimizer.lr", "method.settings.temperature"


@pytest.fixture
def later() -> LaterJobs:
    return LaterJobs()


@pytest.fixture
def panel(qtbot: QtBot, later: LaterJobs, tmp_path: Path) -> ExperimentPanel:
    panel = ExperimentPanel(ExperimentDraft())
    qtbot.addWidget(panel)
    panel.show()
    panel.draft.load_experiment(validated(READY))
    panel.start(FakePresenter(tmp_path), later.submit)
    later.work()
    return panel


def changed_in(panel: ExperimentPanel) -> list[str]:
    return [field.path for field in panel.form.fields if panel.form.row(field.path).changed]


def test_nothing_is_changed_in_an_experiment_just_opened_and_what_it_sets_is_on_show(panel: ExperimentPanel) -> None:
    assert changed_in(panel) == []
    assert {EPOCHS, RATE, TEMPERATURE} <= set(panel.form.shown())
    assert panel.form.row(EPOCHS).reset_button.isHidden()


@pytest.mark.parametrize("typed", ["12", "30"])
def test_what_a_person_changes_goes_back_to_what_the_experiment_had(
    panel: ExperimentPanel, qtbot: QtBot, typed: str
) -> None:
    row = panel.form.row(EPOCHS)
    assert row.default == 30, "also what is typed may be what it usually is"
    fill_in(panel.form, EPOCHS, typed)
    assert changed_in(panel) == [EPOCHS]
    assert row.label.property("role") == "strong"
    assert row.reset_button.toolTip() == ("Put Epochs back to 60, as it was before you changed it (usually 30)")
    qtbot.mouseClick(row.reset_button, Qt.MouseButton.LeftButton)
    assert panel.draft.get(EPOCHS) == 60
    assert changed_in(panel) == []
    assert panel.draft.experiments() == [validated(READY)]


def test_undoing_the_opening_brings_back_what_was_changed_before(panel: ExperimentPanel) -> None:
    fill_in(panel.form, EPOCHS, "12")
    panel.draft.load({**READY, "training": {"epochs": 12}})
    assert changed_in(panel) == []
    panel.draft.edits.undo()
    assert changed_in(panel) == [EPOCHS]


def test_a_remedy_marks_what_it_changes(panel: ExperimentPanel) -> None:
    failed = validated(READY)
    remedied = validated({**READY, "training": {"epochs": 60, "optimizer": {"lr": 0.02}}})
    panel.draft.load_experiment(remedied, changes=failed)
    assert changed_in(panel) == [RATE]


def test_what_another_method_had_is_nothing_to_go_back_to() -> None:
    draft = ExperimentDraft()
    draft.load(READY)
    assert unchanged_values(draft.values, [TEMPERATURE, EPOCHS]) == {TEMPERATURE: 3.0, EPOCHS: 60}
    draft.pick("method", "dkd", {"settings": {"temperature": 5.0}})
    assert unchanged_values(draft.values, [TEMPERATURE, EPOCHS]) == {EPOCHS: 60}


def test_what_the_window_fills_in_is_not_changed_by_hand() -> None:
    draft = ExperimentDraft()
    draft.load(READY)
    weight = "method.settings.weight"
    draft.pick("method", "at", {"settings": {"weight": 20.0}}, suited={weight: 20.0})
    assert unchanged_values(draft.values, [weight]) == {weight: 20.0}
    draft.put_back(weight)
    assert unchanged_values(draft.values, [weight]) == {}


def test_it_is_known_the_next_time(panel: ExperimentPanel) -> None:
    fill_in(panel.form, EPOCHS, "12")
    next_time = ExperimentDraft()
    next_time.load_experiment(panel.draft.experiments()[0], beside=panel.draft.beside)
    assert next_time.values == panel.draft.values
