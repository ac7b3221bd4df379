"""Dotted keys of nested tables: what is put is got, what is removed leaves no trace, what is flattened can be put back."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.core import paths
from studio.core.errors import StudioError

NAMES = st.text("abcxyz_-ä1", min_size=1, max_size=4)
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(".".join)
VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3), st.lists(st.integers(), max_size=3))
TABLES = st.recursive(
    st.dictionaries(NAMES, VALUES, max_size=4),
    lambda inner: st.dictionaries(NAMES, st.one_of(VALUES, inner), max_size=4),
    max_leaves=8,
)
TABLE: dict[str, Any] = {
    "seed": 3,
    "none": None,
    "training": {"optimizer": {"lr": 0.1}, "at": [0.3, 0.6]},
    "method": {"also": [{"key": "kd", "settings": {}}]},
}


def put_or_refused(tables: dict[str, Any], path: str, value: Any) -> bool:
    try:
        paths.put(tables, path, value)
    except StudioError:
        return False
    return True


@given(TABLES, PATHS, VALUES)
def test_what_is_put_is_got_and_all_else_stays(tables: dict[str, Any], path: str, value: Any) -> None:
    before = copy.deepcopy(tables)
    if put_or_refused(tables, path, value):
        assert paths.get(tables, path) == value
    else:
        assert tables == before
    beside = {key: kept for key, kept in paths.flatten(before) if not paths.is_below(key, [path])}
    on_the_way = [key for key in beside if paths.is_below(path, [key])]  # None, where a table was wanted
    assert all(paths.get(tables, key) == kept for key, kept in beside.items() if key not in on_the_way)


@given(TABLES, PATHS, VALUES)
def test_what_is_put_where_nothing_was_and_removed_leaves_no_trace(
    tables: dict[str, Any], path: str, value: Any
) -> None:
    for name in [key for key, kept in tables.items() if kept is None or kept == {}]:
        del tables[name]
    before = copy.deepcopy(tables)
    first = path.split(".", maxsplit=1)[0]
    if first not in tables and put_or_refused(tables, path, value):
        paths.remove(tables, path)
    assert tables == before


@given(TABLES, PATHS)
def test_what_is_removed_is_gone(tables: dict[str, Any], path: str) -> None:
    gone = object()
    before = copy.deepcopy(tables)
    paths.remove(tables, path)
    if isinstance(paths.get(before, path.rpartition(".")[0]), list):
        assert tables == before, "items of a list are not taken out one by one"
    else:
        assert paths.get(tables, path, gone) is gone


@given(TABLES)
def test_what_is_flattened_can_be_put_together_again(tables: dict[str, Any]) -> None:
    made: dict[str, Any] = {}
    for key, value in paths.flatten(tables):
        paths.put(made, key, value)
    assert dict(paths.flatten(made)) == dict(paths.flatten(tables))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("seed", 3),
        ("training.optimizer.lr", 0.1),
        ("training.at.1", 0.6),
        ("training.at.2", None),
        ("training.at.-1", None),
        ("method.also.0.key", "kd"),
        ("method.also.key", None),
        ("seed.deeper", None),
        ("none", None),
        ("nowhere.at.all", None),
    ],
)
def test_a_path_goes_through_tables_and_lists(path: str, value: object) -> None:
    assert paths.get(TABLE, path) == value


def test_none_that_stands_there_is_not_the_default() -> None:
    assert paths.get(TABLE, "none", 1) is None
    assert paths.get(TABLE, "none.deeper", 1) == 1


def test_an_item_of_a_list_can_be_put() -> None:
    table = copy.deepcopy(TABLE)
    paths.put(table, "method.also.0.settings.temperature", 3.0)
    paths.put(table, "training.at.0", 0.5)
    assert table["method"] == {"also": [{"key": "kd", "settings": {"temperature": 3.0}}]}
    assert table["training"]["at"] == [0.5, 0.6]


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("method.also.0.settings.weight", True),
        ("method.also.1.key", False),
        ("other.also.0.key", False),
        ("other.key", True),
    ],
)
def test_a_path_may_name_items_that_are_not_there(path: str, there: bool) -> None:
    assert paths.has_items(TABLE, path) is there


def test_a_table_is_made_in_the_place_of_none() -> None:
    table = copy.deepcopy(TABLE)
    paths.put(table, "none.deeper", 1)
    assert table["none"] == {"deeper": 1}


@pytest.mark.parametrize("path", ["seed.deeper", "training.at.first", "training.at.2", "method.also.1.key"])
def test_what_is_no_table_is_not_written_over(path: str) -> None:
    table = copy.deepcopy(TABLE)
    with pytest.raises(StudioError, match="is not a table") as told:
        paths.put(table, path, 1)
    assert told.value.place == path
    assert table == TABLE


def test_tables_that_are_empty_after_a_removal_go_with_it() -> None:
    table = copy.deepcopy(TABLE)
    paths.remove(table, "training.optimizer.lr")
    assert table["training"] == {"at": [0.3, 0.6]}
    paths.remove(table, "method.also.0.key")
    assert table["method"] == {"also": [{"settings": {}}]}
    paths.remove(table, "method.also.0.settings.nothing")
    paths.remove(table, "no.such.thing")
    assert table["method"] == {"also": [{"settings": {}}]}


def test_a_path_is_below_itself_and_what_it_begins_with() -> None:
    assert paths.is_below("training.device", ["seed", "training"])
    assert paths.is_below("training", ["training"])
    assert not paths.is_below("training_set.device", ["training"])
    assert not paths.is_below("training", ["training.device"])
