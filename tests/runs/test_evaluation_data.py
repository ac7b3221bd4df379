"""Which experiments are tested on the same examples."""

from __future__ import annotations

from typing import Any

import pytest

from studio.experiment import Experiment, validated
from studio.experiment.dataset_choice import DatasetChoice
from studio.runs.evaluation_data import evaluation_data


def experiment(**dataset: Any) -> Experiment:
    return validated(
        {
            "dataset": {"key": "moons", **dataset},
            "teacher": {"key": "mlp-20-20"},
            "student": {"key": "mlp-5-5"},
            "method": {"key": "none"},
        }
    )


def word(**dataset: Any) -> str:
    return evaluation_data(experiment(**dataset).model_dump(mode="json"))


@pytest.mark.parametrize(
    "changed",
    [
        {"fraction": 0.5},
        {"per_class": 10},
        {"validation": 0.1},
        {"subset_seed": 3},
        {"label_noise": 0.2},
        {"without_copies": True},
    ],
)
def test_what_is_learnt_from_does_not_change_on_what_is_tested(changed: dict[str, Any]) -> None:
    assert word(**changed) == word()


@pytest.mark.parametrize("changed", [{"test": 0.3}, {"noise": 0.3}, {"points_seed": 4}, {"key": "rings"}])
def test_other_data_or_another_part_of_them_is_something_else(changed: dict[str, Any]) -> None:
    assert word(**changed) != word()


def test_of_several_splits_each_seed_is_tested_on_its_own_part() -> None:
    def of_seed(seed: int, **dataset: Any) -> str:
        return evaluation_data({**experiment(**dataset).model_dump(mode="json"), "seed": seed})

    assert len({of_seed(seed, splits=5) for seed in range(5)}) == 5
    assert of_seed(3, splits=5) == of_seed(3, splits=20) == of_seed(0, test_seed=3) == of_seed(1, splits=5, test_seed=2)
    assert of_seed(3) == of_seed(0, splits=5) == word()


def test_a_file_that_leaves_out_a_default_says_the_same() -> None:
    assert evaluation_data({"dataset": {"key": "digits"}}) == evaluation_data(
        {
            "dataset": {
                "key": "digits",
                "test": DatasetChoice.model_fields["test"].default,
                "per_class": None,
                "test_seed": 0,
                "splits": 1,
            }
        }
    )


@pytest.mark.parametrize("tables", [{}, {"dataset": "digits"}, {"dataset": {}}])
def test_without_a_dataset_nothing_is_known(tables: dict[str, Any]) -> None:
    assert evaluation_data(tables) == ""
