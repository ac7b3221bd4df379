"""The arrays of a snapshot, as the views read them: which names there are together, their shapes and types."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from studio.core.data_kinds import DataKind, capabilities
from studio.insight.snapshot_parts.answer_maps import LARGEST_SIDE
from studio.methods.ops.attention_maps import MAPS
from studio.runs.files.snapshot_check import check_arrays

Arrays = Mapping[str, np.ndarray]
#: What is told of the neurons of a group, all of it or none.
NEURONS = ("agreement", "chance", "channels", "firing", "how")
WALKS = ("paths", "bases", "targets", "taught")
_GROUP = r"\w+"
_KNOWN = re.compile(
    r"probe/(inputs|labels)|logits/(teacher|student)|plane/(extent|points|labels)|plane/(teacher|student)/probabilities"
    rf"|(attention/(teacher|student)|alike)/{_GROUP}/({'|'.join(MAPS)})"
    rf"|grad_cam/(teacher|student)/{_GROUP}"
    rf"|inner/(attention|grad_cam)/(teacher|student)/((first|pre)/\w+|block/\w+\.\w+)"
    rf"|filters/(teacher|student)|(own/)?({'|'.join(NEURONS)})/\w+|plane/(teacher|student)/layer/\w+|plane/walks/({'|'.join(WALKS)})"
)


def check_snapshot(
    arrays: Arrays,
    *,
    classes: int,
    groups: tuple[str, ...],
    examples: DataKind,
    teacher: bool,
    key_moment: bool,
    numbers: bool = True,
) -> None:
    """A snapshot of a run that shows ``groups`` of a student, with a teacher that knows the same classes or without one.

    Both networks pass gradients, and what has maps at the ends of its groups has some between them too.

    Args:
        key_moment: whether it is the start or the end, or one behind a copy: maps between the ends of groups are kept at
            those alone.
        numbers: whether its values are to be looked at too; those of a run that fails may be none.
    """
    assert not numbers or check_arrays(arrays).unfit == ()
    for name in arrays:
        assert _KNOWN.fullmatch(name), f"no view knows of {name}"
        assert teacher or not re.search(r"teacher|walks|alike|" + "|".join(NEURONS), name), name
    roles = ("teacher", "student") if teacher else ("student",)
    shown = _check_probe(arrays, classes, examples)
    for role in roles:
        _has(arrays, f"logits/{role}", np.float32, (shown, classes))
        for group in _groups(arrays, f"attention/{role}", groups):
            _check_maps(arrays, f"attention/{role}/{group}", shown, numbers=numbers)
        _check_answer_maps(arrays, role, groups, shown, numbers=numbers)
        _check_inner_maps(arrays, role, groups, shown, numbers=numbers)
    maps = [set(_groups(arrays, f"attention/{role}", groups)) for role in roles]
    assert bool(_below(arrays, "inner/attention/student")) == (key_moment and bool(maps[-1]))
    _check_filters(arrays)
    if teacher:
        assert set(_groups(arrays, "alike", groups)) == maps[0] & maps[1]
        compared = {group for name in NEURONS for group in _groups(arrays, name, groups)}
        assert compared, "neurons of no group are compared"
        for group in compared:
            _check_neurons(arrays, group)
        for group in {group for name in NEURONS for group in _groups(arrays, f"own/{name}", groups)}:
            assert group in compared
            _check_neurons(arrays, group, "own/")
    for group in _groups(arrays, "alike", groups):
        for kind in MAPS:
            alike = _has(arrays, f"alike/{group}/{kind}", np.float32, ())
            assert not numbers or -1 <= alike <= 1
    if capabilities(examples).is_planar:
        _check_plane(arrays, classes, groups, roles)
    else:
        assert not [name for name in arrays if name.startswith("plane/")]
        assert maps[-1] or not capabilities(examples).has_maps, "attention of no group is shown"


def _check_probe(arrays: Arrays, classes: int, examples: DataKind) -> int:
    inputs, labels = arrays["probe/inputs"], arrays["probe/labels"]
    assert len(inputs) > 0
    if capabilities(examples).has_maps:
        assert (inputs.ndim, inputs.dtype.type) == (4, np.uint8)
        assert inputs.shape[1] in (1, 3)
    else:
        assert (inputs.ndim, inputs.dtype.type) == (2, np.float32)
    assert (labels.shape, labels.dtype.type) == ((len(inputs),), np.int64)
    assert ((labels >= 0) & (labels < classes)).all()
    return len(inputs)


def _check_filters(arrays: Arrays) -> None:
    """The first filters of both networks or of neither, as many planes as the pictures have."""
    filters = {name: arrays[name] for name in arrays if name.startswith("filters/")}
    assert len(filters) in (0, 2)
    for name, weights in filters.items():
        assert weights.dtype == np.float32, name
        assert weights.shape[1:] == (arrays["probe/inputs"].shape[1], *weights.shape[-1:] * 2), name


def _check_maps(arrays: Arrays, place: str, shown: int, *, numbers: bool) -> None:
    for kind in MAPS:
        _check_map(arrays, f"{place}/{kind}", shown, numbers=numbers)


def _check_map(arrays: Arrays, name: str, shown: int, *, numbers: bool) -> None:
    """Of every example that is shown one map of unit length, or of zeros."""
    maps = arrays[name]
    assert maps.dtype == np.float16, name
    assert maps.ndim == 3, name
    assert len(maps) == shown, name
    lengths = np.sqrt((maps.astype(float) ** 2).sum((1, 2)))
    assert not numbers or (np.isclose(lengths, 1, atol=2e-2) | (lengths == 0)).all(), name


def _check_answer_maps(arrays: Arrays, role: str, groups: tuple[str, ...], shown: int, *, numbers: bool) -> None:
    """Grad-CAM stands beside the attention of every group, in the same size as far as that is kept."""
    found = _groups(arrays, f"grad_cam/{role}", groups)
    assert found == _groups(arrays, f"attention/{role}", groups)
    for group in found:
        name = f"grad_cam/{role}/{group}"
        _check_map(arrays, name, shown, numbers=numbers)
        for kind in MAPS:
            full = arrays[f"attention/{role}/{group}/{kind}"].shape[1:]
            assert arrays[name].shape[1:] == tuple(min(side, LARGEST_SIDE) for side in full), name


def _check_inner_maps(arrays: Arrays, role: str, groups: tuple[str, ...], shown: int, *, numbers: bool) -> None:
    """Attention and Grad-CAM of the same places in the same size, of groups of the student or blocks in them."""
    places = _below(arrays, f"inner/attention/{role}")
    assert places == _below(arrays, f"inner/grad_cam/{role}")
    for place in places:
        assert place.partition("/")[2].partition(".")[0] in groups, f"{place} lies in no group of the run"
        names = [f"inner/{what}/{role}/{place}" for what in ("attention", "grad_cam")]
        for name in names:
            _check_map(arrays, name, shown, numbers=numbers)
            assert max(arrays[name].shape[1:]) <= LARGEST_SIDE, name
        assert arrays[names[0]].shape == arrays[names[1]].shape, place


def _check_neurons(arrays: Arrays, group: str, prefix: str = "") -> None:
    """Agreement is told behind a fitted map (2), and under ``own/`` channel by channel (0) or behind a connector (1)."""
    assert 0 <= _has(arrays, f"{prefix}agreement/{group}", np.float32, ()) <= 100
    assert 0 <= _has(arrays, f"{prefix}chance/{group}", np.float32, ()) <= 100
    channels = arrays[f"{prefix}channels/{group}"]
    assert channels.dtype == np.float32
    assert channels.ndim == 1
    assert ((channels >= 0) & (channels <= 100)).all()
    firing = _has(arrays, f"{prefix}firing/{group}", np.float32, channels.shape)
    assert ((firing >= 0) & (firing <= 1)).all()
    assert _has(arrays, f"{prefix}how/{group}", np.int8, ()) in ((0, 1) if prefix else (2,))


def _check_plane(arrays: Arrays, classes: int, groups: tuple[str, ...], roles: tuple[str, ...]) -> None:
    x0, x1, y0, y1 = _has(arrays, "plane/extent", np.float32, (4,))
    points = arrays["plane/points"]
    _has(arrays, "plane/points", np.float32, (len(points), 2))
    _has(arrays, "plane/labels", np.int64, (len(points),))
    assert ((points > [x0, y0]) & (points < [x1, y1])).all()
    for role in roles:
        answers = arrays[f"plane/{role}/probabilities"]
        grid = answers.shape[-1]
        _has(arrays, f"plane/{role}/probabilities", np.float16, (classes, grid, grid))
        assert np.allclose(answers.astype(float).sum(0), 1, atol=1e-2)
        layers = _groups(arrays, f"plane/{role}/layer", groups)
        assert layers, f"boundaries of no layer of the {role} are shown"
        for group in layers:
            layer = arrays[f"plane/{role}/layer/{group}"]
            _has(arrays, f"plane/{role}/layer/{group}", np.float16, (len(layer), grid, grid))
            assert 0 < len(layer) <= 32
    if "teacher" in roles:
        paths = arrays["plane/walks/paths"]
        _has(arrays, "plane/walks/paths", np.float32, (*paths.shape[:2], 2))
        bases = _has(arrays, "plane/walks/bases", np.int64, (len(paths),))
        targets = _has(arrays, "plane/walks/targets", np.int64, (len(paths),))
        assert (bases != targets).all()
        _has(arrays, "plane/walks/taught", np.bool_, ())


def _has(arrays: Arrays, name: str, kind: type[np.generic], shape: tuple[int, ...]) -> np.ndarray:
    found = arrays[name]
    assert (found.dtype.type, found.shape) == (kind, shape), name
    return found


def _groups(arrays: Arrays, place: str, groups: tuple[str, ...]) -> list[str]:
    """The groups of the student under whose name something stands at ``place``."""
    found = {name.split("/")[0] for name in _below(arrays, place)}
    assert found <= set(groups), f"{place} names groups the run does not have"
    return sorted(found)


def _below(arrays: Arrays, place: str) -> list[str]:
    """How the names go on that begin with ``place``."""
    return sorted(name.removeprefix(place + "/") for name in arrays if name.startswith(place + "/"))
