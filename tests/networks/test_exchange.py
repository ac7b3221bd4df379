"""Exchanged blocks: what is not exchanged stays bit for bit, and widths that no longer fit are made to fit."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from studio.core.errors import StudioError
from studio.networks.base import Input, Network
from studio.networks.build import build_network
from studio.networks.ensemble import make_ensemble
from studio.networks.exchange import (
    Target,
    TargetKind,
    compared_behind,
    copy_of_blocks,
    exchange,
    exchange_blocks,
    exchange_refusal,
    exchangeable,
    fresh_blocks,
)
from studio.networks.measure import summarise
from studio.networks.recast import network_of_blocks
from studio.networks.taps import TapPoint, TapReader

PICTURES = Input((3, 16, 16), (0.4,) * 3, (0.25,) * 3)
CIFAR = Input((3, 32, 32), (0.4,) * 3, (0.25,) * 3)
CLASSES = tuple("abcdefghij")
FAMILIES = ["mlp-9-8", "cnn-4", "vgg-16-0.1", "vgg-16-fc-0.1", "resnet-14", "resnet-14a", "resnet-20b", "wrn-16-2"]
FAMILIES.append("densenet-bc-22-4")
#: The exchanges of the deck, small: from which network, to what, at which ratio.
EXCHANGES: list[tuple[str, TargetKind, float]] = [
    ("densenet-bc-22-4", "basic", 1.0),
    ("densenet-bc-22-4", "conv", 1.0),
    ("resnet-14", "conv", 1.0),
    ("wrn-16-2", "conv", 1.0),
    ("resnet-20b", "conv", 1.0),
    ("resnet-20b", "bottleneck", 0.5),
    ("resnet-20b", "basic", 0.5),
    ("wrn-16-2", "basic", 0.5),
    ("resnet-14", "basic", 0.4),
    ("resnet-14a", "basic", 0.4),
    ("vgg-16-fc-0.1", "conv", 0.4),
    ("cnn-4", "conv", 0.5),
]


def network(key: str, source: Input = PICTURES) -> Network:
    net = build_network(key, source, CLASSES, 0)
    with torch.no_grad():
        net.train()(torch.rand(8, *source.shape))  # batch norms that have seen something
    return net.eval()


def batch() -> Tensor:
    return torch.rand(4, 3, 16, 16, generator=torch.Generator().manual_seed(0))


def weights_of(net: Network, block: int) -> dict[str, Tensor]:
    return {name: value for name, value in net.state_dict().items() if net.block_of(name) == block}


def equal(left: dict[str, Tensor], right: dict[str, Tensor]) -> bool:
    return left.keys() == right.keys() and all(torch.equal(value, right[name]) for name, value in left.items())


@pytest.mark.parametrize("key", FAMILIES)
def test_a_network_copied_to_a_list_of_blocks_is_the_same_network(key: str) -> None:
    net = network(key)
    copy = copy_of_blocks(net)
    assert copy.key == "recast"
    assert copy.blocks == net.blocks
    assert equal(copy.state_dict(), net.state_dict())
    assert list(copy.state_dict()) == list(net.state_dict())
    assert torch.equal(copy(batch()), net(batch()))
    assert copy.anatomy == net.anatomy
    for parameter in copy.parameters():
        parameter.data.zero_()
    assert not torch.equal(copy(batch()), net(batch()))


def test_an_ensemble_cannot_be_copied_so_nor_hold_what_was() -> None:
    members = [network("cnn-4"), network("resnet-8")]
    with pytest.raises(StudioError, match="cannot be recast"):
        copy_of_blocks(make_ensemble(members))
    with pytest.raises(StudioError, match="cannot be a member"):
        make_ensemble([members[0], copy_of_blocks(members[1])])


@pytest.mark.parametrize(("key", "kind", "ratio"), EXCHANGES)
def test_block_after_block_can_be_exchanged_and_compared_at_the_output_of_the_next(
    key: str, kind: TargetKind, ratio: float
) -> None:
    teacher = network(key)
    student, target = copy_of_blocks(teacher), Target(kind, ratio)
    indices = exchangeable(teacher.blocks, target)
    assert len(indices) >= 3
    for index in indices:
        before = student
        student = exchange(before, {index: target}, seed=index, anew=(index, index + 1))
        assert student.blocks[index].kind == kind
        for other in range(len(student.blocks)):
            assert equal(weights_of(student, other), weights_of(before, other)) == (other not in (index, index + 1))
        stop = compared_behind(index)
        assert student.run(batch(), 0, stop).shape == teacher.run(batch(), 0, stop).shape
        assert torch.equal(student.run(teacher.run(batch(), 0, stop), stop), teacher(batch()))
    nn.functional.cross_entropy(student.train()(batch()), torch.tensor([0, 1, 2, 3])).backward()
    assert all(parameter.grad is not None for parameter in student.parameters())
    summary = summarise(student, "")
    assert sum(each.parameters for each in summary.blocks) == summary.parameters
    assert {student.part_of(name) for name in student.state_dict()} <= set(student.anatomy.parts)
    with TapReader(student, [TapPoint(tap.group, "out") for tap in student.anatomy.taps]) as reader:
        assert reader.run(batch()).out("group3").shape[1] == summary.tap("group3").channels


def test_vgg_16_at_two_fifths_of_its_width_is_the_deck_s() -> None:
    net = network("vgg-16", CIFAR)
    blocks = exchange_blocks(net.blocks, dict.fromkeys(range(13), Target("conv", 0.4)))
    facts = summarise(network_of_blocks(blocks, CIFAR, CLASSES, 0), "")
    assert facts.parameters == 2_362_664
    assert facts.macs == 50_633_422


def test_a_wide_resnet_at_a_fifth_of_its_width_is_the_narrow_one() -> None:
    with torch.device("meta"):
        wide, narrow = (build_network(key, CIFAR, CLASSES, 0) for key in ("wrn-28-10", "wrn-28-2"))
    indices = exchangeable(wide.blocks, Target("basic"))
    assert indices == tuple(range(1, 13))
    assert exchange_blocks(wide.blocks, dict.fromkeys(indices, Target("basic", 0.2))) == narrow.blocks


def test_a_bottleneck_becomes_a_convolution_as_wide_as_its_own() -> None:
    net = network("resnet-20b")
    student = exchange(net, {2: Target("conv")}, seed=0)
    assert (student.blocks[2].width, student.blocks[2].stride) == (16, 1)
    assert (student.blocks[3].kind, student.blocks[3].below, student.blocks[3].width) == ("bottleneck", 16, 128)
    assert fresh_blocks(net.blocks, student.blocks) == (2, 3)


def test_a_block_behind_a_narrower_one_projects_where_it_used_to_add() -> None:
    net = network("resnet-14")
    student = exchange(net, {1: Target("basic", 0.5)}, seed=0)
    shortcut = student.get_submodule("body.group1.1.shortcut")
    assert isinstance(net.get_submodule("body.group1.1.shortcut"), nn.Identity)
    assert [type(layer) for layer in shortcut.children()] == [nn.Conv2d, nn.BatchNorm2d]
    assert student(batch()).shape == (4, 10)


def test_a_block_of_the_same_kind_and_width_keeps_its_weights_unless_it_is_to_start_anew() -> None:
    net = network("resnet-14")
    same = exchange(net, {2: Target("basic")}, seed=1)
    assert torch.equal(same(batch()), net(batch()))
    other = exchange(net, {2: Target("basic")}, seed=1, anew=(2,))
    assert other.blocks == net.blocks
    assert not equal(weights_of(other, 2), weights_of(net, 2))
    again = exchange(net, {2: Target("basic")}, seed=1, anew=(2,))
    assert equal(other.state_dict(), again.state_dict())


def test_several_blocks_can_be_exchanged_at_once_and_an_exchanged_network_once_more() -> None:
    net = network("resnet-14")
    student = exchange(net, dict.fromkeys(range(1, 7), Target("conv", 0.5)), seed=0)
    assert [block.width for block in student.blocks] == [16, 8, 8, 16, 16, 32, 32, 10]
    once_more = exchange(student, {6: Target("conv", 0.5)}, seed=0)
    assert once_more.blocks[6].width == 16
    assert once_more(batch()).shape == (4, 10)


def test_an_exchange_leaves_generator_network_and_mode_as_they_are() -> None:
    net = network("cnn-4").train()
    before, state = {name: value.clone() for name, value in net.state_dict().items()}, torch.random.get_rng_state()
    made = exchange(net, {1: Target("conv", 0.5)}, seed=3)
    assert made.training
    assert torch.equal(torch.random.get_rng_state(), state)
    assert equal(before, net.state_dict())


def test_parameters_and_layers_of_the_first_blocks_are_theirs_alone() -> None:
    net = network("wrn-10-1")
    first, rest = list(net.block_parameters(0, 2)), list(net.block_parameters(2))
    assert len(first) + len(rest) == len(list(net.parameters()))
    assert sum(parameter.numel() for parameter in first) == sum(
        each.parameters for each in summarise(net, "").blocks[:2]
    )
    layers = {*net.block_layers(0, 2)}
    assert net.get_submodule("body.group1.0.bn1") in layers
    assert net.get_submodule("body.group2.0.bn1") not in layers


@pytest.mark.parametrize(
    ("key", "index", "kind", "why"),
    [
        ("resnet-14", 0, "conv", "stem is a stem"),
        ("resnet-14", 7, "conv", "head is a head"),
        ("densenet-bc-22-4", 2, "conv", "group2.0 is a transition"),
        ("mlp-9-8", 0, "conv", "layers.0 is a linear layer"),
        ("cnn-4", 1, "basic", "group2 is a convolution: there is no way from there to a basic block"),
        ("resnet-14", 1, "bottleneck", "there is no way from there to a bottleneck"),
    ],
)
def test_what_cannot_be_exchanged_is_refused_with_the_reason(key: str, index: int, kind: TargetKind, why: str) -> None:
    net = network(key)
    assert why in str(exchange_refusal(net.blocks[index], Target(kind)))
    with pytest.raises(StudioError, match="cannot be recast"):
        exchange(net, {index: Target(kind)}, seed=0)


@pytest.mark.parametrize("ratio", [0.0, -0.5, 1.5, float("nan")])
def test_a_block_becomes_no_wider(ratio: float) -> None:
    with pytest.raises(ValueError, match="at most as wide"):
        Target("conv", ratio)


def test_a_dense_block_needs_all_it_hands_on() -> None:
    blocks = network("densenet-bc-22-4").blocks
    first = blocks[0].model_copy(update={"kind": "conv", "name": "group9.0", "group": "stem"})
    with pytest.raises(StudioError, match="a dense block: it hands on what it gets"):
        exchange_blocks((first, *blocks[1:]), {0: Target("conv", 0.5)})
