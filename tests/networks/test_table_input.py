"""A network that learnt from a table answers alike for a row, by whichever other rows that row was encoded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from studio.core.errors import StudioError
from studio.data.table_columns import TableColumn, TableRows, table_rows
from studio.data.table_encoding import TableEncoding, fit_encoding
from studio.networks.base import Input, Network
from studio.networks.build import build_network
from studio.networks.ensemble import make_ensemble
from studio.networks.files import load_network, save_network
from studio.networks.table_input import read_encoding

COLUMNS = (
    TableColumn("size", "numeric"),
    TableColumn("colour", "nominal", ("blue", "red"), has_missing=True),
    TableColumn("weight", "numeric", has_missing=True),
)


def rows_between(low: float, high: float, columns: tuple[TableColumn, ...] = COLUMNS) -> TableRows:
    draw = np.random.default_rng(0)
    cells = [np.linspace(low, high, 40), draw.integers(0, 2, 40), draw.uniform(100 * low, 100 * high, 40)]
    return table_rows(columns, cells, np.arange(40) % 2, ("a", "b"))


def network_for(encoding: TableEncoding, seed: int = 0) -> Network:
    width = encoding.width
    source = Input((width,), (0.4,) * width, (0.3,) * width, encoding.as_json())
    return build_network("mlp-9-7", source, ("a", "b"), seed).eval()


def answers(network: Network, encoding: TableEncoding, rows: TableRows) -> torch.Tensor:
    logits: torch.Tensor = network(torch.from_numpy(encoding.encode(rows)))
    return logits.detach()


WIDE, NARROW = rows_between(-3.0, 9.0), rows_between(0.0, 2.0)


def test_rows_are_answered_alike_in_another_encoding() -> None:
    own, other = fit_encoding(WIDE), fit_encoding(NARROW)
    network = network_for(own)
    expected = answers(network, own, NARROW)
    assert not torch.allclose(answers(network, other, NARROW), expected, atol=1e-3)
    read_encoding(network, other.as_json())
    assert torch.allclose(answers(network, other, NARROW), expected, atol=1e-5)
    assert network.source.encoding == other.as_json()
    read_encoding(network, other.as_json())  # once more changes nothing
    assert torch.allclose(answers(network, other, NARROW), expected, atol=1e-5)


def test_a_column_of_one_number_is_read_too() -> None:
    own, other = fit_encoding(WIDE), fit_encoding(rows_between(1.0, 1.0))
    network, rows = network_for(own), rows_between(1.0, 1.0)
    expected = answers(network, own, rows)
    read_encoding(network, other.as_json())
    assert torch.allclose(answers(network, other, rows), expected, atol=1e-5)


def test_other_columns_are_refused_by_name() -> None:
    other = (COLUMNS[0], TableColumn("colour", "nominal", ("blue", "green"), has_missing=True), COLUMNS[2])
    with pytest.raises(StudioError, match="“colour” is not what it knows"):
        read_encoding(network_for(fit_encoding(WIDE)), fit_encoding(rows_between(0, 1, other)).as_json())


def test_members_of_an_ensemble_read_what_the_first_reads() -> None:
    own, other = fit_encoding(WIDE), fit_encoding(NARROW)
    first, second = network_for(own), network_for(other, seed=1)
    expected = (answers(first, own, NARROW).softmax(1) + answers(second, other, NARROW).softmax(1)) / 2
    ensemble = make_ensemble([first, second])
    assert torch.allclose(answers(ensemble, own, NARROW).softmax(1), expected, atol=1e-5)
    assert ensemble.source.encoding == own.as_json()


def test_a_file_keeps_how_columns_became_numbers(tmp_path: Path) -> None:
    network = network_for(fit_encoding(WIDE))
    save_network(network, tmp_path / "a.safetensors")
    again = load_network(tmp_path / "a.safetensors")
    assert TableEncoding.from_json(again.source.encoding) == fit_encoding(WIDE)


def test_a_file_whose_columns_do_not_make_its_inputs_is_refused(tmp_path: Path) -> None:
    network = network_for(fit_encoding(WIDE))
    save_network(network, tmp_path / "a.safetensors")
    fewer = fit_encoding(table_rows(COLUMNS[:1], [np.arange(2.0)], np.arange(2), ("a", "b"))).as_json()

    with safe_open(tmp_path / "a.safetensors", framework="pt") as file:
        said = dict(file.metadata())
    for encoding in (fewer, "nonsense", "{}"):
        save_file(load_file(tmp_path / "a.safetensors"), tmp_path / "b.safetensors", {**said, "encoding": encoding})
        with pytest.raises(StudioError, match="list of columns"):
            load_network(tmp_path / "b.safetensors")
