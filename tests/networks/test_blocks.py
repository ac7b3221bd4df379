"""Networks as sequences of blocks: what they give is what they gave before, and parts of the way can be run alone."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from studio import catalog
from studio.networks.base import Anatomy, Input, Network, NetworkFamily
from studio.networks.build import build_network
from studio.networks.measure import summarise
from studio.networks.taps import TapPoint, TapReader
from tests.networks.recorded_networks import FILE, KEYS, Recorded, record, shapes_of, title_of

RECORDED: dict[str, Recorded] = json.loads(FILE.read_text(encoding="utf-8"))
#: A member of every family, small.
SMALL = [
    *("mlp-9-8", "cnn-4", "resnet-14", "resnet-14a", "wrn-16-2", "mean-logits(cnn-4+resnet-8)"),
    *("vgg-8", "vgg-16-fc-0.1", "resnet-20b", "densenet-bc-22-4"),
]
PICTURES = Input((3, 16, 16), (0.4,) * 3, (0.25,) * 3)


def network(key: str, source: Input = PICTURES) -> Network:
    return build_network(key, source, tuple("abcdefghij"), 0).eval()


def batch() -> Tensor:
    return torch.rand(3, 3, 16, 16, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("key", KEYS)
def test_every_network_is_what_it_was_before_it_was_made_of_blocks(key: str) -> None:
    for shape in shapes_of(key):
        before, now = RECORDED[title_of(key, shape)], record(key, shape)
        assert now["state"] == before["state"]
        assert now["parts"] == before["parts"]
        assert now["values"].keys() == before["values"].keys()
        for name, values in before["values"].items():
            assert now["values"][name] == pytest.approx(values, rel=2e-4, abs=2e-5), name


def plain_cnn(body: nn.Module, x: Tensor) -> Tensor:
    for number in (1, 2, 3):
        x = call(body, f"group{number}", nn.functional.max_pool2d(x, 2) if number > 1 else x)
    return call(body, "fc", x.mean((2, 3)))


def plain_perceptron(body: nn.Module, x: Tensor) -> Tensor:
    x = x.flatten(1)
    for number in range(2):
        x = call(body, f"layers.{number}", x).relu()
    return call(body, "fc", x)


def plain_resnet(body: nn.Module, x: Tensor) -> Tensor:
    x = call(body, "bn1", call(body, "conv1", x)).relu()
    for name in (f"group{number}.{index}" for number in (1, 2, 3) for index in range(2)):
        residual = call(body, f"{name}.bn1", call(body, f"{name}.conv1", x)).relu()
        residual = call(body, f"{name}.bn2", call(body, f"{name}.conv2", residual))
        x = (residual + call(body, f"{name}.shortcut", x)).relu()
    return call(body, "fc", x.mean((2, 3)))


def plain_wide_resnet(body: nn.Module, x: Tensor) -> Tensor:
    x = call(body, "conv1", x)
    for number, index in ((number, index) for number in (1, 2, 3) for index in range(2)):
        name = f"group{number}.{index}"
        activated = call(body, f"{name}.bn1", x).relu()
        residual = call(body, f"{name}.bn2", call(body, f"{name}.conv1", activated)).relu()
        residual = call(body, f"{name}.conv2", residual)
        x = residual + (x if index else call(body, f"{name}.shortcut", activated))
    return call(body, "fc", call(body, "bn", x).relu().mean((2, 3)))


def call(body: nn.Module, name: str, x: Tensor) -> Tensor:
    given: Tensor = body.get_submodule(name)(x)
    return given


@pytest.mark.parametrize(
    ("key", "forward"),
    [
        ("cnn-4", plain_cnn),
        ("mlp-9-8", plain_perceptron),
        ("resnet-14", plain_resnet),
        ("resnet-14a", plain_resnet),
        ("wrn-16-2", plain_wide_resnet),
    ],
)
def test_its_answers_are_those_of_its_family_written_out_bit_for_bit(
    key: str, forward: Callable[[nn.Module, Tensor], Tensor]
) -> None:
    net = network(key)
    assert torch.equal(net(batch()), forward(net.body, net.input(batch())))


@pytest.mark.parametrize("key", SMALL)
def test_the_way_may_be_cut_between_any_two_blocks(key: str) -> None:
    net, x = network(key), batch()
    logits, count = net(x), len(net.blocks)
    assert torch.equal(net.run(x), logits)
    for cut in range(count + 1):
        assert torch.equal(net.run(net.run(x, 0, cut), cut) if cut else net.run(x, 0, count), logits)


@pytest.mark.parametrize("key", SMALL)
def test_what_a_block_gives_is_as_wide_as_it_says(key: str) -> None:
    net = network(key)
    summary = summarise(net, "")
    for index, each in enumerate(summary.blocks):
        given = net.run(batch(), 0, index + 1)
        assert (*given.shape[1:], 1, 1)[:3] == (each.channels, each.height, each.width)
        if each.block.kind != "members":
            assert each.channels == each.block.width
        if index:
            assert each.block.below == summary.blocks[index - 1].channels


@pytest.mark.parametrize("key", SMALL)
def test_parameters_and_multiplications_of_all_blocks_are_the_networks(key: str) -> None:
    net = network(key)
    summary = summarise(net, "")
    assert sum(each.parameters for each in summary.blocks) == summary.parameters
    assert sum(each.macs for each in summary.blocks) == summary.macs
    owners = {net.block_of(name) for name, _ in net.named_parameters()}
    assert owners == {index for index, each in enumerate(summary.blocks) if each.parameters}


def test_a_group_ends_where_its_last_block_does() -> None:
    net = network("resnet-14")
    with TapReader(net, [TapPoint("group2", "out")]) as reader:
        read = reader.run(batch()).out("group2")
    last = max(index for index, block in enumerate(net.blocks) if block.group == "group2")
    assert torch.equal(read, net.run(batch(), 0, last + 1))
    assert [each.channels for each in summarise(net, "").group_ends] == [16, 32, 64]
    assert net.blocks[last].shrink == 1
    assert net.blocks[last - 1].shrink == 2


@pytest.mark.parametrize(("start", "stop"), [(0, 9), (-1, 2), (4, 2), (9, None)])
def test_blocks_that_are_not_there_are_not_run(start: int, stop: int | None) -> None:
    with pytest.raises(LookupError, match="cnn-4 has 4 blocks"):
        network("cnn-4").run(batch(), start, stop)


def test_a_network_around_another_body_runs_as_a_whole() -> None:
    body = nn.Sequential(nn.Flatten(), nn.Linear(12, 2))
    net = Network(
        "own", body, Anatomy({"head": ("0", "1")}, (), "1"), Input((3, 2, 2), (0.0,) * 3, (1.0,) * 3), ("a", "b")
    )
    x = torch.rand(2, 3, 2, 2)
    assert net.blocks == ()
    assert torch.equal(net.run(x), net(x))
    assert summarise(net, "").blocks == ()
    with pytest.raises(LookupError):
        net.run(x, 0, 1)
    with pytest.raises(KeyError):
        net.block_of("body.1.weight")


def test_every_listed_network_is_made_of_blocks_from_the_first_to_its_head() -> None:
    families: tuple[NetworkFamily, ...] = tuple(catalog.entries("network"))
    for family in families:
        for key in family.members():
            shape = (3, 32, 32) if "pictures" in family.reads else (2,)
            with torch.device("meta"):
                body, anatomy = family.build(key, shape, 10)
                net = Network(
                    key, body, anatomy, Input(shape, (0.0,) * shape[0], (1.0,) * shape[0]), tuple("abcdefghij")
                )
            assert len(net.blocks) > 1
            assert tuple(dict.fromkeys(block.group for block in net.blocks)) == tuple(anatomy.parts)
            assert net.blocks[-1].kind == "head"
            assert {net.block_of(name) for name, _ in net.named_parameters()} == set(range(len(net.blocks)))
