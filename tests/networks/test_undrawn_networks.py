"""Networks are read from files while another thread trains: nothing may touch the random numbers it draws."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio import catalog
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import load_network, save_network

catalog.load()
SOURCE = Input((1, 8, 8), (0.5,), (0.5,))


@pytest.mark.parametrize("key", ["cnn-4", "wrn-10-1", "mlp-8"])
def test_reading_neither_draws_nor_puts_back_random_numbers(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = build_network(key, SOURCE, ("a", "b"), seed=3)
    save_network(network, tmp_path / "network.safetensors")
    touched: list[str] = []
    monkeypatch.setattr(torch.random, "set_rng_state", lambda *_: touched.append("set"))
    monkeypatch.setattr(torch, "manual_seed", lambda *_: touched.append("seed"))
    before = torch.random.get_rng_state()
    read = load_network(tmp_path / "network.safetensors")
    assert torch.equal(torch.random.get_rng_state(), before)
    assert touched == []
    assert all(torch.equal(read.state_dict()[name], value) for name, value in network.state_dict().items())
