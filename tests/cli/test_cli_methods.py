"""Kept methods on the command line: listed, trained with by name, and gone on with after their file is gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.experiment import load
from studio.runs.store.saved_methods import SavedMethods
from tests.cli.studio_here import StudioHere
from tests.cli.studio_process import StudioProcess

SMALL = """
dataset = { key = "digits", per_class = 5 }
teacher = { key = "cnn-8", epochs = 1 }
student = { key = "cnn-4" }
method = { key = "kd", settings = { temperature = 2.0 } }
training = { steps = 2, batch_size = 8 }
"""
PARTS = {"position": "neurons", "teacher_side": "on_off", "student_side": "conv_bn", "distance": "marginal"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(SMALL)
    return path


def test_a_run_with_a_kept_method_needs_its_file_no_more(here: StudioHere, studio: StudioProcess, file: Path) -> None:
    own = SavedMethods(here.workspace)
    own.save("My boundaries", {"key": "composed", "settings": {**PARTS, "stages": "two", "transfer_share": 0.5}})
    here("train", str(file), "--method", "my boundaries", "--set", "method.settings.margin=2.0")
    own.delete("My boundaries")
    (run,) = [run for run in here.json("runs") if run["method"] == "composed"]
    frozen = load(here.workspace / "runs" / run["id"] / "experiment.toml")
    assert frozen.method.title == "My boundaries"
    assert frozen.method.settings["margin"] == 2.0
    assert frozen.method.settings["stages"] == "two"

    again = here.workspace / "again.toml"
    again.write_bytes((here.workspace / "runs" / run["id"] / "experiment.toml").read_bytes())
    studio("train", str(again))
    same = [each for each in here.json("runs") if each["method"] == "composed"]
    first, second = (here.json("show", run["id"])["accuracy"]["student"] for run in same)
    assert first == second


def test_a_method_of_the_catalogue_brings_its_own_settings(here: StudioHere, file: Path) -> None:
    here("train", str(file), "--method", "at")
    (run,) = [run for run in here.json("runs") if run["method"] == "at"]
    frozen = load(here.workspace / "runs" / run["id"] / "experiment.toml")
    assert "temperature" not in frozen.method.settings


def test_what_there_is_not_is_said_with_what_there_is(here: StudioHere, file: Path) -> None:
    SavedMethods(here.workspace).save("Mine", {"key": "kd"})
    said = here("train", str(file), "--method", "yours", code=2).stderr
    assert "There is no method “yours”." in said
    assert "fitnet" in said
    assert "“Mine”" in said


def test_kept_methods_are_listed_after_those_of_the_catalogue(here: StudioHere) -> None:
    SavedMethods(here.workspace).save("Mine", {"key": "composed", "settings": PARTS})
    (here.workspace / "methods" / "torn.toml").write_text("[method")
    listed = here.json("list", "methods")
    mine, torn = listed[-2:]
    assert (mine["name"], mine["key"], mine["problem"]) == ("Mine", "composed", None)
    assert mine["method"]["settings"]["distance"] == "marginal"
    assert torn["name"] == "torn"
    assert "not valid TOML" in torn["problem"]
    assert "Mine (your own): composed." in here("list", "methods").stdout
