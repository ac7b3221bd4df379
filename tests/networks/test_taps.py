"""Taps: what is read is the live tensor of the right place, and nothing else changes."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from studio.methods.base import TapRef
from studio.networks.base import Anatomy, Input, Network, Point, Tap, TapKind
from studio.networks.build import build_network
from studio.networks.taps import TapReader

GROUPS = ("group1", "group2", "group3")
CONVOLUTIONAL = ["cnn-4", "resnet-14", "resnet-8a", "wrn-16-2", "vgg-8", "resnet-20b", "densenet-bc-16-4"]


def network(key: str) -> Network:
    return build_network(key, Input((3, 16, 16), (0.4,) * 3, (0.2,) * 3), tuple("abcd"), 0)


def refs(kind: TapKind, *groups: str) -> list[TapRef]:
    return [TapRef("student", group, kind) for group in groups or GROUPS]


def batch() -> Tensor:
    return torch.rand(4, 3, 16, 16, generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize("key", ["cnn-4", "resnet-14", "resnet-8a", "vgg-16-0.1", "resnet-20b"])
def test_out_is_the_relu_of_pre_where_the_group_ends_in_one(key: str) -> None:
    with TapReader(network(key), refs("out") + refs("pre")) as reader:
        outputs = reader.run(batch())
    for group in GROUPS:
        assert outputs.pre(group).min() < 0
        assert torch.equal(outputs.pre(group).relu(), outputs.out(group))


def test_perceptron_layers_are_read_before_and_behind_their_relu() -> None:
    with TapReader(network("mlp-9-8"), refs("out", "group1", "group2") + refs("pre", "group1", "group2")) as reader:
        outputs = reader.run(batch())
    for group in ("group1", "group2"):
        assert outputs.pre(group).min() < 0
        assert torch.equal(outputs.pre(group).relu(), outputs.out(group))
    assert torch.equal(outputs.embedding, outputs.out("group2"))


def test_a_wide_resnets_group_ends_in_the_raw_sum_and_pre_is_the_next_batch_norm() -> None:
    net = network("wrn-16-2").eval()
    with TapReader(net, refs("out", "stem", *GROUPS) + refs("pre", "stem", *GROUPS)) as reader:
        outputs = reader.run(batch())
    norms = {"stem": "group1.0.bn1", "group1": "group2.0.bn1", "group2": "group3.0.bn1", "group3": "bn"}
    for group, norm in norms.items():
        assert outputs.out(group).min() < 0
        assert torch.equal(net.body.get_submodule(norm)(outputs.out(group)), outputs.pre(group))
    assert torch.equal(outputs.pre("group3").relu().mean((2, 3)), outputs.embedding)


def test_a_dense_groups_end_is_all_its_channels_and_pre_is_the_next_batch_norm() -> None:
    net = network("densenet-bc-22-4").eval()
    with TapReader(net, refs("out", "stem", *GROUPS) + refs("pre", "stem", *GROUPS)) as reader:
        outputs = reader.run(batch())
    norms = {"stem": "group1.0.0.bn1", "group1": "group2.0.bn", "group2": "group3.0.bn", "group3": "bn"}
    for group, norm in norms.items():
        assert torch.equal(net.body.get_submodule(norm)(outputs.out(group)), outputs.pre(group))
        assert net.part_of(f"body.{norm}.weight") == group
    assert [outputs.out(group).shape[1] for group in norms] == [8, 20, 22, 23]


@pytest.mark.parametrize(("key", "module"), [("resnet-14", "relu1"), ("resnet-8a", "relu1"), ("wrn-16-2", "relu2")])
def test_the_first_layer_of_a_group_is_what_its_first_convolution_gives_in_the_shape_of_its_end(
    key: str, module: str
) -> None:
    net = network(key).eval()
    kept: dict[str, Tensor] = {}
    for group in GROUPS:
        layer = net.body.get_submodule(f"{group}.0.{module}")
        layer.register_forward_hook(lambda _module, _inputs, output, group=group: kept.update({group: output}))
    with TapReader(net, refs("first") + refs("out")) as reader:
        outputs = reader.run(batch())
    for group in GROUPS:
        assert torch.equal(outputs.first(group), kept[group])
        assert outputs.first(group).shape == outputs.out(group).shape


def test_a_group_of_one_layer_has_no_first_of_several() -> None:
    with pytest.raises(ValueError, match="no first of several layers at group1"):
        TapReader(network("cnn-4"), refs("first"))


@pytest.mark.parametrize("key", CONVOLUTIONAL)
def test_logits_and_embedding_are_those_of_the_network(key: str) -> None:
    net = network(key).eval()
    with TapReader(net, []) as reader:
        outputs = reader.run(batch())
    assert torch.equal(outputs.logits, net(batch()))
    assert torch.equal(net.body.get_submodule("fc")(outputs.embedding), outputs.logits)


def test_gradient_flows_through_what_was_read() -> None:
    net = network("wrn-10-1")
    with TapReader(net, refs("pre", "group2"), full=False) as reader:
        reader.run(batch()).pre("group2").square().sum().backward()
    touched = {name: parameter.grad is not None for name, parameter in net.named_parameters()}
    assert touched["body.conv1.weight"]
    assert touched["body.group3.0.bn1.weight"]
    assert not touched["body.group3.0.conv1.weight"]
    assert not touched["body.fc.weight"]


def test_a_pass_ends_behind_its_last_tap_and_leaves_later_batch_norms_alone() -> None:
    net = network("wrn-16-2").train()
    before = {name: buffer.clone() for name, buffer in net.named_buffers()}
    with TapReader(net, refs("out", "group1", "group2"), full=False) as reader:
        outputs = reader.run(batch())
    after = dict(net.named_buffers())
    assert not torch.equal(after["body.group2.1.bn1.running_mean"], before["body.group2.1.bn1.running_mean"])
    for name in ("body.group3.0.bn1", "body.group3.1.bn2", "body.bn"):
        for buffer in ("running_mean", "running_var", "num_batches_tracked"):
            assert torch.equal(after[f"{name}.{buffer}"], before[f"{name}.{buffer}"])
    with pytest.raises(LookupError):
        _ = outputs.logits
    with pytest.raises(LookupError):
        _ = outputs.embedding
    with pytest.raises(LookupError):
        outputs.out("group3")


def test_a_pass_that_ends_early_reads_the_same_values() -> None:
    net = network("resnet-14").eval()
    with TapReader(net, refs("pre"), full=False) as short, TapReader(net, refs("pre")) as full:
        for group in GROUPS:
            assert torch.equal(short.run(batch()).pre(group), full.run(batch()).pre(group))


def test_with_nothing_wanted_nothing_runs() -> None:
    net = network("cnn-4").train()
    with TapReader(net, [], full=False) as reader:
        reader.run(batch())
    assert int(net.get_buffer("body.group1.bn.num_batches_tracked")) == 0


def test_readers_do_not_disturb_each_other_nor_the_network() -> None:
    net = network("cnn-4").eval()
    with TapReader(net, refs("out", "group1"), full=False) as short, TapReader(net, refs("out")) as full:
        first = short.run(batch())
        second = full.run(2 * batch())
        assert net(batch()).shape == (4, 4)
        assert torch.equal(first.out("group1"), short.run(batch()).out("group1"))
        assert second.out("group3").shape == (4, 16, 4, 4)
        assert not torch.equal(second.out("group1"), first.out("group1"))


def test_a_pass_within_a_pass_has_its_own_taps() -> None:
    net = network("cnn-4").eval()
    inner: list[Tensor] = []
    with TapReader(net, refs("out", "group1", "group3")) as reader:

        def look_again(*_: object) -> None:
            if not inner:
                inner.append(torch.empty(0))
                inner.append(reader.run(batch().flip(0)).out("group1"))

        handle = net.body.get_submodule("group2").register_forward_hook(look_again)
        outputs = reader.run(batch())
        handle.remove()
    assert torch.allclose(inner[1].flip(0), outputs.out("group1"), atol=1e-5)
    assert outputs.out("group3").shape == (4, 16, 4, 4)


def test_an_error_in_the_network_is_not_swallowed_and_the_reader_goes_on() -> None:
    with TapReader(network("cnn-4"), refs("out", "group1")) as reader:
        with pytest.raises(RuntimeError):
            reader.run(torch.rand(2, 5, 16, 16))
        assert reader.run(batch()).out("group1").shape == (4, 4, 16, 16)


def test_closed_readers_leave_no_hooks() -> None:
    net = network("cnn-4")
    reader = TapReader(net, refs("out") + refs("pre"))
    reader.close()
    assert not any(module._forward_hooks or module._forward_pre_hooks for module in net.modules())


class InPlace(nn.Module):
    def __init__(self, act: nn.Module) -> None:
        super().__init__()
        self.conv, self.act, self.fc = nn.Conv2d(3, 4, 3), act, nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        logits: Tensor = self.fc(self.act(self.conv(x)).mean((2, 3)))
        return logits


class HiddenInPlace(nn.Module):
    def forward(self, x: Tensor) -> Tensor:
        return x.relu_()


def in_place(act: nn.Module) -> Network:
    anatomy = Anatomy({"group1": ("conv", "act"), "head": ("fc",)}, (Tap("group1", Point("act"), Point("conv")),), "fc")
    return Network("own", InPlace(act), anatomy, Input((3, 8, 8), (0.0,) * 3, (1.0,) * 3), ("a", "b"))


def test_an_in_place_relu_does_not_spoil_the_point_before_it() -> None:
    with TapReader(in_place(nn.ReLU(inplace=True)), refs("pre", "group1")) as reader:
        assert reader.run(torch.rand(2, 3, 8, 8) - 0.5).pre("group1").min() < 0


def test_a_value_written_over_after_reading_is_refused_not_handed_out() -> None:
    with TapReader(in_place(HiddenInPlace()), refs("pre", "group1")) as reader:
        outputs = reader.run(torch.rand(2, 3, 8, 8) - 0.5)
    with pytest.raises(RuntimeError, match="changed in place"):
        outputs.pre("group1")


def test_reading_works_under_inference_mode() -> None:
    with torch.inference_mode(), TapReader(network("cnn-4").eval(), refs("out")) as reader:
        assert reader.run(batch()).out("group2").shape == (4, 8, 8, 8)
