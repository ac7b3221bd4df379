"""Names of classes are compared by what they say, not by how a file system spelt their accents."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
import torch

from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import load_network, save_network

COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "café") for form in ("NFC", "NFD"))


@pytest.mark.parametrize(
    ("kept", "known"),
    [
        ((DECOMPOSED, "eau"), (COMPOSED, "eau")),
        ((COMPOSED, "eau"), (COMPOSED, "eau")),
        ((COMPOSED, DECOMPOSED), (COMPOSED, DECOMPOSED)),  # an older run took them for two classes
    ],
)
def test_a_network_knows_its_classes_as_data_spell_them(
    kept: tuple[str, ...], known: tuple[str, ...], tmp_path: Path
) -> None:
    network = build_network("cnn-4", Input((3, 8, 8), (0.5,) * 3, (0.5,) * 3), kept, 0)
    save_network(network, tmp_path / "net.safetensors")
    loaded = load_network(tmp_path / "net.safetensors")
    assert loaded.classes == known
    assert all(torch.equal(loaded.state_dict()[name], values) for name, values in network.state_dict().items())
