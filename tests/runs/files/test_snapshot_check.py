"""Arrays that are not what their names say are left out of a snapshot and named; all others stay as they are."""

from __future__ import annotations

import numpy as np
import pytest

from studio.core.arrays import Arrays
from studio.events import Snapshot
from studio.runs.files.history import RunHistory
from studio.runs.files.snapshot_check import check_arrays
from tests.runs.files.odd_arrays import ODD, one_of_each_kind

P, K, G = 5, 3, 8
_RNG = np.random.default_rng(0)


def _sound() -> dict[str, np.ndarray]:
    """One array of each kind, with the right shapes, types and ranges."""
    extent = np.array([-1.5, 2.5, -1, 1], np.float32)
    answers = np.full((K, G, G), 1 / K, np.float16)
    arrays: dict[str, np.ndarray] = {
        "probe/inputs": _RNG.integers(0, 255, (P, 3, 16, 16), dtype=np.uint8),
        "probe/labels": np.arange(P) % K,
        "plane/extent": extent,
        "plane/points": _RNG.uniform(-1, 1, (20, 2)).astype(np.float32),
        "plane/labels": np.arange(20) % K,
        "plane/walks/paths": _RNG.uniform(-1, 1, (4, 11, 2)).astype(np.float32),
        "plane/walks/bases": np.arange(4) % K,
        "plane/walks/targets": np.arange(1, 5) % K,
        "plane/walks/taught": np.array(True),
    }
    for role in ("teacher", "student"):
        arrays |= {
            f"logits/{role}": _RNG.normal(size=(P, K)).astype(np.float32),
            f"attention/{role}/group1/sum2": _RNG.random((P, 4, 4)).astype(np.float16),
            f"plane/{role}/probabilities": answers,
            f"plane/{role}/layer/group1": _RNG.normal(size=(6, G, G)).astype(np.float16),
        }
    for own in ("", "own/"):
        arrays |= {
            f"{own}agreement/group1": np.array(81.5, np.float32),
            f"{own}chance/group1": np.array(50, np.float32),
            f"{own}channels/group1": _RNG.uniform(0, 100, 9).astype(np.float32),
            f"{own}firing/group1": _RNG.random(9).astype(np.float32),
            f"{own}how/group1": np.array(1 if own else 2, np.int8),
        }
    return arrays | {"alike/group1/sum2": np.array(0.9, np.float32)}


SOUND = _sound()
#: What fits all the same, for there may be another number of them.
HARMLESS = {
    ("a number", "alike"),
    ("a number", "agreement"),
    ("a number", "chance"),
    ("empty", "plane/points"),
    ("empty", "plane/walks/paths"),
    ("one more", "probe/inputs"),
    ("one axis less", "how"),
    ("turned", "channels"),
    ("turned", "firing"),
    ("one more", "plane/teacher/layer"),
    ("one more", "plane/student/layer"),
    ("one more", "channels"),
    ("one more", "firing"),
    ("flags", "plane/walks/taught"),
    ("one more", "plane/points"),
    ("one more", "plane/walks/paths"),
}


def test_what_fits_stays_as_it_is() -> None:
    found = check_arrays(SOUND)
    assert found.unfit == ()
    assert list(found) == list(SOUND)
    assert all(found[name] is SOUND[name] for name in SOUND)


def test_points_of_any_number_of_coordinates_are_examples_too() -> None:
    arrays = {"probe/inputs": np.zeros((P, 4), np.float32), "logits/student": SOUND["logits/student"]}
    assert check_arrays(arrays).unfit == ()
    assert check_arrays({"logits/student": SOUND["logits/student"]}).unfit == ()


@pytest.mark.parametrize("name", one_of_each_kind(list(SOUND)))
@pytest.mark.parametrize("how", ODD)
def test_what_does_not_fit_is_left_out_and_named(name: str, how: str) -> None:
    odd = ODD[how](SOUND[name])
    same = odd.shape == SOUND[name].shape and odd.dtype == SOUND[name].dtype and np.array_equal(odd, SOUND[name])
    found = check_arrays(SOUND | {name: odd})
    kind = name.removeprefix("own/").partition("/group1")[0].removesuffix("/sum2")
    if not same and (how, kind) not in HARMLESS:
        assert name not in found
        assert name in found.unfit
    assert {*found, *found.unfit} == set(SOUND)
    _check_together(found)


def _check_together(found: Arrays) -> None:
    """What is left fits together, whatever was left out."""
    assert check_arrays(found).unfit == ()


def test_pictures_that_do_not_fit_take_what_is_said_of_them_along() -> None:
    found = check_arrays(SOUND | {"probe/inputs": np.zeros((P, 3, 16, 0), np.uint8)})
    assert found.lacks("probe/inputs", "other")
    assert found.lacks("attention/")
    assert not found.lacks("plane/")
    assert {"probe/labels", "logits/student", "attention/student/group1/sum2"} <= set(found.unfit)


def test_labels_name_classes_there_are() -> None:
    """A painter goes through all classes up to the last one that is named."""
    for name in ("probe/labels", "plane/labels"):
        assert check_arrays(SOUND | {name: SOUND[name] + K}).unfit == (name,)


def test_a_new_kind_of_array_stays_where_its_values_are_numbers() -> None:
    new = {"new/a": np.ones(3), "new/b": np.array([1, np.nan]), "new/c": np.array(["x"])}
    assert check_arrays(SOUND | new).unfit == ("new/b", "new/c")


def test_a_snapshot_without_anything_lacks_all() -> None:
    assert check_arrays({}).lacks("probe/")


def test_snapshots_are_checked_when_they_are_loaded_live_and_from_their_file() -> None:
    damaged = SOUND | {"logits/student": np.full((P, K), np.nan)}
    history = RunHistory("run")
    history.handle_event(Snapshot(step=1, arrays=damaged))
    history.handle_event(Snapshot(step=2, file="2.npz"), lambda: damaged)
    for moment in history.moments:
        assert moment.load().unfit == ("logits/student",)
        assert "logits/teacher" in moment.load()
