"""Rows of the table of runs: what the mean over seeds is taken of."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from studio.runs.results.table import rows


def stand_in(folder: Path, name: str, state: str, accuracy: float) -> Any:
    """As much of a run as a row looks at."""
    file = folder / f"{name}.toml"
    file.write_text(f'seed = {len(name)}\nname = "{name}"\n[method]\nkey = "kd"\n', encoding="utf-8")
    places = SimpleNamespace(experiment=file)
    known: dict[str, Any] = {
        "test_accuracy": accuracy,
        "gap": None,
        "seconds": 2.0,
        "references": {},
        "parent": "",
        "role": "student",
        "problem": None,
    }
    return SimpleNamespace(id=name, state=state, places=places, **known)


def test_a_mean_over_seeds_leaves_out_runs_that_did_not_come_to_their_end(tmp_path: Path) -> None:
    runs = [stand_in(tmp_path, "a", "finished", 0.9), stand_in(tmp_path, "bb", "stopped", 0.3)]
    (row,) = rows(runs, grouped=True)
    assert (row.accuracy, row.n) == (0.9, 1)


def test_a_run_that_was_stopped_still_tells_what_it_reached(tmp_path: Path) -> None:
    (row,) = rows([stand_in(tmp_path, "a", "stopped", 0.3)])
    assert (row.accuracy, row.n) == (0.3, 1)
