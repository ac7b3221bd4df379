"""What runs are called where others are called the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from studio.experiment import to_toml, validated
from studio.gui.run_store.run_names import names_at_lines, names_in_table
from studio.runs.run_info import RunInfo

NAME = "Attention transfer on Digits"
TABLES = {"dataset": {"key": "digits"}, "teacher": {"key": "cnn-32"}, "student": {"key": "cnn-8"}}


def run(place: Path, key: str, group: str, minute: int, seed: int = 0, **settings: Any) -> RunInfo:
    folder = place / key
    folder.mkdir()
    experiment = validated({**TABLES, "seed": seed, "method": {"key": "at", "settings": settings}})
    (folder / "experiment.toml").write_text(to_toml(experiment))
    created = datetime(2026, 1, 1, 15, minute, tzinfo=UTC)
    return RunInfo(
        key,
        folder,
        NAME,
        is_named=False,
        method_title="Attention transfer",
        dataset_title="Digits",
        group=group,
        seed=seed,
        created=created,
    )


def test_runs_of_one_name_are_told_apart_by_the_setting_that_differs(tmp_path: Path) -> None:
    runs = [run(tmp_path, "a", "1000", 5), run(tmp_path, "b", "20", 6, weight=20)]
    assert list(names_in_table(runs).values()) == [f"{NAME}, weight 1000", f"{NAME}, weight 20"]
    assert list(names_at_lines(runs).values()) == ["Attention transfer, weight 1000", "Attention transfer, weight 20"]


def test_the_name_that_a_person_gave_stands_at_its_line_though_it_be_the_one_the_studio_would_make(
    tmp_path: Path,
) -> None:
    made, given = run(tmp_path, "a", "1000", 5), replace(run(tmp_path, "b", "20", 6, weight=20), is_named=True)
    assert list(names_at_lines([made, given]).values()) == ["Attention transfer", NAME]


def test_a_step_of_a_chain_is_called_by_its_role_until_somebody_names_it(tmp_path: Path) -> None:
    step = replace(run(tmp_path, "a", "", 5), name=f"{NAME}: generation 1", parent="chain", role="generation 1")
    teacher = replace(run(tmp_path, "b", "", 6), name="Small CNN 32 on Digits", parent="chain", role="teacher")
    assert list(names_at_lines([step, teacher]).values()) == ["Generation 1", "Small CNN 32 on Digits"]
    assert list(names_at_lines([replace(step, name="Mine", is_named=True)]).values()) == ["Mine"]


def test_what_people_compare_tells_runs_apart_before_what_they_mostly_share(tmp_path: Path) -> None:
    """Of two that differ in student, epochs and data the student is told, once it tells them apart."""
    runs = [run(tmp_path, "a", "large", 5), run(tmp_path, "b", "small", 6)]
    other = {
        "dataset": {"key": "digits", "augmentation": {"pad": 1, "padding": "reflect", "flip": False}},
        "student": {"key": "cnn-4"},
        "training": {"epochs": 3},
    }
    (tmp_path / "b" / "experiment.toml").write_text(to_toml(validated({**TABLES, **other, "method": {"key": "at"}})))
    assert list(names_at_lines(runs).values()) == [
        "Attention transfer, student network Small CNN 8",
        "Attention transfer, student network Small CNN 4",
    ]


def test_seeds_of_one_experiment_are_told_apart_by_their_seed(tmp_path: Path) -> None:
    runs = [run(tmp_path, "a", "20", 5, weight=20), run(tmp_path, "b", "20", 6, seed=1, weight=20)]
    assert list(names_in_table(runs).values()) == [f"{NAME}, seed 0", f"{NAME}, seed 1"]


def test_the_time_is_told_only_of_a_seed_that_was_trained_once_more(tmp_path: Path) -> None:
    runs = [
        run(tmp_path, "a", "1000", 5),
        run(tmp_path, "b", "20", 6, weight=20),
        run(tmp_path, "c", "20", 7, weight=20),
    ]
    first, second, third = names_in_table(runs).values()
    assert first == f"{NAME}, weight 1000"
    assert second.startswith(f"{NAME}, weight 20, seed 0, ")
    assert second != third


def test_of_a_run_that_cannot_be_read_the_settings_are_left_out(tmp_path: Path) -> None:
    runs = [run(tmp_path, "a", "1000", 5), run(tmp_path, "b", "20", 6, seed=1, weight=20)]
    (tmp_path / "b" / "experiment.toml").unlink()
    assert list(names_in_table(runs).values()) == [f"{NAME}, seed 0", f"{NAME}, seed 1"]
