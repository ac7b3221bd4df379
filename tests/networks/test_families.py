"""Families: parameter counts as published, parts and taps where they should be."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from studio import catalog
from studio.core.errors import StudioError
from studio.networks.base import Input, Network
from studio.networks.build import build_network
from studio.networks.measure import latency_ms, summarise
from studio.networks.pairing import pair_groups
from studio.networks.taps import TapReader

COUNTS = json.loads((Path(__file__).parents[1] / "golden" / "param_counts.json").read_text())
RESIDUAL = [name for name in COUNTS if name.startswith(("WRN-", "ResNet-"))]
EVERY_KIND = [
    *("mlp-20-10", "cnn-4", "resnet-8", "resnet-8a", "wrn-10-1", "wrn-16-2"),
    *("vgg-8", "vgg-16-0.1", "resnet-11b", "resnet-20b", "densenet-bc-16-4"),
]
#: Networks "built" for the counts, by their keys here.
BUILT = {
    "vgg-16": ("VGG16 cifar no hidden fc", 10),
    "vgg-16-fc": ("VGG16 cifar fc512 bn", 10),
    "vgg-16-0.4": ("VGG16 recast .4 nofc", 10),
    "vgg-16-fc-0.4": ("VGG16 recast .4 fc512", 10),
    "densenet-bc-40-12": ("DenseNet-BC-40-12 c100", 100),
    "densenet-bc-100-12": ("DenseNet-BC-100-12 c100", 100),
    "densenet-bc-112-33": ("DenseNet-BC-112-33 c100", 100),
    "densenet-bc-90-60": ("DenseNet-BC-90-60 c100", 100),
    "densenet-bc-80-80": ("DenseNet-BC-80-80 c100", 100),
    "densenet-bc-80-120": ("DenseNet-BC-80-120 c100", 100),
}


def pictures(channels: int = 3, size: int = 32) -> Input:
    return Input((channels, size, size), (0.4,) * channels, (0.2,) * channels)


def network(key: str, source: Input | None = None, classes: int = 10, seed: int = 0) -> Network:
    return build_network(key, source or pictures(), tuple(map(str, range(classes))), seed)


def parameters(key: str, shape: tuple[int, ...], classes: int) -> int:
    with torch.device("meta"):
        body, _ = catalog.find("network", key).build(key, shape, classes)
    return sum(parameter.numel() for parameter in body.parameters())


@pytest.mark.parametrize("name", RESIDUAL)
def test_residual_networks_have_the_published_number_of_parameters(name: str) -> None:
    for dataset, classes in (("cifar10", 10), ("cifar100", 100)):
        assert parameters(name.lower(), (3, 32, 32), classes) == COUNTS[name][dataset]


@pytest.mark.parametrize("name", [name for name in RESIDUAL if "cifar10_zero_pad_shortcut" in COUNTS[name]])
def test_zero_padded_resnets_too(name: str) -> None:
    assert parameters(name.lower() + "a", (3, 32, 32), 10) == COUNTS[name]["cifar10_zero_pad_shortcut"]


@pytest.mark.parametrize(
    ("key", "shape", "counted"),
    [
        ("mlp-800-800", (1, 28, 28), "built: MLP 800-800"),
        ("mlp-1200-1200", (1, 28, 28), "built: MLP 1200-1200"),
        ("mlp-2000-2000", (3, 32, 32), "built: BaCaruana DNN 2000-2000 3072in"),
    ],
)
def test_perceptrons_have_the_published_parameters_and_multiplications(
    key: str, shape: tuple[int, ...], counted: str
) -> None:
    source = Input(shape, (0.5,) * shape[0], (0.5,) * shape[0])
    facts = summarise(network(key, source), key)
    assert facts.parameters == COUNTS[counted]["params"]
    assert facts.macs == COUNTS[counted]["macs"]


@pytest.mark.parametrize("key", BUILT)
def test_vgg_and_densely_connected_networks_have_the_published_parameters_and_multiplications(key: str) -> None:
    counted, classes = BUILT[key]
    with torch.device("meta"):
        facts = summarise(network(key, classes=classes), key)
    assert facts.parameters == COUNTS[f"built: {counted}"]["params"]
    assert facts.macs == COUNTS[f"built: {counted}"]["macs"]


@pytest.mark.parametrize("depth", [8, 11, 13, 16, 19])
def test_every_depth_of_vgg_has_its_known_number_of_parameters(depth: int) -> None:
    for dataset, classes in (("cifar10", 10), ("cifar100", 100)):
        assert parameters(f"vgg-{depth}", (3, 32, 32), classes) == COUNTS[f"vgg{depth}"][dataset]


@pytest.mark.parametrize(("key", "blocks"), [("resnet-11b", 1), ("resnet-83b", 9), ("resnet-164b", 18)])
def test_bottleneck_resnets_have_as_many_parameters_as_counted_by_hand(key: str, blocks: int) -> None:
    expected, below = 27 * 16 + 2 * 16, 16
    for inner in (16, 32, 64):
        for _ in range(blocks):
            wide = 4 * inner
            expected += below * inner + 9 * inner * inner + inner * wide + 2 * (inner + inner + wide)
            expected += (below * wide + 2 * wide) if below != wide else 0
            below = wide
    assert parameters(key, (3, 32, 32), 10) == expected + 256 * 10 + 10


@pytest.mark.parametrize("key", EVERY_KIND)
def test_every_parameter_buffer_and_layer_belongs_to_one_part(key: str) -> None:
    net = network(key)
    assert {net.part_of(name) for name, _ in net.named_parameters()} == set(net.anatomy.parts)
    for name, _ in net.named_buffers():
        assert net.part_of(name) in net.anatomy.parts
    leaves = [module for part in net.anatomy.parts for module in net.part_modules(part)]
    assert len(leaves) == sum(not any(module.children()) for module in net.body.modules())


@pytest.mark.parametrize("key", EVERY_KIND)
def test_the_head_is_the_classifier_alone(key: str) -> None:
    net = network(key)
    names = [name for name, _ in net.named_parameters() if net.part_of(name) == "head"]
    assert names == ["body.fc.weight", "body.fc.bias"]


def test_the_batch_norm_at_a_wide_resnets_border_belongs_to_the_group_before() -> None:
    net = network("wrn-16-2")
    assert net.part_of("body.group1.0.bn1.weight") == "stem"
    assert net.part_of("body.group2.0.bn1.running_mean") == "group1"
    assert net.part_of("body.group2.0.conv1.weight") == "group2"
    assert net.part_of("body.group2.1.bn1.weight") == "group2"
    assert net.part_of("body.bn.weight") == "group3"


@pytest.mark.parametrize(
    ("key", "shape"),
    [("mlp-20-20", (2,)), ("mlp-8", (1, 8, 8)), ("cnn-8", (1, 8, 8)), ("cnn-4", (4, 9, 13)), ("wrn-10-1", (1, 8, 8)),
     ("resnet-8a", (2, 9, 8)), ("vgg-16-fc-0.1", (1, 8, 8)), ("vgg-8", (3, 70, 33)), ("resnet-11b", (2, 9, 8)),
     ("densenet-bc-10-3", (1, 8, 9))],
)  # fmt: skip
def test_it_reads_points_and_pictures_of_any_size_and_channels(key: str, shape: tuple[int, ...]) -> None:
    net = network(key, Input(shape, (0.5,) * shape[0], (0.5,) * shape[0]), classes=3)
    assert net(torch.rand(2, *shape)).shape == (2, 3)


@pytest.mark.parametrize("shape", [(2,), (1, 6, 6), (3, 32, 4)])
@pytest.mark.parametrize("key", ["cnn-16", "resnet-20", "wrn-16-2", "vgg-16", "resnet-20b", "densenet-bc-40-12"])
def test_what_it_cannot_read_is_refused_in_words(key: str, shape: tuple[int, ...]) -> None:
    with pytest.raises(StudioError, match="cannot read these data") as refusal:
        network(key, Input(shape, (0.5,) * shape[0], (0.5,) * shape[0]))
    assert refusal.value.remedy


@pytest.mark.parametrize(
    "key",
    [
        *("wrn-17-2", "wrn-16", "resnet-21", "resnet-2", "mlp", "mlp-0", "cnn-0", "cnn-x", "mlp-5-", "wrn-16-2\n"),
        *("vgg-12", "vgg-16-0.0", "vgg-16-1.5", "vgg-16-0.4-fc", "resnet-8b", "resnet-21b", "densenet-bc-9-12"),
        *("densenet-40-12", "densenet-bc-40-0"),
    ],
)
def test_impossible_members_are_unknown(key: str) -> None:
    with pytest.raises(StudioError, match="no network called"):
        catalog.find("network", key)


def test_every_listed_member_is_known_and_named() -> None:
    for entry in catalog.entries("network"):
        for key in entry.members():
            assert catalog.find("network", key) is entry
            assert entry.name(key)


def test_a_seed_decides_the_weights_and_the_global_generator_is_left_alone() -> None:
    before = torch.random.get_rng_state()
    one, same, other = (network("cnn-4", seed=seed).state_dict() for seed in (1, 1, 2))
    assert torch.equal(torch.random.get_rng_state(), before)
    assert all(torch.equal(one[name], same[name]) for name in one)
    assert not torch.equal(one["body.fc.weight"], other["body.fc.weight"])


def test_a_summary_tells_shapes_and_leaves_the_network_as_it_was() -> None:
    net = network("wrn-16-2")
    net.get_submodule("body.group1").eval()
    modes = [module.training for module in net.modules()]
    before = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    facts = summarise(net, "WRN-16-2")
    assert latency_ms(net) > 0
    assert [module.training for module in net.modules()] == modes
    assert all(torch.equal(tensor, before[name]) for name, tensor in net.state_dict().items())
    assert [(tap.group, tap.channels, tap.height, tap.width) for tap in facts.taps] == [
        ("stem", 16, 32, 32), ("group1", 32, 32, 32), ("group2", 64, 16, 16), ("group3", 128, 8, 8)
    ]  # fmt: skip
    assert all(tap.pre and tap.norm for tap in facts.taps)
    assert facts.parts == ("stem", "group1", "group2", "group3", "head")
    assert (facts.embedding, facts.classes) == (128, 10)
    assert facts.parts_up_to("group2") == ("stem", "group1", "group2")


def test_multiplications_of_a_small_cnn_as_counted_by_hand() -> None:
    facts = summarise(network("cnn-2", pictures(1, 8)), "")
    assert facts.macs == 64 * 9 * 2 + 16 * 9 * 2 * 4 + 4 * 9 * 4 * 8 + 8 * 10


def test_equally_many_groups_are_paired_in_order_without_the_stem() -> None:
    pairs = pair_groups(summarise(network("wrn-16-2"), ""), summarise(network("cnn-4"), ""))
    assert pairs == (("group1", "group1"), ("group2", "group2"), ("group3", "group3"))


def test_layers_of_vectors_are_paired_from_the_top() -> None:
    deep, shallow = (
        summarise(network(key, Input((2,), (0.0, 0.0), (1.0, 1.0))), "") for key in ("mlp-9-8-7", "mlp-5-4")
    )
    assert pair_groups(deep, shallow) == (("group2", "group1"), ("group3", "group2"))
    assert pair_groups(shallow, deep) == (("group1", "group2"), ("group2", "group3"))


def test_other_numbers_of_groups_are_paired_by_size() -> None:
    from dataclasses import replace

    whole = summarise(network("wrn-10-1"), "")
    taps = whole.taps
    half = replace(whole, taps=(replace(taps[3], group="group1"),))
    assert pair_groups(whole, half) == (("group3", "group1"),)
    doubled = replace(whole, taps=(*taps[:2], replace(taps[1], group="group1b"), *taps[2:]))
    assert pair_groups(doubled, whole) == (("group1b", "group1"), ("group2", "group2"), ("group3", "group3"))


def test_a_reader_needs_a_group_that_exists() -> None:
    from studio.methods.base import TapRef

    with pytest.raises(KeyError):
        TapReader(network("cnn-4"), [TapRef("student", "group9", "out")])
