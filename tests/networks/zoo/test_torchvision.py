"""torchvision's models as networks: listed without it, built with it, read at the ends of their stages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from studio import catalog
from studio.core.errors import StudioError
from studio.data.vision import torchvision
from studio.insight.network_and_data_info import cast_of, network_info
from studio.methods.base import AnyMethod, TapRef
from studio.networks.base import Input, Network
from studio.networks.build import build_network
from studio.networks.files import load_network, save_network
from studio.networks.measure import summarise
from studio.networks.taps import TapReader
from studio.networks.token_map import TokenMap
from studio.networks.zoo.staged_body import StagedBody
from studio.networks.zoo.torchvision_models import MODELS
from studio.networks.zoo.twice_differentiable import PiecewiseSigmoid, TwiceDifferentiable

#: The smallest of each architecture: name, parameters for ten classes, widths and sides at the ends of its groups.
SMALLEST = [
    ("alexnet", 57_044_810, [(64, 15), (192, 7), (256, 3)]),
    ("densenet121", 6_964_106, [(256, 8), (512, 4), (1024, 2), (1024, 1)]),
    ("efficientnet_b0", 4_020_358, [(16, 16), (24, 8), (40, 4), (112, 2), (1280, 1)]),
    ("googlenet", 5_610_154, [(480, 4), (832, 2), (1024, 1)]),
    ("inception_v3", 21_806_058, [(288, 7), (768, 3), (2048, 1)]),
    ("mnasnet0_5", 950_322, [(8, 16), (16, 8), (24, 4), (48, 2), (1280, 1)]),
    ("mobilenet_v2", 2_236_682, [(16, 16), (24, 8), (32, 4), (96, 2), (1280, 1)]),
    ("mobilenet_v3_small", 1_528_106, [(16, 8), (24, 4), (48, 2), (576, 1)]),
    ("regnet_y_400mf", 3_907_554, [(48, 8), (104, 4), (208, 2), (440, 1)]),
    ("resnet18", 11_181_642, [(64, 8), (128, 4), (256, 2), (512, 1)]),
    ("resnet50", 23_528_522, [(256, 8), (512, 4), (1024, 2), (2048, 1)]),
    ("shufflenet_v2_x0_5", 352_042, [(48, 4), (96, 2), (1024, 1)]),
    ("squeezenet1_1", 727_626, [(128, 7), (256, 3), (512, 1)]),
    ("swin_t", 27_527_044, [(96, 8), (192, 4), (384, 2), (768, 1)]),
    ("vgg11_bn", 128_812_810, [(64, 32), (128, 16), (256, 8), (512, 4), (512, 2)]),
    ("vit_b_16", 85_658_890, [(768, 2), (768, 2), (768, 2), (768, 2)]),
    ("convnext_tiny", 27_827_818, [(96, 8), (192, 4), (384, 2), (768, 1)]),
]
#: With a ReLU at the end of every group.
WITH_RELU = ["resnet18", "regnet_x_400mf", "densenet121"]


#: Parameters for the thousand classes of ImageNet.
COUNTS = json.loads((Path(__file__).parents[2] / "golden" / "param_counts.json").read_text())


class OneAttention(torch.nn.Module):
    """Rows of a picture that look at one another."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.scaled_dot_product_attention(x, x, x)


def network(name: str, side: int = 32, channels: int = 3, *, meta: bool = False) -> Network:
    source = Input((channels, side, side), (0.4,) * channels, (0.2,) * channels)
    with torch.device("meta" if meta else "cpu"):
        return build_network(f"torchvision:{name}", source, tuple("abcdefghij"), 0)


def test_all_classification_models_are_known_with_their_sizes() -> None:
    models = torchvision().models
    assert set(MODELS) == set(models.list_models(module=models))
    for name, known in MODELS.items():
        # published counts have the first one's auxiliary classifier, which is off here, and the other's larger pictures
        if name not in ("inception_v3", "vit_h_14"):
            assert known.parameters == models.get_model_weights(name).DEFAULT.meta["num_params"]


@pytest.mark.parametrize("counted", [name for name in COUNTS if name.startswith("torchvision ")])
def test_they_have_the_parameters_that_others_count(counted: str) -> None:
    name = counted.split()[1]  # in one of them it is said behind the name what is left out
    assert (
        catalog.find("network", f"torchvision:{name}").known_parameters(f"torchvision:{name}")
        == COUNTS[counted]["imagenet1000"]
    )
    source = Input((3, 224, 224), (0.4,) * 3, (0.2,) * 3)
    with torch.device("meta"):
        net = build_network(f"torchvision:{name}", source, tuple(map(str, range(1000))), 0)
    assert sum(parameter.numel() for parameter in net.parameters()) == COUNTS[counted]["imagenet1000"]


def test_names_and_sizes_are_there_without_importing_it() -> None:
    code = (
        "import sys; from studio import catalog; family = catalog.find('network', 'torchvision:resnet18'); "
        "print(len(family.searched()), family.known_parameters('torchvision:resnet18'), 'torchvision' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["80", "11689512", "False"]


def test_they_are_found_by_a_search_and_not_listed() -> None:
    family = catalog.find("network", "torchvision:resnet18")
    assert not any(key.startswith("torchvision:") for key in catalog.keys("network"))
    assert all(catalog.find("network", key) is family for key in family.searched())
    with pytest.raises(StudioError, match="torchvision:resnet17"):
        catalog.find("network", "torchvision:resnet17")


@pytest.mark.parametrize(("name", "parameters", "ends"), SMALLEST)
def test_groups_end_where_the_map_gets_smaller(name: str, parameters: int, ends: list[tuple[int, int]]) -> None:
    net = network(name, MODELS[name].smallest, meta=True)
    assert sum(parameter.numel() for parameter in net.parameters()) == parameters
    assert {net.part_of(each) for each, _ in net.named_parameters()} <= set(net.anatomy.parts)
    for each, _ in net.named_buffers():
        assert net.part_of(each)
    facts = summarise(net, name)
    assert [(tap.channels, tap.height) for tap in facts.taps if tap.group != "stem"] == ends
    assert [end.channels for end in facts.group_ends] == [channels for channels, _ in ends]
    assert facts.blocks == ()


@pytest.mark.parametrize("name", WITH_RELU)
def test_what_is_read_before_a_relu_was_not_rectified(name: str) -> None:
    net = network(name)
    groups = [tap.group for tap in net.anatomy.taps]
    refs = [TapRef("student", group, kind) for group in groups for kind in ("out", "pre")]
    net.eval()
    x = torch.rand(2, 3, 32, 32)
    with torch.no_grad(), TapReader(net, refs) as reader:
        outputs = reader.run(x)
    for group in groups:
        assert outputs.pre(group).min() < 0
        if name != "densenet121":  # its groups hand on raw values
            assert torch.equal(outputs.pre(group).relu(), outputs.out(group))
    embedding = outputs.pre(groups[-1]).relu().mean((2, 3))
    assert torch.allclose(embedding, outputs.embedding, atol=1e-6)
    assert torch.equal(outputs.logits, net(x))


def test_a_pass_ends_behind_its_last_tap_although_one_relu_serves_twice() -> None:
    net = network("resnet18")
    with torch.no_grad(), TapReader(net.eval(), [TapRef("student", "group1", "pre")], full=False) as reader:
        alone = reader.run(torch.ones(1, 3, 32, 32)).pre("group1")
    with torch.no_grad(), TapReader(net, [TapRef("student", "group1", "pre")]) as reader:
        assert torch.equal(reader.run(torch.ones(1, 3, 32, 32)).pre("group1"), alone)


def test_tokens_become_a_map_and_the_class_token_is_left_out() -> None:
    facts = summarise(network("vit_b_16", 48, meta=True), "")
    assert {(tap.channels, tap.height, tap.width) for tap in facts.taps} == {(768, 3, 3)}
    tokens = torch.arange(2 * 7 * 4.0).reshape(2, 7, 4)
    made = TokenMap((2, 3), first=1)(tokens)
    assert made.shape == (2, 4, 2, 3)
    assert torch.equal(made[1, :, 1, 2], tokens[1, 6])


def test_channels_that_come_last_become_first() -> None:
    last = torch.rand(2, 3, 5, 4)
    assert torch.equal(TokenMap()(last)[1, 2], last[1, :, :, 2])


def test_multiplications_count_attention_layers_that_are_not_called() -> None:
    facts = summarise(network("vit_b_16", meta=True), "")
    width, tokens = 768, 5
    layers = 12 * tokens * (4 * width * width + 2 * width * 3072)
    assert facts.macs == layers + 4 * width * 3 * 16 * 16 + width * 10
    assert network_info("torchvision:resnet18", (3, 32, 32), 10).macs == 37_016_576


def test_a_grey_picture_is_read_as_three_equal_colours() -> None:
    grey, colour = network("shufflenet_v2_x0_5", channels=1).eval(), network("shufflenet_v2_x0_5").eval()
    x = torch.rand(2, 1, 32, 32)
    assert torch.allclose(grey(x), colour(x.expand(-1, 3, -1, -1)), atol=1e-6)


@pytest.mark.parametrize(
    ("name", "shape", "words"),
    [
        ("inception_v3", (3, 32, 32), "at least 75 × 75 pixels; these have 32 × 32"),
        ("vit_b_16", (3, 40, 40), "multiples of 16 pixels"),
        ("vit_b_16", (3, 32, 48), "square"),
        ("maxvit_t", (3, 256, 256), "multiples of 224"),
        ("resnet18", (4, 32, 32), "4 channels"),
        ("resnet18", (2,), "points or rows"),
    ],
)
def test_pictures_it_cannot_read_are_refused_in_words(name: str, shape: tuple[int, ...], words: str) -> None:
    with pytest.raises(StudioError, match=words):
        network_info(f"torchvision:{name}", shape, 10)


@pytest.mark.parametrize("key", ["ab", "ofd"])
def test_methods_that_need_relu_are_refused_with_the_reason(key: str) -> None:
    method: AnyMethod = catalog.find("method", key)
    refusal = method.refusal(method.Settings(), cast_of("torchvision:swin_t", "torchvision:swin_t", (3, 32, 32), 10))
    assert refusal is not None
    assert "ReLU" in refusal.template
    fits = cast_of("torchvision:resnet50", "torchvision:resnet18", (3, 64, 64), 10)
    assert method.refusal(method.Settings(), fits) is None


def test_a_map_of_a_single_place_is_refused_where_maps_are_compared() -> None:
    method: AnyMethod = catalog.find("method", "at")
    small = cast_of("torchvision:resnet50", "torchvision:resnet18", (3, 32, 32), 10)
    refusal = method.refusal(method.Settings(), small)
    assert refusal is not None
    assert "single place" in refusal.template
    assert (
        method.refusal(method.Settings(), cast_of("torchvision:resnet50", "torchvision:resnet18", (3, 64, 64), 10))
        is None
    )


@pytest.mark.parametrize("name", ["mnasnet0_5", "regnet_y_400mf"])
def test_a_file_of_it_is_read_back_bit_for_bit(name: str, tmp_path: Path) -> None:
    net = network(name).eval()
    save_network(net, tmp_path / "net.safetensors")
    again = load_network(tmp_path / "net.safetensors").eval()
    x = torch.rand(2, 3, 32, 32)
    assert torch.equal(net(x), again(x))


def test_slopes_of_attention_can_be_compared_and_its_answers_stay() -> None:
    torch.manual_seed(0)
    q, k, v = (torch.rand(2, 3, 5, 4) for _ in range(3))
    mask = torch.rand(5, 5) > 0.3
    for named in (
        {},
        {"attn_mask": mask | torch.eye(5).bool()},
        {"attn_mask": torch.rand(5, 5)},
        {"is_causal": True},
        {"scale": 0.3},
    ):
        expected = torch.nn.functional.scaled_dot_product_attention(q, k, v, **named)
        with TwiceDifferentiable():
            assert torch.allclose(
                torch.nn.functional.scaled_dot_product_attention(q, k, v, **named), expected, atol=1e-6
            )
    body = StagedBody(OneAttention())
    x = torch.rand(1, 3, 8, 8, requires_grad=True)
    (slope,) = torch.autograd.grad(body(x).sum(), x, create_graph=True)
    slope.square().sum().backward()
    assert x.grad is not None


@pytest.mark.parametrize("training", [True, False])
def test_slopes_of_a_vision_transformer_can_be_compared_and_its_answers_stay(training: bool) -> None:
    torch.manual_seed(0)
    body = StagedBody(torchvision().models.VisionTransformer(16, 4, 2, 2, 16, 32, num_classes=4)).train(training)
    x = torch.rand(2, 3, 16, 16)
    expected = body(x)
    x.requires_grad_()
    answers = body(x)
    assert torch.allclose(answers, expected, atol=1e-6)
    (slope,) = torch.autograd.grad(answers.sum(), x, create_graph=True)
    slope.square().sum().backward()
    assert x.grad is not None
    assert x.grad.isfinite().all()


def test_slopes_can_be_compared_where_a_window_reaches_beyond_its_map() -> None:
    """Keys beyond the map are zeros, which Swin v2 divides by their length."""
    torch.manual_seed(0)
    swin = torchvision().models.swin_transformer
    made = swin.SwinTransformer(
        [2, 2],
        8,
        [2],
        [2],
        [4, 4],
        num_classes=4,
        block=swin.SwinTransformerBlockV2,
        downsample_layer=swin.PatchMergingV2,
    )
    body = StagedBody(made).eval()  # else whole blocks are left out at random
    x = torch.rand(2, 3, 12, 12)  # 6 places a side, in windows of 4
    expected = body(x)
    x.requires_grad_()
    answers = body(x)
    assert torch.allclose(answers, expected, atol=1e-6)
    (slope,) = torch.autograd.grad(answers.square().sum(), x, create_graph=True)
    slope.square().sum().backward()
    assert all(weights.grad is None or weights.grad.isfinite().all() for weights in body.parameters())
    assert x.grad is not None
    assert x.grad.isfinite().all()


def test_slopes_can_be_compared_where_torch_differentiates_an_activation_once() -> None:
    net = network("mobilenet_v3_small").eval()
    x = torch.rand(1, 3, 32, 32, requires_grad=True)
    (slope,) = torch.autograd.grad(net(x).sum(), x, create_graph=True)
    slope.square().sum().backward()
    assert all(parameter.grad is not None for name, parameter in net.named_parameters() if name.endswith("0.weight"))
    values = torch.linspace(-5, 5, 11)
    assert torch.allclose(PiecewiseSigmoid()(values), torch.nn.functional.hardsigmoid(values))
