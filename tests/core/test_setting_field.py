"""Settings: what is said of one is read again by whoever shows it, and its range is kept."""

from __future__ import annotations

import doctest
from typing import Literal

import pytest
from pydantic import BaseModel, ValidationError

from studio.core import setting_field
from studio.core.setting_field import setting
from studio.core.setting_text import Wording


class Chosen(BaseModel):
    share: float = setting(
        0.5,
        gt=0,
        le=1,
        description="How much of it",
        label="Share of all",
        unit="parts",
        step=0.05,
        level="expert",
        empty="all of it",
    )
    kind: Literal["sum", "max"] = setting("sum", description="How", words={"sum": "added up"})
    batch_size: int | None = setting(None, ge=1, lt=9, description="At a time")
    name: str = setting("", max_length=3, pattern="^[a-z]*$", description="What it is called")


def wording(name: str) -> Wording:
    return Wording.of(name, Chosen.model_fields[name].json_schema_extra)


def test_what_is_said_of_a_setting_is_read_again() -> None:
    assert wording("share") == Wording("Share of all", "parts", "all of it", {}, 0.05, "expert")
    assert wording("kind") == Wording("Kind", words={"sum": "added up"})
    assert Chosen.model_fields["share"].description == "How much of it"


def test_what_is_not_said_is_found_from_its_name_or_left_out() -> None:
    assert wording("batch_size") == Wording("Batch size")
    assert not Chosen.model_fields["batch_size"].json_schema_extra


def test_the_json_schema_says_the_same() -> None:
    schemas = Chosen.model_json_schema()["properties"]
    assert {name: Wording.of(name, schema) for name, schema in schemas.items()} == {
        name: wording(name) for name in Chosen.model_fields
    }


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("share", 0),
        ("share", 1.1),
        ("kind", "mean"),
        ("batch_size", 0),
        ("batch_size", 9),
        ("name", "long"),
        ("name", "A"),
    ],
)
def test_its_range_is_kept(name: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Chosen.model_validate({name: value})


def test_nothing_need_be_given() -> None:
    assert Chosen().model_dump() == {"share": 0.5, "kind": "sum", "batch_size": None, "name": ""}


def test_its_example_runs() -> None:
    assert doctest.testmod(setting_field).failed == 0
