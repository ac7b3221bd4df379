"""An experiment file made to take long, or to fill the memory, is refused in one sentence before anybody goes through it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from studio.core import limits
from studio.core.errors import Invalid, StudioError
from studio.experiment import Experiment, load, validated

WHOLE = (
    'dataset = { key = "digits" }\nteacher = { key = "cnn-8" }\nstudent = { key = "cnn-4" }\nmethod = { key = "kd" }\n'
)


def unknown(many: int) -> str:
    return "".join(f"k{i} = 1\n" for i in range(many))


CASES: dict[str, tuple[str, str]] = {
    "one key of many parts": (f"{WHOLE}{'.'.join('a' * 20_000)} = 1\n", "nested too deeply"),
    "many unknown keys": (WHOLE + unknown(limits.EXPERIMENT_VALUES), "more than 2,000 values"),
    "many tables": (WHOLE + "".join(f"[t{i}]\n" for i in range(3000)), "more than 2,000 values"),
    "a long list": (f"{WHOLE}x = [{'1,' * 3000}]\n", "more than 2,000 values"),
    "lists in lists": (f"{WHOLE}x = [{'[1,1,1],' * 700}]\n", "more than 2,000 values"),
    "a long name": (f"{WHOLE}{'k' * 5000} = 1\n", "more than 200 letters"),
    "a long text": (f'{WHOLE}name = "{"x" * 6000}"\n', "more than 5,000 letters"),
    "a path of many parts": (f'{WHOLE}[dataset2]\npath = "{"x/" * 3000}"\n', "more than 5,000 letters"),
    "a large file": (WHOLE + "#" * limits.EXPERIMENT_BYTES, "too large"),
}


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused_before_it_is_validated(tmp_path: Path, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is validated costs time and words for every value that is wrong."""
    text, why = CASES[case]
    file = tmp_path / "experiment.toml"
    file.write_text(text)
    validated_values: list[Mapping[str, Any]] = []
    monkeypatch.setattr(Experiment, "model_validate", validated_values.append)
    with pytest.raises(StudioError, match=why) as refusal:
        load(file)
    assert validated_values == []
    assert len(str(refusal.value)) < 500


def test_of_very_many_problems_the_first_and_the_number_are_told() -> None:
    keys = {"dataset": "digits", "teacher": "cnn-8", "student": "cnn-4", "method": "none"}
    table = {name: {"key": key} for name, key in keys.items()}
    with pytest.raises(Invalid, match="There are 475 more of such problems") as refusal:
        validated({**table, **{f"k{i}": 1 for i in range(500)}})
    assert len(refusal.value.problems) == limits.PROBLEMS_TOLD + 1


@pytest.mark.parametrize(
    ("table", "change"),
    [
        ("training", {"precision": "x" * 4000}),
        ("training", {"epochs": int("9" * 4000)}),
        ("method", {"key": "x" * 4000}),
        ("student", {"key": "cnn-" + "9" * 4000}),
    ],
    ids=["a choice", "a number", "a key", "a network"],
)
def test_what_was_given_is_told_in_short(table: str, change: dict[str, Any]) -> None:
    values: dict[str, Any] = {
        "dataset": {"key": "digits"},
        "teacher": {"key": "cnn-8"},
        "student": {"key": "cnn-4"},
        "method": {"key": "kd"},
    }
    values[table] = {**values.get(table, {}), **change}
    with pytest.raises(Invalid) as refusal:
        validated(values)
    assert len(str(refusal.value)) < 700
