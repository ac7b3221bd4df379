"""The published trainings: each in full and short, drops and stages at the same shares of both."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from studio import catalog
from studio.experiment import Experiment, load
from studio.insight.network_and_data_info import cast_of
from studio.runs.presets.preset_sets import load_all
from studio.runs.presets.presets import Preset, Recipe, all_recipes, find_preset

RECIPES = {recipe.full.key: recipe for recipe in all_recipes()}

#: Epochs, or steps, of the stage with labels; batch, rate, momentum, Nesterov, weight decay; where the rate drops, to what.
PUBLISHED: dict[str, tuple[Any, ...]] = {
    "at-wrn": (200, 128, 0.1, 0.9, False, 5e-4, (60, 120, 160), 0.2),
    "ofd-cifar100": (200, 128, 0.1, 0.9, True, 5e-4, (100, 150), 0.1),
    "ab-cifar10": (100, 128, 0.1, 0.9, True, 5e-4, (30, 60, 80), 0.2),
    "ft-cifar10": (164, 128, 0.1, 0.9, False, 5e-4, (82, 123), 0.1),
    "bss-cifar10": (80, 256, 0.1, 0.9, False, 1e-4, (40, 60), 0.1),
    "repdistiller": (240, 64, 0.05, 0.9, False, 5e-4, (150, 180, 210), 0.1),
    "svd-cifar100": (200, 128, 0.01, 0.9, True, 1e-4, (100, 150), 0.1),
    "fsp-cifar10": (64_000, 256, 0.1, 0.9, False, 1e-4, (32_000, 48_000), 0.1),
    "recasting-cifar10": (100, 64, 0.001, 0.9, True, 0.0, (33, 67), 0.1),
}
FIRST_STAGE = {"ab-cifar10": 20, "ft-cifar10": 6, "fsp-cifar10": 21_000, "recasting-cifar10": 13 * 60}


def read(preset: Preset) -> Experiment:
    return load(preset.path, preset.overrides)


def budget(experiment: Experiment) -> int:
    return experiment.training.steps or experiment.training.epochs


def first_stage(key: str, experiment: Experiment) -> float:
    """Epochs, or steps, of the stages without labels."""
    if experiment.student.is_made_from_teacher:
        who = cast_of(experiment.teacher.key, experiment.student_network, (3, 32, 32), 10)
        stages = experiment.method.method.plan(experiment.method.typed, who)
        return budget(experiment) * sum(stage.share for stage in stages if not stage.labels)
    return budget(experiment) * experiment.method.settings["transfer_share"] if key in FIRST_STAGE else 0.0


def test_every_published_training_has_its_file() -> None:
    assert list(RECIPES) == list(PUBLISHED)


@pytest.mark.parametrize("key", PUBLISHED)
def test_the_full_form_is_as_published(key: str) -> None:
    experiment = read(RECIPES[key].full)
    training, first = experiment.training, first_stage(key, experiment)
    assert first == pytest.approx(FIRST_STAGE.get(key, 0))
    rest = budget(experiment) - first
    drops = tuple(round(share * rest) for share in training.schedule.at)
    rule = training.optimizer
    assert (round(rest), training.batch_size, rule.lr, rule.momentum, rule.nesterov, rule.weight_decay) == PUBLISHED[
        key
    ][:6]
    assert (drops, training.schedule.factor) == PUBLISHED[key][6:]


@pytest.mark.parametrize("key", PUBLISHED)
def test_the_short_form_differs_in_length_and_keeps_every_share(key: str) -> None:
    full, short = read(RECIPES[key].full), read(RECIPES[key].short)
    assert 4 < budget(full) / budget(short) <= 10
    assert short.training.schedule == full.training.schedule
    assert first_stage(key, short) / budget(short) == pytest.approx(first_stage(key, full) / budget(full))
    assert short.title == f"{full.title}, short"
    same = {"epochs": full.training.epochs, "steps": full.training.steps}
    assert short.training.model_copy(update=same) == full.training
    shorter = short.teacher.model_copy(update={"epochs": full.teacher.epochs})
    assert (short.dataset, shorter, short.student) == (full.dataset, full.teacher, full.student)


def test_stages_that_learn_at_a_rate_of_their_own_have_it() -> None:
    boundaries, flow = read(RECIPES["ab-cifar10"].full), read(RECIPES["fsp-cifar10"].full)
    assert boundaries.method.settings["transfer_fall"] == "constant"
    assert boundaries.method.label_weight == 0
    assert boundaries.teacher.batch_statistics == "copying stages"
    assert (flow.method.settings["transfer_rate"], flow.method.settings["transfer_fall"]) == (0.001, "steps")
    assert read(RECIPES["ofd-cifar100"].full).teacher.batch_statistics == "all"


@pytest.mark.parametrize("recipe", RECIPES.values(), ids=lambda recipe: recipe.full.key)
def test_each_says_what_it_is_what_it_sets_and_where_it_comes_from(recipe: Recipe) -> None:
    full = recipe.full
    assert all((full.title, full.words, full.sets, full.apart, full.source))
    assert full.title == read(full).title
    assert str(recipe.lengths[0]).startswith(f"{budget(read(full)):,} ")
    assert str(recipe.lengths[1]).startswith(f"{budget(read(recipe.short)):,} ")


@pytest.mark.parametrize("key", PUBLISHED)
def test_the_networks_suit_the_method(key: str) -> None:
    experiment = read(RECIPES[key].full)
    classes = 100 if experiment.dataset.key == "cifar100" else 10
    cast = cast_of(experiment.teacher.key, experiment.student_network, (3, 32, 32), classes)
    cast = replace(cast, made_from_teacher=experiment.student.is_made_from_teacher)
    assert experiment.method.entry.refusal(experiment.method.typed, cast) is None


def test_each_is_found_by_name_in_both_lengths_and_further_settings_count_more() -> None:
    short = find_preset("at-wrn-short")
    assert load_all(short.path, {**short.overrides, "training.epochs": 40})[0].training.epochs == 40
    assert find_preset("at-wrn").overrides == {}
    assert catalog.find("method", read(short).method.key).key == "at"
