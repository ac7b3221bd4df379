"""Every step of every method stays on its device: torch's ``meta`` device has no values that a processor could ask for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from studio import catalog
from studio.data.loader import Loader
from studio.events import StageBand
from studio.experiment import Experiment
from studio.methods.base import AnyMethod, Stage
from studio.training.devices import Hardware
from studio.training.network_setup import set_up_networks
from studio.training.stage_loop import StageLoop
from studio.training.stage_objective import stage_objective
from tests.training.few_digits import FewDigits, few_digits
from tests.training.small_runs import MORE_STAGES, equally_wide, small

METHODS: list[AnyMethod] = catalog.entries("method")
ELSEWHERE = torch.device("meta")
STEPS = 2


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> FewDigits:
    return few_digits(tmp_path_factory.mktemp("elsewhere"), per_class=10)


def take_steps_elsewhere(experiment: Experiment, material: FewDigits) -> Iterator[Stage]:
    """Every stage of the experiment's method, after two steps of it with everything on another device."""
    method = experiment.method
    teacher = material.teacher if method.entry.needs.teacher else None
    networks = set_up_networks(experiment, material.dataset, teacher)
    networks.to(ELSEWHERE)
    train, batch = material.dataset.train, experiment.training.batch_size
    learnt: dict[str, Tensor] = {}
    for stage in method.method.plan(method.typed, networks.cast):
        networks.enter(stage, experiment.seed)
        objective = stage_objective(experiment, stage, networks.cast, learnt)
        learnt |= objective.own.state_dict() if objective.own is not None else {}
        objective.to(ELSEWHERE)
        band = StageBand(stage.name, stage.title, 0, STEPS, stage.labels)
        loader = Loader(train, batch, experiment.dataset.varied, seed=experiment.seed, device=ELSEWHERE)
        loop = StageLoop(experiment, stage, band, networks, objective, loader, Hardware(ELSEWHERE, 1, "exact"))
        try:
            loop.prepare()
            for step in range(STEPS):
                loop.step(step)
        finally:
            loop.close()
        assert {parameter.device for parameter in networks.student.parameters()} == {ELSEWHERE}
        yield stage


@pytest.mark.parametrize("method", [each for each in METHODS if each.waits is None], ids=lambda each: each.key)
def test_a_step_asks_its_device_for_no_value(method: AnyMethod, material: FewDigits) -> None:
    assert list(take_steps_elsewhere(equally_wide(method, {}), material))
    if method.key in MORE_STAGES:
        assert list(take_steps_elsewhere(equally_wide(method, MORE_STAGES[method.key]), material))


@pytest.mark.parametrize("method", [each for each in METHODS if each.waits is not None], ids=lambda each: each.key)
def test_a_method_that_says_it_waits_does(method: AnyMethod, material: FewDigits) -> None:
    with pytest.raises(NotImplementedError, match="meta"):
        list(take_steps_elsewhere(equally_wide(method, MORE_STAGES.get(method.key, {})), material))


@pytest.mark.parametrize("key", ["fitnet", "ofd", "crd", "ft"])
def test_terms_beside_another_method_stay_there_too(key: str, material: FewDigits) -> None:
    experiment = small({"key": "kd", "also": [{"key": key}]}, student={"key": "cnn-8"})
    assert list(take_steps_elsewhere(experiment, material))
