"""Models of every kind in files: read back equal, refused in words, and able to teach."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import save_file

from studio import catalog
from studio.core.errors import StudioError
from studio.core.score import Score
from studio.models.base import Model
from studio.models.class_order import InClassOrder
from studio.models.files import FORMAT, kind_of, load_model, read_model
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.ensemble import make_ensemble
from studio.networks.files import load_network
from studio.networks.model_network import network_of_model
from studio.networks.network_model import NetworkModel
from tests.systems.toy_procedures import NearestCentre, NearestCentreKind

POINTS = Input((2,), (0.0, 0.0), (1.0, 1.0))
CLASSES = ("left", "right")
CENTRES = np.array([[-1.0, 0.0], [1.0, 0.5]])
INPUTS = np.random.default_rng(3).normal(size=(300, 2)).astype(np.float32)


@pytest.fixture(autouse=True)
def nearest() -> Iterator[None]:
    catalog.register("model", NearestCentreKind())
    yield
    catalog.unregister("model", NearestCentreKind.key)


def network() -> NetworkModel:
    return NetworkModel(build_network("mlp-8-8", POINTS, CLASSES, seed=1))


def ensemble() -> NetworkModel:
    members = [build_network("mlp-8-8", POINTS, CLASSES, seed=seed) for seed in (1, 2)]
    return NetworkModel(make_ensemble(members))


MODELS: dict[str, Callable[[], Model]] = {
    "network": network,
    "ensemble": ensemble,
    "no network": lambda: NearestCentre(CENTRES, CLASSES),
}


@pytest.fixture(params=MODELS)
def model(request: pytest.FixtureRequest) -> Model:
    return MODELS[str(request.param)]()


def test_it_answers_with_probabilities(model: Model) -> None:
    answers = model.probabilities(INPUTS)
    assert answers.shape == (300, 2)
    assert answers.dtype == np.float32
    assert np.allclose(answers.sum(1), 1, atol=1e-6)
    assert np.allclose(model.probabilities(INPUTS[:1]), answers[:1], atol=1e-6)
    assert model.probabilities(INPUTS[:0]).shape == (0, 2)


def test_it_says_how_large_and_how_fast_it_is(model: Model) -> None:
    assert model.size.parameters > 0
    assert model.size.bytes >= 4 * model.size.parameters
    assert model.milliseconds > 0
    assert str(model.describe())


def test_read_back_it_answers_the_same_and_is_the_same_file(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path / "model.safetensors")
    scores = {"accuracy": Score(value=0.75)}
    back = load_model(tmp_path / "model.safetensors", scores)
    assert (back.key, back.classes, back.scores) == (model.key, model.classes, scores)
    assert np.array_equal(back.probabilities(INPUTS), model.probabilities(INPUTS))
    back.save(tmp_path / "again.safetensors")
    assert (tmp_path / "again.safetensors").read_bytes() == (tmp_path / "model.safetensors").read_bytes()


def test_answers_stand_in_the_order_that_is_asked_for(model: Model) -> None:
    turned = InClassOrder(model, CLASSES[::-1])
    assert turned.classes == CLASSES[::-1]
    assert np.array_equal(turned.probabilities(INPUTS), model.probabilities(INPUTS)[:, ::-1])
    with pytest.raises(ValueError, match="other classes"):
        InClassOrder(model, ("up", "down"))


def test_in_the_place_of_a_network_it_gives_the_same_answers() -> None:
    model = NearestCentre(CENTRES, CLASSES)
    teacher = network_of_model(model, (2,))
    logits = teacher(torch.from_numpy(INPUTS))
    assert np.allclose(logits.softmax(1).numpy(), model.probabilities(INPUTS), atol=1e-6)
    assert not list(teacher.parameters())


def test_a_model_that_is_no_network_is_not_read_as_one(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    NearestCentre(CENTRES, CLASSES).save(file)
    assert kind_of(file) == "toy_nearest"
    with pytest.raises(StudioError, match="no network"):
        load_network(file)
    network().save(file)
    with pytest.raises(StudioError, match="another kind"):
        read_model(file, "toy_nearest")


def test_an_unknown_kind_is_refused_by_its_name(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    metadata = {"format": FORMAT, "kind": "oracle", "classes": '["a"]', "description": "{}"}
    save_file({"numbers": CENTRES}, file, metadata)
    with pytest.raises(StudioError, match="oracle"):
        load_model(file)


@pytest.mark.parametrize("harm", ["missing", "cut", "empty", "no classes", "words instead of a table", "newer"])
def test_what_is_no_model_is_refused_in_words(harm: str, tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    metadata = {"format": FORMAT, "kind": "toy_nearest", "classes": json.dumps(CLASSES), "description": "{}"}
    changed = {"no classes": {"classes": "[]"}, "words instead of a table": {"description": '"x"'}}
    metadata |= changed.get(harm, {}) | ({"format": FORMAT + "9"} if harm == "newer" else {})
    save_file({"centres": CENTRES}, file, metadata)
    if harm == "missing":
        file.unlink()
    elif harm in ("cut", "empty"):
        file.write_bytes(file.read_bytes()[: 0 if harm == "empty" else -9])
    with pytest.raises(StudioError, match="cannot be used"):
        load_model(file)
