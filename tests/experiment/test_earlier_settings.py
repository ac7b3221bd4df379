"""Settings that came later: an older run keeps what was done before them, a file of a person has their defaults."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio import catalog
from studio.experiment import Experiment, load, to_toml, validated
from studio.experiment.earlier_settings import with_earlier_settings


def tables(**method: Any) -> dict[str, Any]:
    return {
        "dataset": {"key": "digits"},
        "teacher": {"key": "cnn-8"},
        "student": {"key": "cnn-4"},
        "method": {"key": "ab", **method},
    }


def falls(experiment: Experiment) -> object:
    """How the learning rate of an AB run falls while boundaries are copied."""
    return experiment.method.typed.model_dump()["transfer_fall"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An experiment from before that could be set."""
    written = tmp_path / "experiment.toml"
    written.write_text(to_toml(validated(tables(settings={"margin": 2.0}))), encoding="utf-8")
    return written


def test_a_run_keeps_what_was_done_when_it_ran(file: Path) -> None:
    run = load(file, of_run=True)
    assert falls(run) == "run"
    assert run.method.settings["margin"] == 2.0
    assert falls(load(file)) == "constant"


def test_a_run_with_a_teacher_of_other_classes_goes_on_with_the_scale_it_had(tmp_path: Path) -> None:
    written = tmp_path / "experiment.toml"
    written.write_text(to_toml(validated(tables(settings={"other_classes": True}))), encoding="utf-8")
    scales = [load(written, of_run=of_run).method.typed.model_dump()["other_classes_scale"] for of_run in (True, False)]
    assert scales == [0.003, 0.001]


def test_what_a_run_names_is_what_it_had(tmp_path: Path) -> None:
    written = tmp_path / "experiment.toml"
    experiment = validated(tables()).resolved()
    written.write_text(to_toml(experiment), encoding="utf-8")
    assert load(written, of_run=True) == load(written)


def test_methods_beside_it_are_completed_as_well() -> None:
    given = tables(settings={}, also=[{"key": "ab"}, {"key": "kd", "settings": {"temperature": 2.0}}])
    completed = with_earlier_settings(given)["method"]["also"]
    assert completed[0]["settings"]["transfer_fall"] == "run"
    assert completed[1]["settings"]["temperature"] == 2.0
    assert "settings" not in given["method"]["also"][0]


def test_tables_of_a_run_of_today_are_complete() -> None:
    whole = validated(tables(also=[{"key": "kd"}])).resolved().model_dump(mode="json")
    assert with_earlier_settings(whole) == whole
    own = {"dataset": {**whole["dataset"], "digits": "all"}}  # the data's own settings are named where they were picked
    assert with_earlier_settings(whole, defaults=True) == whole | own
    part = {name: dict(table) if isinstance(table, dict) else table for name, table in whole.items()}
    del part["teacher"]["seed"]
    assert "seed" not in with_earlier_settings(part)["teacher"]
    assert with_earlier_settings(part, defaults=True)["teacher"]["seed"] == 0


def test_a_switch_of_then_is_one_of_todays_words() -> None:
    for before, now in ((True, "all"), (False, "off")):
        given = {**tables(), "teacher": {"key": "cnn-8", "batch_statistics": before}}
        assert with_earlier_settings(given)["teacher"]["batch_statistics"] == now


@pytest.mark.parametrize("method", [{"key": "gone"}, {"key": 3}, {"settings": 3}, 5, {"key": "ab", "also": [1]}])
def test_what_is_wrong_is_left_to_be_refused_in_words(method: Any) -> None:
    assert with_earlier_settings({"method": method})["method"] is not None


def test_no_source_of_data_has_a_setting_that_came_later() -> None:
    """Runs do not write those that were left at their default: one without it may be older, or have the default."""
    catalog.load()
    for source in catalog.entries("dataset"):
        for name, field in source.Settings.model_fields.items():
            extra = field.json_schema_extra
            assert not (isinstance(extra, dict) and "earlier" in extra), f"{source.key}: {name}"
