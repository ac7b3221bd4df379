"""Networks of which the lower blocks are kept, and networks that begin with the weights of others."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio import catalog
from studio.core.errors import StudioError
from studio.networks.base import Input, Network
from studio.networks.build import build_network
from studio.networks.cut import countable, cut_key
from studio.networks.files import load_network, save_network
from studio.networks.start import begin_with

PICTURES = Input((3, 16, 16), (0.4,) * 3, (0.25,) * 3)
#: Key, and how many blocks it has between stem and head.
WHOLE = [
    *[("resnet-14", 6), ("wrn-16-2", 6), ("vgg-16-fc-0.1", 13), ("densenet-bc-16-4", 5), ("pyramidnet-11b-12", 3)],
    *[("mobilenet-v2-0.25", 17), ("shufflenet-v2-0.5", 16), ("fitnet-1", 10), ("shallow-4c-1k", 3), ("nin-thin", 8)],
]


def network(key: str, seed: int = 0, classes: str = "abcd") -> Network:
    return build_network(key, PICTURES, tuple(classes), seed).eval()


@pytest.mark.parametrize(("key", "count"), WHOLE)
def test_a_cut_network_gives_what_the_whole_one_gives_up_to_there(key: str, count: int) -> None:
    whole, x = network(key, seed=1), torch.rand(2, 3, 16, 16)
    assert len(countable(whole.blocks)) == count
    for kept in {1, count - 1}:
        cut = network(cut_key(kept, key))
        begin_with(cut, whole)
        last = len(cut.blocks) - 1
        assert cut.blocks[:last] == whole.blocks[:last]
        assert torch.equal(cut.run(x, 0, last), whole.run(x, 0, last))
        assert cut(x).shape == (2, 4)
        assert {cut.part_of(name) for name, _ in cut.named_parameters()} == set(cut.anatomy.parts)


def test_a_cut_wide_resnet_finishes_its_sum_as_the_whole_one_does() -> None:
    cut = network(cut_key(3, "wrn-16-2"))
    assert cut.anatomy.taps[-1].norm == "bn"
    assert [tap.group for tap in cut.anatomy.taps] == ["stem", "group1", "group2"]


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("cut:6:resnet-14", "Keep 1 to 5"),
        ("cut:9:mlp-8", "only one block"),
        ("cut:1:mean-logits(cnn-4+cnn-8)", "not made of blocks"),
    ],
)
def test_what_cannot_be_cut_so_is_refused(key: str, words: str) -> None:
    with pytest.raises(StudioError, match=words):
        network(key)


@pytest.mark.parametrize("key", ["cut:0:resnet-14", "cut:3:no-such", "cut:3:recast", "cut:resnet-14"])
def test_other_names_are_unknown(key: str) -> None:
    with pytest.raises(StudioError, match="no network called"):
        catalog.find("network", key)


def test_a_cut_network_is_kept_in_a_file(tmp_path: Path) -> None:
    cut, x = network("cut:4:wrn-16-2"), torch.rand(2, 3, 16, 16)
    save_network(cut, tmp_path / "cut.safetensors")
    again = load_network(tmp_path / "cut.safetensors").eval()
    assert torch.equal(again(x), cut(x))


def test_weights_are_those_of_the_other_and_the_classifier_follows_its_classes() -> None:
    start, x = network("resnet-8", seed=1), torch.rand(2, 3, 16, 16)
    same, other = network("resnet-8", classes="dbca"), network("resnet-8", classes="wxyz")
    assert begin_with(same, start) is None
    assert torch.equal(same(x)[:, [3, 1, 2, 0]], start(x))
    fresh = other.get_parameter("body.fc.weight").clone()
    said = begin_with(other, start)
    assert "names other classes" in str(said)
    assert torch.equal(other.get_parameter("body.fc.weight"), fresh)
    assert torch.equal(other.run(x, 0, len(other.blocks) - 1), start.run(x, 0, len(start.blocks) - 1))


def test_weights_of_another_network_are_refused_with_the_layers_that_differ() -> None:
    with pytest.raises(StudioError, match=r"of WRN-10-1; these layers differ: bn1\.weight") as refusal:
        begin_with(network("resnet-8"), network("wrn-10-1"))
    assert refusal.value.place == "student.init"
    with pytest.raises(StudioError, match="these layers differ"):
        begin_with(network("wrn-16-1"), network("wrn-10-1"))
