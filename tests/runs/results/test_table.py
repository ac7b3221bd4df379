"""Runs in a table: grouped, told apart from references, saved as a file, and timed for an estimate."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from studio.runs.files.history import Reference
from studio.runs.results.table import kinds, rows, to_csv
from studio.runs.run_info import RunInfo
from studio.runs.statistics.gap import Gap
from studio.runs.timing.estimate import Workload, slowness


def run(tmp_path: Path, name: str, seed: int = 0, accuracy: float | None = 0.9, **values: Any) -> RunInfo:
    folder = tmp_path / f"{name}-{seed}"
    folder.mkdir()
    (folder / "experiment.toml").write_text(f'name = "{name}"\nseed = {seed}\n[method]\nkey = "{name}"\n')
    reached = Reference(accuracy) if accuracy is not None else None
    group = "" if "problem" in values else name
    return RunInfo(folder.name, folder, name, seed=seed, state="finished", reached=reached, group=group, **values)


class TestRows:
    def test_one_a_run_in_the_order_given(self, tmp_path: Path) -> None:
        runs = [run(tmp_path, "kd", seed) for seed in (3, 1, 2)]
        assert [row.first.seed for row in rows(runs)] == [3, 1, 2]

    def test_seeds_of_one_experiment_share_a_row(self, tmp_path: Path) -> None:
        runs = [run(tmp_path, "kd", 1, 0.80), run(tmp_path, "kd", 2, 0.90), run(tmp_path, "at", 1, 0.70)]
        kd, at = rows(runs, grouped=True)
        assert kd.n == 2
        assert kd.score == pytest.approx(0.85)
        assert kd.deviation == pytest.approx(0.0707, abs=1e-4)
        assert (at.n, at.deviation) == (1, None)

    def test_a_seed_trained_once_more_is_no_further_seed(self, tmp_path: Path) -> None:
        again = run(tmp_path, "kd", 1, 0.70)
        older = RunInfo("older", again.folder, "kd", seed=1, state="finished", reached=Reference(0.9), group="kd")
        (row,) = rows([again, older], grouped=True)
        assert (row.n, row.score, row.deviation) == (1, 0.70, None)
        assert len(row.runs) == 2

    def test_what_was_not_reached_is_not_counted(self, tmp_path: Path) -> None:
        runs = [run(tmp_path, "kd", 1, 0.80), run(tmp_path, "kd", 2, None)]
        (row,) = rows(runs, grouped=True)
        assert (row.n, row.score) == (1, 0.80)

    def test_a_broken_run_is_like_no_other(self, tmp_path: Path) -> None:
        from studio.core.message import Text

        runs = [run(tmp_path, "kd", seed, problem=Text("Broken.")) for seed in (1, 2)]
        assert len(rows(runs, grouped=True)) == 2

    def test_references_come_last_and_have_their_kind(self, tmp_path: Path) -> None:
        teacher, alone = run(tmp_path, "t"), run(tmp_path, "a")
        student = run(tmp_path, "kd", references={"teacher": teacher.id, "alone": alone.id})
        made = rows([teacher, alone, student])
        assert [row.kind for row in made] == ["run", "teacher", "alone"]
        assert kinds([student]) == {teacher.id: "teacher", alone.id: "alone"}


def test_csv_has_a_line_a_run_and_empty_cells_for_the_unknown(tmp_path: Path) -> None:
    known = run(tmp_path, "kd", gap=Gap(0.4, 0.2, 0.6), tags=("good", "new"))
    lines = list(csv.DictReader(io.StringIO(to_csv([known, run(tmp_path, "at", accuracy=None)]))))
    assert (lines[0]["gap_closed"], lines[0]["tags"]) == ("0.4", "good new")
    assert lines[1]["test_accuracy"] == ""


class TestEstimate:
    def test_more_work_takes_longer(self) -> None:
        small, large = Workload(100, 10, 32, 100, 10_000), Workload(100, 10, 32, 100, 10_000_000)
        assert large.seconds > small.seconds
        assert Workload(200, 20, 32, 100, 10_000_000).seconds > large.seconds

    def test_a_machine_nobody_timed_is_taken_as_it_comes(self) -> None:
        assert slowness([]) == 1.0

    def test_runs_too_short_to_tell_are_passed_over(self, tmp_path: Path) -> None:
        assert slowness([run(tmp_path, "kd", seconds=0.1, macs={"student": 1})]) == 1.0
