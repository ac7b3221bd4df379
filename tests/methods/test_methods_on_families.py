"""Every method takes a step on pairs of every family, or says why it cannot: taps and groups of all of them will do."""

from __future__ import annotations

import pytest
import torch

from studio import catalog
from studio.networks.build import build_network
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


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize("key", KEYS)
def test_a_method_teaches_or_says_why_not(key: str, pair: tuple[str, str]) -> None:
    teacher, student = (build_network(each, PICTURES, tuple("abcd"), seed) for seed, each in enumerate(pair))
    who, entry = cast_of(teacher, student), method(key)
    settings = entry.Settings()
    reason = entry.refusal(settings, who)
    stages = [] if reason is not None else entry.plan(settings, who)
    assert stages or str(reason)
    torch.manual_seed(0)
    for build in (stage.objective for stage in stages if stage.objective is not None):
        terms = take_step(build(who), teacher, student, 6)
        assert terms
        assert all(bool(torch.isfinite(term.value)) for term in terms.values())
