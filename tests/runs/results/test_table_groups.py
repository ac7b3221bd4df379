"""Rows of the table of runs: what the mean over seeds is taken of."""

from __future__ import annotations

from pathlib import Path

from studio.core.message import Text
from studio.events import State
from studio.runs.files.history import Reference
from studio.runs.results.table import rows
from studio.runs.run_info import RunInfo
from studio.runs.statistics.gap import Gap


def of_one_experiment(name: str, state: State, accuracy: float) -> RunInfo:
    return RunInfo(name, Path(name), state=state, reached=Reference(accuracy), seconds=2.0, group="one experiment")


def test_a_mean_over_seeds_leaves_out_runs_that_did_not_come_to_their_end() -> None:
    runs = [of_one_experiment("a", "finished", 0.9), of_one_experiment("bb", "stopped", 0.3)]
    (row,) = rows(runs, grouped=True)
    assert (row.score, row.n) == (0.9, 1)


def test_a_run_that_was_stopped_still_tells_what_it_reached() -> None:
    (row,) = rows([of_one_experiment("a", "stopped", 0.3)])
    assert (row.score, row.n) == (0.3, 1)


def test_a_run_that_cannot_be_used_is_said_to_have_reached_nothing() -> None:
    broken = RunInfo(
        "a",
        Path("a"),
        state="failed",
        reached=Reference(0.9),
        gap=Gap(0.8, 0.7, 0.9),
        problem=Text("experiment.toml is missing."),
    )
    (row,) = rows([broken])
    assert (row.score, row.gap) == (None, None)


def test_runs_whose_experiment_cannot_be_read_are_like_no_other() -> None:
    broken = [RunInfo(name, Path(name), state="failed") for name in ("a", "b")]
    assert len(rows(broken, grouped=True)) == 2
