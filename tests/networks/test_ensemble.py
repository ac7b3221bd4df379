"""An ensemble answers with its members' mean, is one file, and is a network like others."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio import catalog
from studio.core.errors import StudioError
from studio.methods import ensemble_probabilities
from studio.networks.base import Input, Network
from studio.networks.build import build_network
from studio.networks.ensemble import make_ensemble
from studio.networks.files import load_network, save_network
from studio.networks.measure import summarise

SOURCE = Input((3, 16, 16), (0.4, 0.5, 0.6), (0.2, 0.3, 0.4))
CLASSES = ("cat", "dog", "owl")


def member(key: str = "cnn-4", seed: int = 0, classes: tuple[str, ...] = CLASSES, source: Input = SOURCE) -> Network:
    return build_network(key, source, classes, seed).eval()


def test_it_answers_with_the_mean_of_the_probabilities() -> None:
    members = [member(seed=0), member("resnet-8", seed=1), member(seed=2)]
    x = torch.rand(5, 3, 16, 16)
    ensemble = make_ensemble(members)
    expected = ensemble_probabilities(torch.stack([each(x) for each in members]))
    torch.testing.assert_close(ensemble(x).softmax(1), expected)


def test_it_can_average_logits_instead() -> None:
    members = [member(seed=0), member(seed=1)]
    x = torch.rand(5, 3, 16, 16)
    torch.testing.assert_close(make_ensemble(members, "logits")(x), (members[0](x) + members[1](x)) / 2)


def test_members_normalise_for_themselves_and_may_name_the_classes_in_another_order() -> None:
    other = Input((3, 16, 16), (0.1, 0.1, 0.1), (1.0, 1.0, 1.0))
    first, second = member(), member(seed=1, classes=("owl", "cat", "dog"), source=other)
    x = torch.rand(4, 3, 16, 16)
    ensemble = make_ensemble([first, second], "logits")
    assert ensemble.classes == CLASSES
    torch.testing.assert_close(ensemble(x), (first(x) + second(x)[:, [1, 2, 0]]) / 2)


def test_its_file_holds_everything(tmp_path: Path) -> None:
    ensemble = make_ensemble([member(seed=0), member("resnet-8", seed=1)])
    save_network(ensemble, tmp_path / "ensemble.safetensors")
    again = load_network(tmp_path / "ensemble.safetensors").eval()
    x = torch.rand(3, 3, 16, 16)
    assert torch.equal(again(x), ensemble(x))
    assert again.key == "mean-probabilities(cnn-4+resnet-8)"
    assert again.classes == CLASSES


def test_it_is_measured_as_a_network_without_groups() -> None:
    single = summarise(member(), "one")
    facts = summarise(make_ensemble([member(seed=0), member(seed=1)]), "two")
    assert (facts.parameters, facts.macs) == (2 * single.parameters, 2 * single.macs)
    assert facts.taps == ()
    assert catalog.find("network", "mean-logits(cnn-4+cnn-4+resnet-8)").name("mean-logits(cnn-4+cnn-4+resnet-8)") == (
        "Mean of 2 × Small CNN 4, ResNet-8"
    )


def test_it_stands_in_no_list() -> None:
    assert not any(key.startswith("mean-") for key in catalog.keys("network"))


@pytest.mark.parametrize(
    ("others", "words"),
    [
        ([], "two members or more"),
        ([member(classes=("cat", "dog", "elk"))], "other classes"),
        ([member(source=Input((3, 32, 32), SOURCE.mean, SOURCE.std))], "other inputs"),
        ([make_ensemble([member(seed=1), member(seed=2)])], "cannot be a member"),
    ],
)
def test_what_cannot_be_averaged_is_refused(others: list[Network], words: str) -> None:
    with pytest.raises(StudioError, match=words):
        make_ensemble([member(), *others])


@pytest.mark.parametrize("key", ["mean-probabilities()", "mean-votes(cnn-4+cnn-4)", "mean-logits(cnn-4+nothing-1)"])
def test_other_spellings_name_no_network(key: str) -> None:
    with pytest.raises(StudioError, match="no network"):
        catalog.find("network", key)
