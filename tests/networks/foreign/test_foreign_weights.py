"""Weights of other codes: their names and wrappers are known, nothing of them is executed, and what differs is told."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file
from torch import Tensor

from studio.core.errors import StudioError
from studio.networks.base import Input, Network
from studio.networks.build import build_network
from studio.networks.foreign.fitting import answers_of, network_of_weights
from studio.networks.foreign.names import other_names, renamed
from studio.networks.foreign.state_reader import read_weights

SOURCE = Input((3, 32, 32), (0.4,) * 3, (0.2,) * 3)
CLASSES = tuple("abcdefg")

#: By family a network of it and, by code, what some of its layers are called there: theirs, ours.
PUBLISHED = {
    ("resnet", "resnet-8x4", "RepDistiller, mdistiller, OFD, torchvision"): {
        "conv1.weight": "conv1.weight",
        "layer2.0.conv1.weight": "group2.0.conv1.weight",
        "layer3.0.bn2.running_var": "group3.0.bn2.running_var",
        "layer1.0.downsample.0.weight": "group1.0.shortcut.0.weight",
        "layer2.0.downsample.1.bias": "group2.0.shortcut.1.bias",
        "fc.bias": "fc.bias",
    },
    ("wrn", "wrn-16-2", "RepDistiller, mdistiller, AB, OFD"): {
        "block1.layer.0.bn1.weight": "group1.0.bn1.weight",
        "block2.layer.1.conv2.weight": "group2.1.conv2.weight",
        "block3.layer.0.convShortcut.weight": "group3.0.shortcut.weight",
        "bn1.running_mean": "bn.running_mean",
        "fc.weight": "fc.weight",
    },
    ("wrn", "wrn-16-2", "attention transfer"): {
        "conv0": "conv1.weight",
        "group0.block1.conv0": "group1.1.conv1.weight",
        "group1.block0.bn1.running_var": "group2.0.bn2.running_var",
        "group2.block0.convdim": "group3.0.shortcut.weight",
        "bn.bias": "bn.bias",
        "fc.bias": "fc.bias",
    },
    ("vgg", "vgg-13", "RepDistiller, mdistiller"): {
        "block0.0.weight": "group1.0.conv.weight",
        "block0.4.bias": "group1.1.bn.bias",
        "block4.3.bias": "group5.1.conv.bias",
        "classifier.weight": "fc.weight",
    },
    ("vgg", "vgg-13", "torchvision's row of layers"): {
        "features.0.weight": "group1.0.conv.weight",
        "features.4.weight": "group1.1.bn.weight",
        "features.7.weight": "group2.0.conv.weight",
        "features.32.running_mean": "group5.1.bn.running_mean",
        "classifier.bias": "fc.bias",
    },
    ("mobilenet-v1", "mobilenet-v1", "OFD"): {
        "model.0.0.weight": "conv1.weight",
        "model.1.3.weight": "group1.0.conv2.weight",
        "model.13.4.running_var": "group5.1.bn2.running_var",
        "fc.weight": "fc.weight",
    },
    ("mobilenet-v2", "mobilenet-v2-0.5", "RepDistiller, mdistiller"): {
        "conv1.1.weight": "bn1.weight",
        "blocks.0.0.conv.0.weight": "group1.0.conv1.weight",
        "blocks.3.0.conv.3.weight": "group3.0.conv2.weight",
        "blocks.6.0.conv.7.bias": "group4.3.bn3.bias",
        "conv2.0.weight": "group5.conv.weight",
        "classifier.0.bias": "fc.bias",
    },
}
CODES = [pytest.param(*place, names, id=f"{place[2]}: {place[1]}") for place, names in PUBLISHED.items()]


def network(key: str, seed: int = 0) -> Network:
    return build_network(key, SOURCE, CLASSES, seed)


def body(net: Network) -> dict[str, Tensor]:
    """Its weights by our names."""
    return {name.removeprefix("body."): value for name, value in net.state_dict().items() if name.startswith("body.")}


def as_saved_by(family: str, net: Network, names: dict[str, str]) -> dict[str, Tensor]:
    """Its weights as the code whose names these are calls them."""
    for known in other_names(family, net.blocks):
        if all(renamed(theirs, known) == ours for theirs, ours in names.items()):
            break
    else:
        raise AssertionError(f"no code of {family} is known that has these names")
    back = {ours: theirs for theirs, ours in known.items()}
    saved = {}
    for name, value in body(net).items():
        module = max((each for each in back if name == each or name.startswith(each + ".")), key=len, default="")
        saved[back[module] + name.removeprefix(module) if module else name] = value
    return saved


def same(one: Network, other: Network) -> bool:
    first, second = body(one), body(other)
    return all(torch.equal(first[name], second[name]) for name in first)


@pytest.mark.parametrize(("family", "key", "_code", "names"), CODES)
def test_checkpoints_of_published_codes_are_read(
    family: str, key: str, _code: str, names: dict[str, str], tmp_path: Path
) -> None:
    net = network(key)
    saved = as_saved_by(family, net, names)
    assert set(names) <= set(saved)
    torch.save({"epoch": 3, "model": {f"module.{name}": value for name, value in saved.items()}}, tmp_path / "a.pth")
    weights = read_weights(tmp_path / "a.pth")
    assert answers_of(weights, key, SOURCE.shape) == len(CLASSES)
    assert same(network_of_weights(weights, key, SOURCE, CLASSES, tmp_path / "a.pth"), net)


def test_statistics_that_stand_apart_belong_to_the_weights(tmp_path: Path) -> None:
    net = network("wrn-10-1")
    saved = as_saved_by("wrn", net, PUBLISHED["wrn", "wrn-16-2", "attention transfer"] and {"conv0": "conv1.weight"})
    counted = {name: value for name, value in saved.items() if not name.endswith("num_batches_tracked")}
    stats = {name: value for name, value in counted.items() if "running" in name}
    params = {name: value for name, value in counted.items() if name not in stats}
    torch.save({"params": params, "stats": stats, "epoch": 7}, tmp_path / "model.pt7")
    again = network_of_weights(read_weights(tmp_path / "model.pt7"), "wrn-10-1", SOURCE, CLASSES, tmp_path)
    assert same(again, net)


@pytest.mark.parametrize(
    "wrap",
    [
        lambda state: state,
        lambda state: {"state_dict": state, "optimizer": {"state": {}, "param_groups": []}},
        lambda state: {"model": {f"module.{name}": value for name, value in state.items()}},
        lambda state: {"net": state, "acc": 91.2},
        lambda state: {"state_dict": {"conv1.weight": torch.zeros(1)}, "state_dict_ema": state},
        lambda state: {
            "model_ema": {"n_averaged": torch.tensor(4), **{f"module.{name}": each for name, each in state.items()}}
        },
        lambda state: {
            "model": {
                **{f"module.student.{name}": each for name, each in state.items()},
                "module.teacher.conv1.weight": torch.zeros(1),
            }
        },
        lambda state: {f"_orig_mod.{name}": value for name, value in state.items()},
    ],
)
def test_the_usual_wrappers_are_taken_off(wrap: Any, tmp_path: Path) -> None:
    net = network("resnet-8")
    torch.save(wrap(body(net)), tmp_path / "a.pt")
    weights = read_weights(tmp_path / "a.pt")
    assert same(network_of_weights(weights, "resnet-8", SOURCE, CLASSES, tmp_path), net)


def test_a_file_of_safetensors_and_one_without_counters_will_do(tmp_path: Path) -> None:
    net = network("resnet-8")
    kept = {name: value for name, value in body(net).items() if not name.endswith("num_batches_tracked")}
    save_file(kept, tmp_path / "a.safetensors")
    weights = read_weights(tmp_path / "a.safetensors")
    assert same(network_of_weights(weights, "resnet-8", SOURCE, CLASSES, tmp_path), net)


@pytest.mark.parametrize("names", [["cat", "dog"], {"dog": 1, "cat": 0}])
def test_class_names_are_taken_from_the_file(names: object, tmp_path: Path) -> None:
    torch.save({"state_dict": body(network("resnet-8")), "classes": names}, tmp_path / "a.pt")
    assert read_weights(tmp_path / "a.pt").classes == ("cat", "dog")


class Runs:
    """Writes a file when it is unpickled."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self.file,)


def test_nothing_of_a_file_is_executed(tmp_path: Path) -> None:
    torch.save({"state_dict": body(network("resnet-8")), "extra": Runs(tmp_path / "ran")}, tmp_path / "a.pt")
    with pytest.raises(StudioError, match="run code"):
        read_weights(tmp_path / "a.pt")
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04 and nothing more"])
def test_what_holds_no_weights_is_refused(content: bytes, tmp_path: Path) -> None:
    for name in ("a.pt", "a.safetensors"):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(StudioError, match="cannot be used"):
            read_weights(tmp_path / name)
    torch.save({"epoch": 3}, tmp_path / "b.pt")
    with pytest.raises(StudioError, match="no weights by name"):
        read_weights(tmp_path / "b.pt")
    with pytest.raises(StudioError, match="cannot be used"):
        read_weights(tmp_path / "nowhere.pt")


def test_layers_that_differ_are_told_and_not_all_of_them(tmp_path: Path) -> None:
    state = body(network("resnet-14"))
    state["conv1.weight"] = torch.zeros(16, 3, 5, 5)
    torch.save(state, tmp_path / "a.pt")
    with pytest.raises(StudioError) as caught:
        network_of_weights(read_weights(tmp_path / "a.pt"), "resnet-8", SOURCE, CLASSES, tmp_path / "a.pt")
    told = str(caught.value)
    assert "not those of ResNet-8" in told
    assert "Not of this network: group1.1.conv1.weight" in told
    assert "(+" in told
    assert "conv1.weight 16×3×5×5 / 16×3×3×3" in told
    assert len(told) < 500
