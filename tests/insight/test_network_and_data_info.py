"""Facts while somebody chooses: cheap, right, and without touching the random numbers of a run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from studio import catalog
from studio.core.errors import StudioError
from studio.data import table_file
from studio.insight.network_and_data_info import cast_of, data_info, network_info
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.measure import summarise

DIGITS = (1, 8, 8)


@pytest.mark.parametrize("key", ["mlp-20-20", "cnn-8", "resnet-8", "wrn-10-2"])
def test_a_dry_run_finds_what_a_real_network_has(key: str) -> None:
    network = build_network(key, Input(DIGITS, (0.0,), (1.0,)), tuple("0123456789"), seed=0)
    facts = network_info(key, DIGITS, 10)
    assert facts == summarise(network, facts.title)


def test_it_draws_no_random_number() -> None:
    torch.manual_seed(1)
    before = torch.get_rng_state()
    network_info.cache_clear()
    network_info("wrn-16-2", DIGITS, 10)
    assert torch.equal(before, torch.get_rng_state())


def test_it_imports_no_compiler() -> None:
    """Torch's meta device would import sympy and 800 more, two seconds at the start of the window."""
    code = (
        "import sys; from studio.insight.network_and_data_info import network_info; before = set(sys.modules);"
        "network_info('resnet-8', (3, 32, 32), 10); print(len(set(sys.modules) - before), 'sympy' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    new, sympy = said.split()
    assert sympy == "False"
    assert int(new) < 100


def test_what_cannot_be_read_is_refused_in_words() -> None:
    with pytest.raises(StudioError, match="rows of 2 numbers"):
        network_info("cnn-8", (2,), 2)


def test_a_cast_has_its_pairs() -> None:
    cast = cast_of("cnn-8", "cnn-4", DIGITS, 10)
    assert cast.pairs == (("group1", "group1"), ("group2", "group2"), ("group3", "group3"))
    assert cast_of(None, "cnn-4", DIGITS, 10).teacher is None


def test_points_are_drawn_to_look_at(tmp_path: Path) -> None:
    source = catalog.find("dataset", "moons")
    facts = data_info("moons", source.Settings(count=80), tmp_path)
    assert facts.train == 80
    assert facts.samples is not None
    assert facts.labels is not None
    assert facts.samples.shape == (80, 2)
    assert set(facts.labels) == {0, 1}
    assert facts.largest_class == 40


@pytest.mark.parametrize("key", ["digits", "shapes"])
def test_pictures_are_shown_without_loading_them(tmp_path: Path, key: str) -> None:
    source = catalog.find("dataset", key)
    facts = data_info(key, source.Settings(), tmp_path)
    assert facts.samples is not None
    assert facts.samples.dtype == np.uint8
    assert facts.samples.shape[:3] == (9, *source.shape[1:])
    assert not list(tmp_path.iterdir())


def test_a_table_of_ones_own_is_known_before_it_is_used(tmp_path: Path) -> None:
    source = catalog.find("dataset", "table")
    file = tmp_path / "rows.csv"
    file.write_text("size,colour,kind\n1,red,x\n2,red,x\n,blue,x\n4,green,y\n5,red,y\n")
    facts = data_info("table", source.Settings(path=file), tmp_path / "cache")
    assert (facts.shape, facts.classes, facts.train, facts.test, facts.names) == ((5,), 2, 5, None, ("x", "y"))
    assert facts.largest_class == 3
    assert facts.samples is not None
    assert facts.labels is not None
    assert facts.samples.shape == (5, 2)
    assert facts.labels.tolist() == [0, 1, 0, 0, 1], "one of each class, then the others"
    assert not (tmp_path / "cache").exists()
    file.write_text("size,kind\n1,x\n2,x\n")
    with pytest.raises(StudioError, match="nothing to tell apart"):
        data_info("table", source.Settings(path=file, class_column="kind"), tmp_path / "cache")


def test_a_large_table_is_not_read_to_be_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_file, "GLANCED", 10)
    (tmp_path / "rows.csv").write_text("size,kind\n1,x\n2,y\n3,x\n4,y\n")
    source = catalog.find("dataset", "table")
    assert data_info("table", source.Settings(path=tmp_path / "rows.csv"), tmp_path / "cache").train is None
