"""Wrong labels on purpose: how many, which, and that nothing is tested by them."""

from __future__ import annotations

from pathlib import Path

import torch

from studio.data.label_noise import with_wrong_labels
from studio.data.prepare import prepare
from studio.experiment import validated
from studio.runs.references import fingerprint
from studio.systems.reference_experiments import teacher_experiment


def test_as_many_labels_are_wrong_as_asked_for_and_always_the_same() -> None:
    labels = torch.arange(1000) % 4
    noisy = with_wrong_labels(labels, 0.3, 4)
    assert int((noisy != labels).sum()) == 300
    assert set(noisy.tolist()) == {0, 1, 2, 3}
    assert torch.equal(noisy, with_wrong_labels(labels, 0.3, 4))
    fewer = with_wrong_labels(labels, 0.1, 4) != labels
    assert bool((noisy != labels)[fewer].all())


def test_nothing_is_changed_where_nothing_can_be_wrong() -> None:
    labels = torch.zeros(10, dtype=torch.int64)
    assert torch.equal(with_wrong_labels(labels, 0.0, 4), labels)
    assert torch.equal(with_wrong_labels(labels, 0.5, 1), labels)


def test_tests_and_choices_go_by_the_right_labels(tmp_path: Path) -> None:
    right, wrong = (
        prepare("digits", {}, seed=0, validation=0.1, label_noise=share, cache=tmp_path) for share in (0.0, 0.4)
    )
    assert torch.equal(right.train.inputs, wrong.train.inputs)
    assert right.validation is not None
    assert wrong.validation is not None
    assert torch.equal(right.validation.labels, wrong.validation.labels)
    assert torch.equal(right.test.labels, wrong.test.labels)
    share = float((right.train.labels != wrong.train.labels).float().mean())
    assert 0.37 < share < 0.43
    assert right.fingerprint != wrong.fingerprint


EXPERIMENT = {
    "dataset": {"key": "digits", "digits": "5 to 9", "per_class": 3},
    "teacher": {"key": "cnn-8", "data": {"digits": "0 to 4"}},
    "student": {"key": "cnn-4"},
    "method": {"key": "rkd"},
}


def test_some_of_the_digits_are_classes_of_their_own(tmp_path: Path) -> None:
    every, half = (prepare("digits", {"digits": kinds}, seed=0, cache=tmp_path) for kinds in ("all", "5 to 9"))
    assert half.classes == tuple("56789")
    assert set(half.train.labels.tolist()) == set(range(5))
    assert int((half.test.labels == 0).sum()) == int((every.test.labels == 5).sum())


def test_a_teacher_may_learn_from_other_digits_than_its_student() -> None:
    teacher = teacher_experiment(validated(EXPERIMENT))
    assert teacher.dataset.settings["digits"] == "0 to 4"
    assert teacher.dataset.per_class is None


def test_runs_from_before_are_found_again_and_noisy_ones_are_others() -> None:
    plain = validated({**EXPERIMENT, "method": {"key": "none"}}).resolved()
    noisy = plain.model_copy(update={"dataset": plain.dataset.model_copy(update={"label_noise": 0.4})})
    machine = {"device": "cpu", "kind": "some", "cores": 2}
    assert fingerprint(plain, machine, content="") != fingerprint(noisy, machine, content="")
