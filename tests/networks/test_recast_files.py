"""Files of networks that a list of blocks describes: they come back bit-equal, and no list is believed unseen."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from studio import catalog
from studio.core.errors import StudioError
from studio.networks.base import Input, Network
from studio.networks.blocks import BadBlocks, Block, blocks_from_json, blocks_to_json, check_blocks
from studio.networks.build import build_network
from studio.networks.exchange import Target, TargetKind, exchange
from studio.networks.files import load_network, save_network
from studio.networks.titles import network_title

PICTURES = Input((3, 16, 16), (0.4,) * 3, (0.25,) * 3)
RECASTS: dict[str, dict[int, Target]] = {
    "vgg-16-fc-0.1": {3: Target("conv", 0.5)},
    "resnet-14a": {1: Target("basic", 0.5), 4: Target("conv")},
    "resnet-20b": {1: Target("conv"), 2: Target("bottleneck", 0.5)},
    "wrn-16-2": {1: Target("conv"), 6: Target("basic", 0.4)},
    "densenet-bc-22-4": {1: Target("basic"), 5: Target("conv")},
    "mlp-9-8": {},
}


def recast(key: str = "resnet-14a") -> Network:
    net = build_network(key, PICTURES, ("cat", "Hund {x}", "鸟"), 3)
    net.train()(torch.rand(8, 3, 16, 16))  # batch norms that have seen something
    return exchange(net.eval(), RECASTS[key], seed=1)


@pytest.mark.parametrize("key", RECASTS)
def test_a_recast_network_comes_back_bit_equal_with_its_blocks(key: str, tmp_path: Path) -> None:
    net = recast(key)
    save_network(net, tmp_path / "net.safetensors", {"run": "r1"})
    back = load_network(tmp_path / "net.safetensors").eval()
    assert (back.key, back.classes, back.source, back.blocks) == ("recast", net.classes, net.source, net.blocks)
    assert back.anatomy == net.anatomy
    state = net.state_dict()
    assert all(torch.equal(value, state[name]) for name, value in back.state_dict().items())
    x = torch.rand(2, 3, 16, 16)
    assert torch.equal(back(x), net(x))
    save_network(back, tmp_path / "again.safetensors", {"run": "r1"})
    assert (tmp_path / "again.safetensors").read_bytes() == (tmp_path / "net.safetensors").read_bytes()


def test_a_network_that_came_back_can_be_recast_again(tmp_path: Path) -> None:
    save_network(recast("resnet-14a"), tmp_path / "net.safetensors")
    kind: TargetKind = "conv"
    again = exchange(load_network(tmp_path / "net.safetensors"), {1: Target(kind)}, seed=0)
    assert [block.kind for block in again.blocks[:3]] == ["stem", "conv", "basic"]


def test_loading_leaves_the_global_generator_alone(tmp_path: Path) -> None:
    save_network(recast(), tmp_path / "net.safetensors")
    before = torch.random.get_rng_state()
    load_network(tmp_path / "net.safetensors")
    assert torch.equal(torch.random.get_rng_state(), before)


def test_its_key_has_a_name_but_builds_nothing() -> None:
    assert network_title("recast") == "Made from the teacher"
    assert "recast" not in catalog.keys("network")
    with pytest.raises(StudioError, match="cannot be built from its name"):
        build_network("recast", PICTURES, ("a", "b"), 0)


@pytest.mark.parametrize("key", [*RECASTS, "cnn-4", "densenet-bc-16-4"])
def test_a_list_of_blocks_is_the_same_after_writing_and_reading(key: str) -> None:
    net = build_network(key, PICTURES, ("a", "b"), 0)
    written = blocks_to_json(net.blocks)
    assert blocks_from_json(written) == net.blocks
    assert isinstance(json.loads(written), list)
    check_blocks(net.blocks, PICTURES.shape, 2)


def changed(change: Callable[[list[dict[str, Any]]], object]) -> str:
    blocks = json.loads(blocks_to_json(recast().blocks))
    change(blocks)
    return json.dumps(blocks)


STRANGE: dict[str, tuple[str, str]] = {
    "nothing": ("", "makes no network"),
    "no json": ("[{", "makes no network"),
    "deep json": ("[" * 100_000, "makes no network"),
    "no list": ('{"name": "stem"}', "makes no network"),
    "empty": ("[]", "too few blocks"),
    "unknown kind": (changed(lambda b: b[1].update(kind="attention")), "kind"),
    "unknown word": (changed(lambda b: b[1].update(run="rm -r")), "run"),
    "strange name": (changed(lambda b: b[1].update(name="forward")), "name"),
    "name of a folder": (changed(lambda b: b[1].update(name="group1")), "one name"),
    "a name twice": (changed(lambda b: b[2].update(name=b[1]["name"])), "one name"),
    "a group in two places": (changed(lambda b: b[1].update(group="group3")), "two places"),
    "width that does not fit": (changed(lambda b: b[1].update(width=9)), "made for 8 channels and gets 9"),
    "huge width": (changed(lambda b: b[1].update(width=2**40)), "width"),
    "no width": (changed(lambda b: b[1].update(width=0)), "width"),
    "width in words": (changed(lambda b: b[1].update(width="8")), "width"),
    "no head": (changed(lambda b: b.pop()), "ends in no head"),
    "head first": (changed(lambda b: b.insert(0, b.pop())), "ends in no head"),
    "stem inside": (changed(lambda b: b.insert(2, b.pop(0))), "wrong place"),
    "other classes": (changed(lambda b: b[-1].update(width=7)), "answers 7 classes"),
    "an ensemble": (changed(lambda b: b[0].update(kind="members", name="members", group="members")), "described"),
    "a vector as map": (changed(lambda b: b[-1].pop("flatten")), "cannot work on"),
    "pooled away": (changed(lambda b: [each.update(pool=True) for each in b[1:-1]]), "too small"),
    "padding that narrows": (changed(lambda b: b[2].update(zero_pad=True, width=4)), "padded"),
    "dense without layers": (changed(lambda b: b[1].update(kind="dense")), "inner width"),
    "dense that loses": (changed(lambda b: b[1].update(kind="dense", inner=3, layers=2)), "hands on"),
    "too many": (changed(lambda b: b.extend(b[2:3] * 1000)), "too many"),
}


@pytest.mark.parametrize("name", STRANGE)
def test_a_list_that_makes_no_network_is_refused_with_the_reason(name: str, tmp_path: Path) -> None:
    blocks, reason = STRANGE[name]
    path = tmp_path / "net.safetensors"
    save_network(recast(), path)
    with safe_open(path, framework="pt") as file:
        tensors = {each: file.get_tensor(each).clone() for each in file.keys()}  # noqa: SIM118 - not a mapping
        metadata = dict(file.metadata())
    save_file(tensors, path, {**metadata, "blocks": blocks})
    with pytest.raises(StudioError, match=reason) as refusal:
        load_network(path)
    assert str(path) in str(refusal.value)
    assert len(str(refusal.value)) < 1000


def test_a_list_of_other_blocks_than_the_tensors_are_of_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    save_network(recast(), path)
    with safe_open(path, framework="pt") as file:
        tensors = {each: file.get_tensor(each).clone() for each in file.keys()}  # noqa: SIM118 - not a mapping
        metadata = dict(file.metadata())
    wide = build_network("resnet-14a", PICTURES, ("a", "b", "c"), 0)
    save_file(tensors, path, {**metadata, "blocks": blocks_to_json(wide.blocks)})
    with pytest.raises(StudioError, match="not those of recast"):
        load_network(path)


def test_a_network_of_another_key_needs_no_list_and_reads_none(tmp_path: Path) -> None:
    path = tmp_path / "net.safetensors"
    save_network(build_network("cnn-4", PICTURES, ("a", "b"), 0), path, {"blocks": "[{"})
    assert load_network(path).key == "cnn-4"


@pytest.mark.parametrize(
    "values",
    [
        {"name": "stem", "kind": "conv"},
        {"name": "group1", "kind": "linear"},
        {"name": "layers.0", "kind": "conv"},
        {"name": "head", "kind": "stem"},
        {"name": "group1.0", "kind": "bottleneck"},
    ],
)
def test_a_block_says_what_it_is(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        Block.model_validate({"group": "group1", "below": 3, "width": 4, **values})


def test_points_are_not_read_by_convolutions() -> None:
    blocks = build_network("cnn-4", PICTURES, ("a", "b"), 0).blocks
    with pytest.raises(BadBlocks, match="cannot work on"):
        check_blocks(blocks, (3,), 2)
