"""Every method takes a step on pairs of every family, or says why it cannot: taps and groups of all of them will do."""

from __future__ import annotations

import pytest
import torch

from studio import catalog
from studio.data.vision import torchvision
from studio.networks.base import Network
from studio.networks.build import build_network
from studio.networks.zoo.staged_body import StagedBody
from studio.networks.zoo.torchvision_stages import stages_of
from tests.methods.method_steps import PICTURES, cast_of, method, take_step

KEYS = [entry.key for entry in catalog.entries("method") if entry.needs.teacher]
PAIRS = [
    ("vgg-16-0.1", "vgg-8"),
    ("resnet-20b", "resnet-11b"),
    ("densenet-bc-22-4", "densenet-bc-16-4"),
    ("resnet-20b", "wrn-10-1"),
    ("densenet-bc-16-4", "vgg-16-fc-0.1"),
    ("maxout", "fitnet-1"),
    ("convnet-8c-p-8c-s-9fc", "nin-thin"),
    ("pyramidnet-11b-12", "mobilenet-v2-0.25"),
    ("shufflenet-v2-0.5", "shufflenet-v1-0.5"),
    ("resnext-1", "mobilenet-v1-0.25"),
]


def transformer(width: int, seed: int) -> Network:
    """torchvision's vision transformer, of the depth of vit_b_16 and narrow."""
    size = PICTURES.shape[-1]
    torch.manual_seed(seed)
    model = torchvision().models.VisionTransformer(size, size // 4, 12, 2, width, 2 * width, num_classes=4)
    return Network("torchvision:vit_b_16", StagedBody(model), stages_of(model, (size, size)), PICTURES, tuple("abcd"))


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("key", KEYS)
def test_a_method_teaches_or_says_why_not(key: str, pair: tuple[str, str]) -> None:
    teacher, student = (build_network(each, PICTURES, tuple("abcd"), seed) for seed, each in enumerate(pair))
    check_taught(key, teacher, student)


@pytest.mark.parametrize("key", KEYS)
def test_a_method_teaches_transformers_or_says_why_not(key: str) -> None:
    check_taught(key, transformer(24, 0), transformer(16, 1))


@pytest.mark.parametrize("key", KEYS)
def test_a_method_teaches_a_transformer_from_maps_or_says_why_not(key: str) -> None:
    check_taught(key, build_network("resnet-20b", PICTURES, tuple("abcd"), 0), transformer(16, 1))


def check_taught(key: str, teacher: Network, student: Network) -> None:
    """One step of every stage of a method, with numbers, or a reason why there are none."""
    who, entry = cast_of(teacher, student), method(key)
    settings = entry.Settings()
    reason = entry.refusal(settings, who)
    stages = [] if reason is not None else entry.plan(settings, who)
    assert stages or str(reason)
    torch.manual_seed(0)
    for objective in (stage.objective(who) for stage in stages if stage.objective is not None):
        terms = take_step(objective, teacher, student, 6)
        assert terms
        assert all(bool(torch.isfinite(term.value)) for term in terms.values())
        student.zero_grad()
        torch.stack([term.weight * term.value for term in terms.values()]).sum().backward()
        learns = [*student.parameters(), *objective.parameters()]
        slopes = [each.grad for each in learns if each.grad is not None]
        assert slopes
        assert all(bool(slope.isfinite().all()) for slope in slopes)
