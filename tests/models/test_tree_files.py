"""A tree outside of the program: JSON, rules in words, a Python function and a picture all say what the tree says."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from studio.models.tree import DecisionTree
from studio.models.tree_columns import TreeColumn, decoded
from studio.models.tree_file import tree_from_json, tree_json
from studio.models.tree_growth import grow_tree
from studio.models.tree_layout import tree_layout
from studio.models.tree_python import tree_python
from studio.models.tree_svg import tree_svg
from studio.models.tree_words import branch_words, rule, text_rules

COLUMNS = (
    TreeColumn("size", low=0.0, high=2.0, has_missing=True),
    TreeColumn("count", whole=True, low=0.0, high=9.0),
    TreeColumn('colour "now"', ("red", "blue's", "<green>"), has_missing=True),
)
CLASSES = ("no", "yes & more")


def some_rows(count: int = 200, seed: int = 0) -> NDArray[np.float64]:
    draw = np.random.default_rng(seed)
    rows = np.column_stack([2 * draw.random(count), draw.integers(0, 10, count), draw.integers(0, 3, count)])
    rows[draw.random(count) < 0.1, 0] = np.nan
    rows[draw.random(count) < 0.1, 2] = np.nan
    return rows


@pytest.fixture(scope="module")
def tree() -> DecisionTree:
    """Of all kinds of questions, with values missing."""
    rows = some_rows()
    labels = (np.nan_to_num(rows[:, 0]) + rows[:, 1] / 5 + (rows[:, 2] == 1) > 2).astype(np.int64)
    return grow_tree(rows, labels, COLUMNS, CLASSES)


def test_json_gives_the_same_tree_back(tree: DecisionTree) -> None:
    again = tree_from_json(tree_json(tree))
    fresh = some_rows(seed=1)
    assert again.columns == COLUMNS
    assert np.array_equal(again.probabilities(fresh), tree.probabilities(fresh))
    assert tree_json(again) == tree_json(tree)


def first_child_of_itself(said: dict[str, Any]) -> None:
    said["left"][0] = 0


def foreign_column(said: dict[str, Any]) -> None:
    said["column"][0] = 7


def negative_counts(said: dict[str, Any]) -> None:
    said["counts"][0] = [-1, 2]


def nominal_with_threshold(said: dict[str, Any]) -> None:
    said["threshold"] = [0.5] * len(said["threshold"])


def no_classes(said: dict[str, Any]) -> None:
    said["classes"] = []


def a_value_too_many(said: dict[str, Any]) -> None:
    said["left_values"]["0"] = [99]


def short(said: dict[str, Any]) -> None:
    said["share"].pop()


def huge_number(said: dict[str, Any]) -> None:
    said["left"][0] = 2**40


DAMAGES = [
    first_child_of_itself, foreign_column, negative_counts, nominal_with_threshold, no_classes, a_value_too_many, short,
    huge_number,
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_what_is_no_tree_is_refused(tree: DecisionTree, damage: Callable[[dict[str, Any]], None]) -> None:
    said = json.loads(tree_json(tree))
    damage(said)
    with pytest.raises(ValueError, match=r"."):
        tree_from_json(json.dumps(said))


@pytest.mark.parametrize("written", ["", "[]", "{}", "1", '{"format": "distillation-studio tree 1"}', "[" * 10_000])
def test_other_texts_are_refused(written: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        tree_from_json(written)


def test_the_python_function_answers_as_the_tree_and_depends_on_nothing(tree: DecisionTree) -> None:
    source = tree_python(tree, "o'brien's tree\n'''")
    made: dict[str, Any] = {}
    exec(source, made)
    assert "import" not in source
    for row, label in zip(some_rows(seed=2), tree.predict(some_rows(seed=2)), strict=True):
        values = [None if np.isnan(value) else float(value) for value in row]
        names = [None if value is None else COLUMNS[2].values[int(value)] for value in values[2:]]
        assert made["classify"](dict(zip(made["COLUMNS"], [*values[:2], *names], strict=True))) == CLASSES[label]


def test_rules_tell_what_holds_of_a_leaf() -> None:
    rows = np.array([[value] for value in (1.0, 2, 3, 4, 5, 6, 7, 8)])
    columns = (TreeColumn("bare nuclei", whole=True),)
    tree = grow_tree(rows, np.array([0, 0, 1, 1, 1, 0, 0, 0]), columns, ("benign", "malignant"))
    (condition,) = rule(tree, int(tree.leaf_of(np.array([[3.0]]))[0]))
    assert (condition.column, str(condition.words)) == ("bare nuclei", "is 3 to 5")
    assert str(branch_words(tree, 0, left=True)) == "≤ 5"
    assert str(branch_words(tree, 0, left=False)) == "≥ 6"
    assert text_rules(tree).splitlines() == [
        "bare nuclei ≤ 5",
        "|   bare nuclei ≤ 2: benign (100 %)",
        "|   bare nuclei ≥ 3: malignant (100 %)",
        "bare nuclei ≥ 6: benign (100 %)",
    ]


def test_every_leaf_has_a_rule_that_its_rows_satisfy(tree: DecisionTree) -> None:
    for leaf in np.flatnonzero(tree.column < 0):
        words = [f"{condition.column} {condition.words}" for condition in rule(tree, int(leaf))]
        assert len(words) == len({condition.column for condition in rule(tree, int(leaf))})
        assert not any("{" in word for word in words)
    assert "<green>" in text_rules(tree)


def test_the_picture_is_xml_with_a_sign_a_node_and_a_name_a_class(tree: DecisionTree) -> None:
    picture = ET.fromstring(tree_svg(tree))
    names = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert set(CLASSES) <= set(names)
    assert names.count('colour "now"') == int((tree.column == 2).sum())
    assert len(list(picture.iter("{http://www.w3.org/2000/svg}path"))) == len(tree) - 1


def test_no_two_leaves_stand_in_one_place(tree: DecisionTree) -> None:
    places = tree_layout(tree)
    across = places[tree.column < 0, 0]
    assert sorted(across) == list(range(tree.leaves))
    assert places[:, 1].max() == tree.depth


def test_rows_are_read_back_from_what_networks_are_given() -> None:
    inputs = np.array(
        [[0.25, 0, 1 / 3, 1, 0, 0, 0], [0.5, 1, 1.0, 0, 0, 0, 1], [1.0, 0, 0.0, 0, 0, 0, 0]], dtype=np.float32
    )
    rows = decoded(inputs, COLUMNS)
    expected = [[0.5, 3.0, 0.0], [np.nan, 9.0, np.nan], [2.0, 0.0, np.nan]]
    assert np.allclose(rows, expected, equal_nan=True)
    with pytest.raises(ValueError, match="encoded"):
        decoded(inputs[:, :-1], COLUMNS)


def test_a_pruned_tree_says_the_class_of_its_new_leaf(tree: DecisionTree) -> None:
    cut = tree.pruned(frozenset({0}))
    assert len(cut) == 1
    assert text_rules(cut) == f"{CLASSES[int(tree.labels[0])]} ({100 * tree.counts[0].max() / 200:.0f} %)"
    assert ET.fromstring(tree_svg(cut)) is not None
