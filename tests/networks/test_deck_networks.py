"""The networks the decks name: counts as published or as counted by hand, taps where they should be, all of them trainable."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from studio import catalog
from studio.core import resources
from studio.core.errors import StudioError
from studio.networks.base import Input, Network, NetworkSummary
from studio.networks.blocks import blocks_from_json, blocks_to_json, check_blocks, shape_after
from studio.networks.build import build_network
from studio.networks.files import load_network, save_network
from studio.networks.measure import summarise
from studio.networks.plain_layers import LocallyConnected
from studio.networks.pooling import Pooling
from studio.networks.taps import TapPoint, TapReader

COUNTS = json.loads((Path(__file__).parents[1] / "golden" / "param_counts.json").read_text())
#: Networks "built" for the counts: key here, name there, classes, side of the pictures.
BUILT = [
    ("nin-thin", "NIN-thin c10", 10, 32),
    ("nin-wide", "NIN-wide c10", 10, 32),
    *((f"fitnet-{number}", f"FitNet-{number}", 10, 32) for number in (1, 2, 3, 4)),
    ("svd-vgg-teacher", "SVD VGG teacher", 100, 32),
    ("svd-vgg-small", "SVD VGG small", 100, 32),
    ("svd-vgg-stride", "SVD VGG_stride", 100, 32),
    *((f"svd-mobilenet-{n}", f"SVD MobileNet rep{n} ls1", 100, 32) for n in (1, 2)),
    *((f"svd-mobilenet-{n}-s2", f"SVD MobileNet rep{n} ls2", 100, 32) for n in (1, 2)),
    *((f"resnext-{n}", f"SVD ResNeXt G{n} w64", 100, 32) for n in (2, 4, 8)),
    ("mobilenet-v1", "MobileNet v1 imagenet", 1000, 224),
]
#: Those of which parameters alone are given.
COUNTED = {
    "mobilenet-v2-0.5": "MobileNetV2-half",
    "pyramidnet-110-84": "PyramidNet-110-84-basic",
    "pyramidnet-200b-240": "PyramidNet-200-240-bottleneck",
    "shufflenet-v1": "ShuffleNetV1",
    "shufflenet-v2": "ShuffleNetV2",
    "resnet-8x4": "resnet8x4",
    "resnet-32x4": "resnet32x4",
}
LISTED = [key for key in catalog.keys("network") if not catalog.find("network", key).made_from_teacher]
#: The smallest of every family that reads pictures of 16 x 16 pixels.
SMALLEST = [
    *("mlp-8-8-dropout", "cnn-4", "shallow-4c-1k-dropout", "convnet-4c-p-4c-s-3lc-9fc", "convnet-4c-s-6lc"),
    *("nin-thin", "maxout", "fitnet-1", "vgg-16-0.1", "svd-vgg-small", "svd-vgg-stride", "resnet-8a", "resnet-8x2"),
    *("resnet-11b", "wrn-10-1", "pyramidnet-8-12", "pyramidnet-11b-12", "resnext-1", "densenet-bc-16-4"),
    *("mobilenet-v1-0.25", "mobilenet-v2-0.25", "svd-mobilenet-1", "shufflenet-v1-0.5", "shufflenet-v2-0.5"),
]


def on_meta(key: str, classes: int = 10, side: int = 32) -> NetworkSummary:
    source = Input((3, side, side), (0.4,) * 3, (0.2,) * 3)
    if "pictures" not in catalog.find("network", key).reads:
        source = Input((2,), (0.0,) * 2, (1.0,) * 2)
    with torch.device("meta"):
        return summarise(build_network(key, source, tuple(map(str, range(classes))), 0), key)


def small(key: str) -> Network:
    return build_network(key, Input((2, 16, 16), (0.4,) * 2, (0.25,) * 2), tuple("abcd"), 0)


@pytest.mark.parametrize(("key", "name", "classes", "side"), BUILT)
def test_they_have_the_published_parameters_and_multiplications(key: str, name: str, classes: int, side: int) -> None:
    facts = on_meta(key, classes, side)
    assert (facts.parameters, facts.macs) == (COUNTS[f"built: {name}"]["params"], COUNTS[f"built: {name}"]["macs"])


@pytest.mark.parametrize("key", COUNTED)
def test_others_have_the_published_parameters(key: str) -> None:
    for dataset, classes in (("cifar10", 10), ("cifar100", 100)):
        if dataset in COUNTS[COUNTED[key]]:
            assert on_meta(key, classes).parameters == COUNTS[COUNTED[key]][dataset]


def test_the_maxout_teacher_has_its_parameters_and_about_the_reported_725_million_multiplications() -> None:
    facts = on_meta("maxout")
    assert facts.parameters == COUNTS["built: Maxout teacher"]["params"]
    by_hand = 33**2 * 3 * 64 * 192 + 15**2 * 96 * 64 * 384 + 9**2 * 192 * 25 * 384 + 9 * 192 * 2500 + 500 * 10
    assert facts.macs == by_hand == 724_610_696


@pytest.mark.parametrize(("channels", "parameters", "units"), [(128, 70_900_938, 191_072), (64, 53_616_074, 111_136)])
def test_shallow_networks_have_both_counts_of_their_table(channels: int, parameters: int, units: int) -> None:
    """Reported: about 70 M and 54 M parameters, 190,000 and 110,000 hidden units."""
    facts = on_meta(f"shallow-{channels}c-30k")
    flat = channels * 15 * 15
    by_hand = (25 * 3 + 1) * channels + (flat + 1) * 1200 + 1201 * 30_000 + 30_001 * 10
    assert facts.parameters == by_hand == parameters
    assert facts.macs == 32**2 * 75 * channels + flat * 1200 + 1200 * 30_000 + 30_000 * 10
    assert 32**2 * channels + flat + 1200 + 30_000 == units


@pytest.mark.parametrize(
    ("key", "parameters", "macs"),
    [
        (  # 64c-p-64c-p-64c-p-16lc, reported "about 10k"
            "convnet-64c-p-64c-p-64c-p-16lc",
            76 * 64 + 2 * (25 * 64 + 1) * 64 + 9 * 16 * (9 * 64 + 1) + (9 * 16 + 1) * 10,
            64 * 75 * 1024 + 64 * 64 * 25 * (225 + 49) + 9 * 16 * 9 * 64 + 9 * 16 * 10,
        ),
        (  # 64c-p-64c-p-128c-p-fc, reported "about 56k"
            "convnet-64c-s-64c-s-128c-s",
            76 * 64 + (25 * 64 + 1) * (64 + 128) + (9 * 128 + 1) * 10,
            64 * 75 * 1024 + 25 * 64 * (64 * 225 + 128 * 49) + 9 * 128 * 10,
        ),
        (  # 128c-p-128c-p-128c-p-1000fc, reported "about 35k"
            "convnet-128c-s-128c-s-128c-s-1000fc",
            76 * 128 + 2 * (25 * 128 + 1) * 128 + (9 * 128 + 1) * 1000 + 1001 * 10,
            128 * 75 * 1024 + 25 * 128 * 128 * (225 + 49) + 9 * 128 * 1000 + 1000 * 10,
        ),
    ],
)
def test_the_convolutional_networks_of_that_table_as_counted_by_hand(key: str, parameters: int, macs: int) -> None:
    facts = on_meta(key)
    assert (facts.parameters, facts.macs) == (parameters, macs)


def test_the_ensemble_of_that_table_is_four_of_its_teachers() -> None:
    teacher = "convnet-128c-s-128c-s-128c-s-1000fc"
    one, four = on_meta(teacher), on_meta(f"mean-logits({'+'.join([teacher] * 4)})")
    assert (four.parameters, four.macs) == (4 * one.parameters, 4 * one.macs)


def test_what_is_not_built_of_that_table_is_counted_in_the_help() -> None:
    """4000c-p and a linear support vector machine, as Coates et al. make it; reported: about 125 M."""
    filters, machines, units = 4000 * 6 * 6 * 3, (4 * 4000 + 1) * 10, 4000 * (32 - 6 + 1) ** 2
    told = (resources.folder("help") / "networks.md").read_text(encoding="utf-8")
    assert f"4000c-p and a linear support vector machine, not built | {filters + machines:,} | about 125 M" in told
    words = " ".join(told.split())
    assert f"{filters:,} numbers in filters, {machines:,} in the machines, and {units:,} units" in words


@pytest.mark.parametrize("key", LISTED)
def test_every_listed_network_is_made_of_blocks_that_fit_and_are_counted(key: str) -> None:
    facts = on_meta(key)
    blocks = [each.block for each in facts.blocks]
    shape: tuple[int, ...] = (2,) if "pictures" not in catalog.find("network", key).reads else (3, 32, 32)
    check_blocks(blocks, shape, 10)
    assert blocks_from_json(blocks_to_json(blocks)) == tuple(blocks)
    assert sum(each.parameters for each in facts.blocks) == facts.parameters
    assert sum(each.macs for each in facts.blocks) == facts.macs
    assert catalog.find("network", key).known_parameters(key) in (0, facts.parameters)
    behind: dict[str, tuple[int, ...]] = {}
    for each in facts.blocks:
        shape = shape_after(each.block, shape)
        assert (*shape, 1, 1)[:3] == (each.channels, each.height, each.width)
        behind[each.block.group] = (*shape, 1, 1)[:3]
    for tap in facts.taps:
        assert (tap.channels, tap.height, tap.width) == behind[tap.group]


@pytest.mark.parametrize("key", SMALLEST)
def test_what_is_read_at_a_groups_end_is_the_relu_of_what_is_read_before(key: str) -> None:
    net = small(key).eval()
    wanted = [
        TapPoint(tap.group, kind) for tap in net.anatomy.taps for kind in ("out", "pre") if kind == "out" or tap.pre
    ]
    with TapReader(net, wanted) as reader:
        outputs = reader.run(torch.rand(3, 2, 16, 16))
    assert outputs.embedding.dim() == 2
    assert outputs.logits.shape == (3, 4)
    raw = {
        block.group for block in net.blocks if block.pre_activation or "pyramid" in block.kind or block.kind == "dense"
    }
    for tap in net.anatomy.taps:
        if tap.pre is not None:
            out, pre = outputs.out(tap.group), outputs.pre(tap.group)
            assert pre.shape == out.shape
            assert bool((pre < 0).any())
            if tap.group not in raw:
                assert torch.equal(pre.relu(), out)


@pytest.mark.parametrize("key", ["fitnet-1", "maxout", "mobilenet-v2-0.25"])
def test_groups_without_a_relu_at_their_end_have_nothing_before_it(key: str) -> None:
    taps = [tap for tap in small(key).anatomy.taps if tap.group != "stem"]
    assert taps
    assert all(tap.pre is None and tap.norm is None for tap in taps)


@pytest.mark.parametrize(
    ("key", "ends"),
    [
        ("mobilenet-v1", {"group2": "group2.1.bn2", "group3": "group3.1.bn2", "group4": "group4.5.bn2", "group5": "group5.1.bn2"}),
        ("pyramidnet-8-12", {"stem": "group1.0.bn1", "group1": "group2.0.bn1", "group2": "group3.0.bn1", "group3": "bn"}),
        ("resnext-2", {"stem": "bn1", "group1": "group1.bn3", "group2": "group2.bn3", "group3": "group3.bn3"}),
    ],
)  # fmt: skip
def test_margins_are_taken_from_the_batch_norm_that_makes_a_groups_end(key: str, ends: dict[str, str]) -> None:
    norms = {tap.group: tap.norm for tap in small(key).anatomy.taps}
    assert norms.items() >= ends.items()


@pytest.mark.parametrize("key", SMALLEST)
def test_parts_can_be_run_alone_and_give_the_whole(key: str) -> None:
    net, x = small(key).eval(), torch.rand(2, 2, 16, 16)
    expected = net(x)
    for cut in range(1, len(net.blocks)):
        assert torch.equal(net.run(net.run(x, 0, cut), cut), expected)
    assert {net.part_of(name) for name, _ in net.named_parameters()} == set(net.anatomy.parts)


@pytest.mark.parametrize("key", ["maxout", "svd-vgg-small", "svd-vgg-stride"])
def test_networks_of_larger_pictures_take_a_step_and_are_kept(key: str, tmp_path: Path) -> None:
    net, x = small(key).train(), torch.rand(4, 2, 16, 16)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)
    torch.manual_seed(0)
    torch.nn.functional.cross_entropy(net(x), torch.arange(4)).backward()
    assert all(parameter.grad is not None for parameter in net.parameters())
    optimizer.step()
    save_network(net, tmp_path / "net.safetensors")
    assert torch.equal(load_network(tmp_path / "net.safetensors").eval()(x), net.eval()(x))


def test_a_classifier_of_places_answers_what_it_would_to_their_mean() -> None:
    net = small("nin-thin").eval()
    with TapReader(net, []) as reader:
        outputs = reader.run(torch.rand(3, 2, 16, 16))
    weight, bias = (net.get_parameter(f"body.fc.conv.{name}") for name in ("weight", "bias"))
    assert torch.allclose(outputs.embedding @ weight.flatten(1).t() + bias, outputs.logits, atol=1e-6)


def test_a_locally_connected_layer_of_equal_weights_is_a_convolution() -> None:
    conv, local = torch.nn.Conv2d(2, 3, 3, padding=1), LocallyConnected(2, 3, 3, 1, places=20)
    with torch.no_grad():
        assert conv.bias is not None
        local.weight.copy_(conv.weight.flatten(1).repeat(20, 1))
        local.bias.copy_(conv.bias.repeat(20, 1))
    x = torch.rand(2, 2, 4, 5)
    assert torch.allclose(local(x), conv(x), atol=1e-6)


def test_stochastic_pooling_draws_values_of_its_window_and_answers_with_their_weighted_mean() -> None:
    pool = Pooling(kind="stochastic", size=3, stride=2).module()
    x = torch.zeros(1, 1, 6, 3)
    x[0, 0, :3] = torch.tensor([[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 3.0, 0.0]])
    pool.eval()
    assert pool(x).flatten().tolist() == pytest.approx([(1 + 9) / 4, 3.0, 0.0])  # windows of rows 0-2, 2-4, 4-5
    pool.train()
    torch.manual_seed(0)
    drawn = torch.cat([pool(x)[0, 0, 0] for _ in range(400)])
    assert set(drawn.tolist()) == {1.0, 3.0}
    assert drawn.eq(3).float().mean().item() == pytest.approx(0.75, abs=0.06)


@pytest.mark.parametrize(
    ("key", "form"),
    [("wrn-17-2", "6n \\+ 4"), ("pyramidnet-200-0", "6n \\+ 2"), ("fitnet-5", "fitnet-1 to fitnet-4"), ("resnext-99", "1 to 32")],
)  # fmt: skip
def test_a_member_that_cannot_be_is_refused_with_how_they_are_spelt(key: str, form: str) -> None:
    with pytest.raises(StudioError, match=form):
        catalog.find("network", key)


@pytest.mark.parametrize("key", ["maxout", "svd-vgg-small", "convnet-4c-p-4c-p-4c-p"])
def test_pictures_that_are_too_small_are_refused(key: str) -> None:
    with pytest.raises(StudioError, match="at least") as built:
        build_network(key, Input((1, 8, 8), (0.5,), (0.5,)), ("a", "b"), 0)
    with pytest.raises(StudioError) as asked:
        catalog.find("network", key).refuse_input(key, (1, 8, 8))
    assert str(asked.value) == str(built.value)


@pytest.mark.parametrize("key", ["maxout", "svd-vgg-small", "convnet-4c-p-4c-p-4c-p", "cnn-4"])
def test_the_least_pictures_are_read(key: str) -> None:
    family = catalog.find("network", key)
    side = family.smallest_side(key)
    family.refuse_input(key, (3, side, side))
    assert on_meta(key, 10, side).parameters
