"""Published weights of one model for tests: made up, and served by the test."""

from __future__ import annotations

import dataclasses
import hashlib
import io
from pathlib import Path

import pytest
import torch

from studio import catalog
from studio.networks.base import Network
from studio.networks.build import build_network
from studio.networks.zoo import published_weights
from studio.networks.zoo.published_weights import PublishedWeights
from tests.data.file_server import FileServer

KEY = "torchvision:shufflenet_v2_x0_5"


def made_up(key: str = KEY) -> tuple[Network, bytes]:
    """A network of a thousand classes, and its weights as its publisher would save them."""
    family = catalog.find("network", key)
    weights = family.published(key)
    net = build_network(key, weights.input_for(3), weights.classes, 3)
    for name, value in net.state_dict().items():
        if name.endswith("running_var"):
            value.fill_(2.0)
    written = io.BytesIO()
    torch.save(dict(net.body.get_submodule("net").state_dict()), written)
    return net, written.getvalue()


def publish(
    server: FileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, checked: bool = True, key: str = KEY
) -> PublishedWeights:
    """From now on ``server`` is where the weights of ``key`` are published, and torch has downloaded none itself."""
    family = catalog.find("network", key)
    digest = hashlib.sha256(server.content).hexdigest()[:8] if checked else ""
    made: PublishedWeights = dataclasses.replace(
        family.published(key), file="net.pth", addresses=(server.address("net.pth"),), digest=digest, size=(64, 64)
    )
    monkeypatch.setattr(type(family), "published", lambda _self, _key: made)
    monkeypatch.setattr(published_weights, "torch_hub_file", lambda name: tmp_path / "hub" / name)
    return made
