"""Published weights where maps are smaller than those they were published for."""

from __future__ import annotations

import pytest

from studio import catalog
from studio.insight.network_and_data_info import cast_of
from studio.methods.entry import AnyEntry

CIFAR, DIGITS = (3, 32, 32), (1, 8, 8)


def method(key: str) -> AnyEntry:
    found: AnyEntry = catalog.find("method", key)
    return found


def test_the_weight_of_attention_goes_with_the_places_of_the_maps() -> None:
    at = method("at")
    small = at.suited(at.Settings(), cast_of("cnn-32", "cnn-8", DIGITS, 10))["weight"]
    # Σ 1 / places of 8 × 8, 4 × 4 and 2 × 2 is 16 times that of 32 × 32, 16 × 16 and 8 × 8; a third of that as a margin
    assert small.value == pytest.approx(1000 / 16 / 3, rel=0.05)
    assert str(small.to) == "maps of 8 × 8 to 2 × 2"


def test_that_of_selectivity_goes_the_same_way() -> None:
    nst = method("nst")
    assert nst.suited(nst.Settings(), cast_of("cnn-32", "cnn-8", DIGITS, 10))["weight"].value == 1
    assert nst.suited(nst.Settings(), cast_of("wrn-40-2", "wrn-16-2", CIFAR, 10)) == {}


def test_contrast_is_lowered_for_a_student_of_few_numbers_alone() -> None:
    crd = method("crd")
    small = crd.suited(crd.Settings(), cast_of("cnn-32", "cnn-8", DIGITS, 10))["weight"]
    assert small.value == pytest.approx(0.8 * 32 / 128 / 3, rel=0.1)
    assert crd.suited(crd.Settings(), cast_of("wrn-40-2", "wrn-16-2", CIFAR, 10)) == {}


def test_on_the_maps_of_the_paper_it_stays_as_published() -> None:
    at = method("at")
    assert at.suited(at.Settings(), cast_of("wrn-40-2", "wrn-16-2", CIFAR, 10)) == {}
    assert at.suited(at.Settings(), cast_of("wrn-40-2", "wrn-16-2", (3, 64, 64), 10)) == {}
    assert at.Settings().model_dump()["weight"] == 1000


def test_of_two_sizes_the_smaller_counts_as_maps_are_brought_to_it() -> None:
    cast = cast_of("cnn-8", "vgg-8", CIFAR, 10)
    teacher = cast.teacher
    assert teacher is not None
    sides = [min(teacher.tap(t).height, cast.student.tap(s).height) for t, s in cast.pairs]
    assert [height for height, _ in cast.compared_maps] == sides


def test_a_weight_that_is_not_in_force_is_not_proposed() -> None:
    digits = cast_of("cnn-32", "cnn-8", DIGITS, 10)
    at, jacobian = method("at"), method("jacobian")
    assert at.suited(at.Settings.model_validate({"kind": "full"}), digits) == {}
    assert jacobian.suited(jacobian.Settings(), digits) == {}
    assert set(jacobian.suited(jacobian.Settings.model_validate({"of": "maps"}), digits)) == {"attention_weight"}


def test_without_a_teacher_or_maps_nothing_is_proposed() -> None:
    at = method("at")
    assert at.suited(at.Settings(), cast_of(None, "cnn-8", DIGITS, 10)) == {}


@pytest.mark.parametrize("key", catalog.keys("method"))
def test_what_is_proposed_is_a_setting_within_its_range(key: str) -> None:
    found = method(key)
    suited = found.suited(found.Settings(), cast_of("resnet-14", "resnet-8", DIGITS, 10, 32))
    settings = found.Settings(**{name: one.value for name, one in suited.items()})
    assert all(getattr(settings, name) == one.value for name, one in suited.items())
