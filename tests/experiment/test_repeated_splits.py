"""An experiment on several splits: one run each, and all that goes with a run is divided as the run is."""

from __future__ import annotations

from typing import Any

import pytest

from studio import systems
from studio.experiment import Experiment, each_split, validated
from studio.systems.base import system_of
from studio.systems.reference_experiments import alone_experiment, teacher_experiment

assert systems.ban is not None  # importing the package registers them


def experiment(splits: int, seed: int = 0, **tables: Any) -> Experiment:
    described = {
        "seed": seed,
        "dataset": {"key": "iris", "splits": splits, "test_seed": 4},
        "teacher": {"key": "mlp-32"},
        "student": {"key": "mlp-8"},
        "method": {"key": "kd"},
        "references": {"alone": True},
    }
    return validated({**described, **tables})


def test_a_run_a_split_each_with_a_test_part_of_its_own() -> None:
    runs = each_split(experiment(5))
    assert [run.seed for run in runs] == [0, 1, 2, 3, 4]
    assert [run.dataset.division(run.seed) for run in runs] == [4, 5, 6, 7, 8]


def test_any_of_the_runs_stands_for_the_same_runs() -> None:
    assert each_split(each_split(experiment(5))[3]) == each_split(experiment(5))
    assert [run.seed for run in each_split(experiment(5, seed=7))] == [5, 6, 7, 8, 9]


def test_once_is_the_experiment_itself_and_seeds_share_its_test_part() -> None:
    assert each_split(experiment(1, seed=7)) == [experiment(1, seed=7)]
    assert {experiment(1, seed=seed).dataset.division(seed) for seed in range(3)} == {4}


def test_teacher_and_student_alone_are_divided_as_the_run() -> None:
    run = experiment(5, seed=3)
    others = [teacher_experiment(run), alone_experiment(run)]
    assert [one.dataset.division(one.seed) for one in others] == [7, 7]


@pytest.mark.parametrize(
    "tables",
    [
        {"method": {"key": "ban"}, "student": {"key": "mlp-32"}},
        {"method": {"key": "assistant", "settings": {"assistants": "mlp-16"}}},
        {"method": {"key": "ba_tree"}, "teacher": {"key": "boosted-trees"}, "student": {"key": "tree"}},
        {"method": {"key": "ba_tree"}, "teacher": {"key": "mlp-32"}, "student": {"key": "tree"}},
        {"method": {"key": "compress"}, "teacher": {"key": "library"}},
    ],
    ids=str,
)
def test_every_step_of_a_chain_is_divided_as_the_whole(tables: dict[str, Any]) -> None:
    run = experiment(5, seed=3, **tables)
    system = system_of(run)
    assert system is not None
    steps = [step.experiment for step in system.plan(run)]
    assert len(steps) > 1
    assert {step.dataset.division(step.seed) for step in steps} == {7}
