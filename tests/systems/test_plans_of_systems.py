"""What trainings a system takes, in which order, taught by whom; decided by what was reached."""

from __future__ import annotations

from typing import Any

import pytest

from studio import systems
from studio.experiment import Experiment, validated
from studio.networks.sizes import parameter_count, sizes_between
from studio.systems.ban import BornAgainNetworks
from studio.systems.base import Average, StepResult, system_of

assert systems.ban is not None  # importing the package registers them


def chain(key: str = "ban", settings: dict[str, Any] | None = None, **changes: Any) -> Experiment:
    tables: dict[str, Any] = {
        "seed": 3,
        "dataset": {"key": "digits", "per_class": 20},
        "teacher": {"key": "cnn-8", "epochs": 2},
        "student": {"key": "cnn-8"},
        "method": {"key": key, "settings": settings or {}},
        "training": {"epochs": 5},
    }
    for table, values in changes.items():
        tables[table] = {**tables.get(table, {}), **values} if isinstance(values, dict) else values
    return validated(tables)


def walk(experiment: Experiment, *validation: float | None) -> list[StepResult]:
    """The results of all steps, the n-th of which reaches the n-th accuracy on the pictures kept back."""
    system = system_of(experiment)
    assert system is not None
    done: list[StepResult] = []
    while (step := system.next_step(experiment, tuple(done))) is not None:
        done.append(StepResult(step.role, validation=validation[len(done)] if len(done) < len(validation) else None))
    return done


def test_every_generation_is_taught_by_the_one_before() -> None:
    plan = BornAgainNetworks().plan(chain(settings={"generations": 3}))
    taught = [(step.role, step.taught_by) for step in plan]
    assert taught == [
        ("teacher", ""),
        ("generation 1", "teacher"),
        ("generation 2", "generation 1"),
        ("generation 3", "generation 2"),
    ]
    assert [step.experiment.method.key for step in plan] == ["none", *["born_again"] * 3]
    assert [step.experiment.training.epochs for step in plan] == [2, 5, 5, 5]


def test_generations_begin_from_different_weights_and_see_the_same_pictures() -> None:
    steps = [step for seed in (0, 1, 2) for step in BornAgainNetworks().plan(chain(seed=seed))]
    seeds = [step.experiment.seed for step in steps]
    assert len(set(seeds)) == len(seeds) == 12
    assert [step.experiment.dataset.subset_seed for step in steps] == [0] * 4 + [1] * 4 + [2] * 4
    assert {step.experiment.dataset.per_class for step in steps} == {20}


def test_where_all_pictures_are_used_no_choice_of_them_is_written_down() -> None:
    whole = chain(dataset={"per_class": None})
    assert {step.experiment.dataset.subset_seed for step in BornAgainNetworks().plan(whole)} == {None}


def test_a_chain_whose_teacher_is_there_begins_with_the_first_generation() -> None:
    plan = BornAgainNetworks().plan(chain(teacher={"source": "run:abc"}))
    assert [(step.role, step.taught_by) for step in plan][:2] == [
        ("generation 1", ""),
        ("generation 2", "generation 1"),
    ]
    assert plan[0].experiment.teacher.source == "run:abc"


def test_another_architecture_teaches_the_first_generation_alone() -> None:
    plan = BornAgainNetworks().plan(chain(teacher={"key": "cnn-16"}))
    assert [step.experiment.student.key for step in plan] == ["cnn-16", "cnn-8", "cnn-8", "cnn-8"]
    assert [step.experiment.teacher.key for step in plan][1:] == ["cnn-16", "cnn-8", "cnn-8"]


def test_the_weight_of_the_labels_and_what_the_teacher_tells_are_those_of_every_generation() -> None:
    experiment = chain(settings={"generations": 2, "teaches": "permuted", "weight": 0.5}, method={"task_weight": 0.25})
    experiment = experiment.model_copy(
        update={
            "method": experiment.method.model_copy(
                update={"settings": {"generations": 2, "teaches": "permuted", "weight": 0.5}}
            )
        }
    )
    for step in BornAgainNetworks().plan(experiment)[1:]:
        assert step.experiment.method.settings == {"weight": 0.5, "teaches": "permuted"}
        assert step.experiment.method.task_weight == 0.25


def test_without_gain_it_stops_and_the_best_generation_counts() -> None:
    experiment = chain(
        settings={"generations": 6, "stop_without_gain": True}, dataset={"validation": 0.2}, references={"alone": True}
    )
    done = walk(experiment, 0.80, 0.82, 0.84, 0.84)
    assert [step.role for step in done] == ["teacher", "generation 1", "generation 2", "generation 3", "alone"]
    assert BornAgainNetworks().result(experiment, tuple(done)) == "generation 2"


def test_it_goes_on_while_a_generation_gains_or_nothing_was_kept_back() -> None:
    gaining = chain(settings={"generations": 3, "stop_without_gain": True}, dataset={"validation": 0.2})
    assert len(walk(gaining, 0.1, 0.2, 0.3, 0.4)) == 4
    patient = chain(settings={"generations": 3})
    assert [step.role for step in walk(patient, 0.4, 0.3, 0.2, 0.1)][-1] == "generation 3"
    assert BornAgainNetworks().result(patient, tuple(walk(patient))) == "generation 3"


@pytest.mark.parametrize(
    ("settings", "members"),
    [
        ({}, [("generation 1", "generation 2"), ("generation 1", "generation 2", "generation 3")]),
        ({"averaged": "last"}, [("generation 2", "generation 3"), ("generation 1", "generation 2", "generation 3")]),
        ({"averaged": "none", "with_teacher": True}, [("teacher", "generation 1", "generation 2", "generation 3")]),
        ({"averaged": "none"}, []),
        ({"generations": 1}, []),
    ],
)
def test_answers_are_averaged_at_the_end(settings: dict[str, Any], members: list[tuple[str, ...]]) -> None:
    experiment = chain(settings=settings)
    averages = BornAgainNetworks().averages(experiment, tuple(walk(experiment)))
    assert averages == tuple(Average(each) for each in members)


def test_assistants_lead_from_the_teacher_down_to_the_student() -> None:
    experiment = chain(
        "assistant", {"assistants": "resnet-32, resnet-14"}, teacher={"key": "resnet-110"}, student={"key": "resnet-8"}
    )
    done = walk(experiment)
    assert [step.role for step in done] == ["teacher", "assistant 1", "assistant 2", "student"]
    system = system_of(experiment)
    assert system is not None
    plan = system.plan(experiment)
    assert [step.experiment.student.key for step in plan] == ["resnet-110", "resnet-32", "resnet-14", "resnet-8"]
    assert [step.experiment.teacher.key for step in plan][1:] == ["resnet-110", "resnet-32", "resnet-14"]
    assert [step.taught_by for step in plan] == ["", "teacher", "assistant 1", "assistant 2"]
    assert plan[-1].experiment.seed == experiment.seed
    assert [step.experiment.training.epochs for step in plan] == [2, 2, 2, 5]


def test_assistants_are_proposed_by_size() -> None:
    assert sizes_between("resnet-110", "resnet-8", 2) == ("resnet-44", "resnet-20")
    assert sizes_between("resnet-14", "resnet-8", 3) == ()
    between = [parameter_count(key) for key in ("resnet-110", *sizes_between("resnet-110", "resnet-8", 9), "resnet-8")]
    assert between == sorted(between, reverse=True)


def test_an_unknown_assistant_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(Exception, match="resnet-14"):
        chain("assistant", {"assistants": "resnet_14"})


def test_one_training_is_no_system() -> None:
    assert system_of(chain("born_again")) is None
    with pytest.raises(TypeError, match="system"):
        _ = chain().method.method


def test_a_system_cannot_be_added_to_a_method() -> None:
    with pytest.raises(Exception, match="ban"):
        chain("kd", method={"also": [{"key": "ban"}], "key": "kd", "settings": {}})
