"""Which classes are mistaken for which, and the order they are shown in."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from studio.core.arrays import write_arrays
from studio.core.errors import StudioError
from studio.runs.comparison.class_similarity import similarity_order
from studio.runs.comparison.confusion import confusion, make_answers, mix_ups, read_answers
from tests.runs.comparison.made_up_answers import CLASSES, answered, logits_of

LABELS = np.array([0, 0, 0, 1, 1, 2, 2, 2])
STUDENT = [0, 1, 1, 1, 0, 2, 2, 0]
TEACHER = [0, 0, 1, 1, 1, 2, 2, 2]


def test_counts_are_those_counted_by_hand() -> None:
    matrix = confusion(LABELS, np.array(STUDENT), 3)
    assert matrix.tolist() == [[1, 2, 0], [1, 1, 0], [1, 0, 2]]
    assert matrix.sum(1).tolist() == [3, 2, 3]
    by_hand = [
        [sum(label == i and said == j for label, said in zip(LABELS, STUDENT, strict=True)) for j in range(3)]
        for i in range(3)
    ]
    assert matrix.tolist() == by_hand


def test_the_commonest_mistakes_come_first_and_right_answers_never() -> None:
    assert mix_ups(confusion(LABELS, np.array(STUDENT), 3)) == [(0, 1, 2), (1, 0, 1), (2, 0, 1)]


def test_a_cell_knows_its_examples_the_surest_first() -> None:
    logits = logits_of(STUDENT)
    logits[2] *= 3
    told = make_answers(LABELS, CLASSES, {"student": logits})
    assert told.cases("student", 0, 1).tolist() == [2, 1]
    assert told.cases("student", 1, 2).tolist() == []
    assert told.cases("teacher", 0, 1).tolist() == []


def test_of_a_difference_a_cell_has_the_examples_one_of_them_put_there() -> None:
    told = make_answers(LABELS, CLASSES, {"student": logits_of(STUDENT), "teacher": logits_of(TEACHER)})
    assert told.parted_cases("student", "teacher", 0, 1).tolist() == [1]
    assert told.parted_cases("teacher", "student", 1, 1).tolist() == [4]
    gained = told.gain_by_class("teacher", "student")
    assert gained.tolist() == [1, 1, 1]
    rights = (np.array(TEACHER) == LABELS).sum() - (np.array(STUDENT) == LABELS).sum()
    assert gained.sum() == rights


def test_classes_that_are_mistaken_for_each_other_stand_side_by_side() -> None:
    k, rng = 12, np.random.default_rng(0)
    shuffled = rng.permutation(k)  # true neighbours along a line, under other numbers
    near = 0.4 ** np.abs(np.subtract.outer(np.arange(k), np.arange(k)))
    answers = np.empty((k, k))
    answers[np.ix_(shuffled, shuffled)] = near / near.sum(1, keepdims=True)
    order = similarity_order(answers)
    along = np.argsort(shuffled)[order]
    assert sorted(order.tolist()) == list(range(k))
    assert along.tolist() in (list(range(k)), list(range(k))[::-1])


def test_groups_stay_together_and_are_bands() -> None:
    names = ("a", "b", "c", "d")
    logits = np.eye(4, dtype=np.float32)[[0, 1, 2, 3]] * 3
    told = make_answers(np.arange(4), names, {"student": logits}, {"first": ("a", "c"), "second": ("b", "d")})
    assert {band.name for band in told.bands} == {"first", "second"}
    for band in told.bands:
        inside = {names[k] for k in told.order[band.begin : band.end]}
        assert inside in ({"a", "c"}, {"b", "d"})


def test_a_run_brings_its_teacher_and_the_student_alone(tmp_path: Path) -> None:
    alone = answered(tmp_path, "alone", LABELS.tolist(), [0] * 8)
    run = answered(tmp_path, "kd", LABELS.tolist(), STUDENT, references={"alone": alone.id})
    arrays = {"labels": LABELS, "student": logits_of(STUDENT), "teacher": logits_of(TEACHER)}
    write_arrays(run.places.predictions, arrays)
    told = read_answers(run)
    assert [network.role for network in told.networks] == ["student", "teacher", "alone"]
    assert told.classes == CLASSES
    for network, answers in zip(told.networks, (STUDENT, TEACHER, [0] * 8), strict=True):
        assert network.matrix.tolist() == confusion(LABELS, np.array(answers), 3).tolist()


def test_a_run_that_has_not_ended_says_when_they_are_there(tmp_path: Path) -> None:
    run = answered(tmp_path, "kd", LABELS.tolist(), STUDENT, state="running")
    with pytest.raises(StudioError, match="when a run has come to its end"):
        read_answers(run)


def test_every_class_of_cifar_100_has_one_group_of_five() -> None:
    from studio.runs.comparison.confusion import class_groups

    groups = class_groups("cifar100")
    names = [name for members in groups.values() for name in members]
    assert len(groups) == 20
    assert len(set(names)) == len(names) == 100
    assert all(len(members) == 5 for members in groups.values())
    assert class_groups("digits") == {}
    assert class_groups("no such data") == {}
