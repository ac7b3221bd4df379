"""Runs on tables: every method that does not compare maps learns from rows; those that do say why they cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio import catalog
from studio.core.errors import StudioError
from studio.events import RunStarted, ignore_event
from studio.experiment import Experiment, validated
from studio.insight.network_and_data_info import cast_of
from studio.methods.base import AnyMethod
from studio.networks.files import load_network
from studio.training.control import Control
from studio.training.session import Places, run_session
from tests.training.small_runs import Told

METHODS: list[AnyMethod] = catalog.entries("method")
PAIR = cast_of("mlp-16-16", "mlp-8-8", (4,), 3, 16)
FITTING = [method for method in METHODS if method.refusal(method.Settings(), PAIR) is None]
COMPARING_MAPS = {"at", "fsp", "ft", "flow", "svd"}


def on_iris(method: str, **dataset: object) -> Experiment:
    pair = {"teacher": {"key": "mlp-16-16"}, "student": {"key": "mlp-8-8"}}
    if catalog.find(catalog.TEACHING, method).needs.made_from_teacher:
        pair["student"] = {"key": "recast"}
    training = {"steps": 24, "batch_size": 16, "device": "cpu"}
    values = {"dataset": {"key": "iris", **dataset}, **pair, "method": {"key": method}, "training": training}
    return validated(values)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> Path:
    """A teacher that learnt from iris."""
    place = tmp_path_factory.mktemp("teacher")
    alone = validated(
        {
            "dataset": {"key": "iris"},
            "student": {"key": "mlp-16-16"},
            "teacher": {"key": "mlp-16-16"},
            "method": {"key": "none"},
            "training": {"epochs": 12, "batch_size": 16, "device": "cpu"},
        }
    )
    run_session(alone, Places(place, cache), ignore_event, Control())
    return place / "student.safetensors"


@pytest.mark.parametrize("method", FITTING, ids=lambda method: method.key)
def test_a_method_that_fits_trains_on_rows(method: AnyMethod, teacher: Path, cache: Path, tmp_path: Path) -> None:
    told = Told()
    places = Places(tmp_path, cache, teacher if method.needs.teacher else None)
    run_session(on_iris(method.key), places, told.append, Control())
    assert load_network(tmp_path / "student.safetensors").source.shape == (4,)
    assert told.of(RunStarted)[0].examples == "table"


def test_every_method_that_compares_answers_fits() -> None:
    fitting = {method.key for method in FITTING}
    assert {method.key for method in METHODS if method.compares == "answers"} <= fitting | {"recast"}


@pytest.mark.parametrize("key", sorted(COMPARING_MAPS))
def test_a_method_that_needs_maps_says_why_not(key: str, teacher: Path, cache: Path, tmp_path: Path) -> None:
    with pytest.raises(StudioError) as caught:
        run_session(on_iris(key), Places(tmp_path, cache, teacher), ignore_event, Control())
    assert "works on vectors" in str(caught.value)
    assert "Choose" in str(caught.value)
