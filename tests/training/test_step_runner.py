"""What a runner of steps must keep to: the same bits as when Python goes through every step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import torch
from torch import Tensor

from studio import catalog
from studio.data.loader import Loader
from studio.experiment import Experiment, Optimizer
from studio.methods.base import AnyMethod
from studio.training.devices import Hardware
from studio.training.network_setup import set_up_networks
from studio.training.optimisers import LearningRate, build_optimiser
from studio.training.stage_loop import StageLoop
from studio.training.stage_objective import stage_objective
from studio.training.stage_schedule import StageSchedule
from studio.training.step_runner import EagerRunner, StepRunner
from tests.training.few_digits import FewDigits, few_digits
from tests.training.recorded_steps import RecordingRunner, RepeatingRunner
from tests.training.small_runs import small

METHODS: list[AnyMethod] = catalog.entries("method")
PROCESSOR = torch.device("cpu")
EPOCHS = 6
STARTS = [torch.linspace(-1, 1, 21).reshape(3, 7), torch.linspace(0.5, 2, 5)]


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> FewDigits:
    return few_digits(tmp_path_factory.mktemp("steps"), per_class=6)


@dataclass
class Stepped:
    """What a stage left: all tensors of student, objective and optimiser, and what it told on the way."""

    tensors: dict[str, Tensor]
    told: list[object]


def train(
    experiment: Experiment, material: FewDigits, runner: type[StepRunner]
) -> Iterator[tuple[Stepped, StepRunner]]:
    """Every stage of the experiment, its steps taken by a runner of its own."""
    method = experiment.method
    networks = set_up_networks(experiment, material.dataset, material.teacher if method.entry.needs.teacher else None)
    networks.to(PROCESSOR)
    loader = Loader(
        material.dataset.train, experiment.training.batch_size, experiment.dataset.varied, seed=experiment.seed
    )
    plan = method.method.plan(method.typed, networks.cast)
    learnt: dict[str, Tensor] = {}
    for stage, band in zip(
        plan, StageSchedule(EPOCHS * loader.steps_per_epoch, loader.steps_per_epoch).bands(plan), strict=True
    ):
        networks.enter(stage, experiment.seed)
        objective = stage_objective(experiment, stage, networks.cast, learnt)
        taken = runner()
        loop = StageLoop(experiment, stage, band, networks, objective, loader, Hardware(PROCESSOR, 1, "exact"), taken)
        told: list[object] = []
        try:
            loop.prepare()
            for step in range(band.begin, band.end):
                loop.step(step)
                if step % 3 == 0:
                    told += [loop.last_terms(), loop.read_terms(1.0), loop.bad_step]
            learnt |= objective.own.state_dict() if objective.own is not None else {}
            kept = loop.state_dict()["optimiser"]["state"]
            tensors = {f"{place}.{name}": value for place, state in kept.items() for name, value in state.items()}
            tensors |= {f"student.{name}": value for name, value in networks.student.state_dict().items()}
            tensors |= {f"objective.{name}": value for name, value in objective.state_dict().items()}
            yield Stepped({name: value.clone() for name, value in tensors.items() if value is not None}, told), taken
        finally:
            loop.close()


def assert_same_bits(experiment: Experiment, material: FewDigits) -> int:
    """Steps that are repeated leave what they leave when Python goes through each; how many were repeated."""
    repeated = 0
    with torch.random.fork_rng(devices=[]):
        gone_through = list(train(experiment, material, RecordingRunner))
        repeating = list(train(experiment, material, RepeatingRunner))
        for (one, _), (other, runner) in zip(gone_through, repeating, strict=True):
            assert one.told == other.told
            assert one.tensors.keys() == other.tensors.keys()
            for name, value in one.tensors.items():
                assert torch.equal(value, other.tensors[name]), name
            assert isinstance(runner, RepeatingRunner)
            repeated += runner.repeated
    return repeated


def experiment_of(method: AnyMethod, **settings: object) -> Experiment:
    student = {} if method.needs.made_from_teacher else {"student": {"key": "cnn-8"}}
    return small({"key": method.key, "settings": settings}, training={"batch_size": 20, "epochs": EPOCHS}, **student)


@pytest.mark.parametrize("method", [each for each in METHODS if each.waits is None], ids=lambda each: each.key)
def test_steps_can_be_recorded_and_repeated(method: AnyMethod, material: FewDigits) -> None:
    assert assert_same_bits(experiment_of(method), material) > 0


@pytest.mark.parametrize("method", [each for each in METHODS if each.waits is not None], ids=lambda each: each.key)
def test_a_step_that_waits_is_never_repeated(method: AnyMethod, material: FewDigits) -> None:
    assert assert_same_bits(experiment_of(method), material) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"method": {"key": "at", "settings": {"decay": True, "start": 0.3}}},
        {"method": {"key": "dkd", "settings": {"warm_up": 1.0}}},
        {"method": {"key": "reviewkd", "settings": {"warm_up": 1.0}}},
        {"method": {"key": "composed", "settings": {"rise": 0.6, "fade": True}}},
        {"method": {"key": "kd", "also": [{"key": "fitnet"}, {"key": "at", "settings": {"decay": True}}]}},
        {"optimizer": {"key": "adam", "lr": 0.01}, "schedule": {"key": "cosine", "warmup": 0.2}},
        {"optimizer": {"key": "adamw", "lr": 0.01}},
        {"optimizer": {"key": "rmsprop", "lr": 0.01, "momentum": 0.0}},
    ],
    ids=lambda changes: str(next(iter(changes.values()))["key"]),
)
def test_weights_and_rates_that_change_reach_repeated_steps(changes: dict[str, Any], material: FewDigits) -> None:
    method = changes.pop("method", {"key": "kd"})
    experiment = small(method, student={"key": "cnn-8"}, training={"batch_size": 20, "epochs": EPOCHS, **changes})
    assert assert_same_bits(experiment, material) > 0


def test_what_python_goes_through_leaves_the_same_bits(material: FewDigits) -> None:
    experiment = small("kd", student={"key": "cnn-8"}, training={"batch_size": 20, "epochs": EPOCHS})
    ((one, _),) = train(experiment, material, EagerRunner)
    ((other, _),) = train(experiment, material, RepeatingRunner)
    assert one.told == other.told
    assert all(torch.equal(value, other.tensors[name]) for name, value in one.tensors.items())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("key", ["sgd", "adam", "adamw", "rmsprop"])
def test_a_rate_that_keeps_its_place_steps_as_far_as_a_number_does(
    key: str, momentum: float, dtype: torch.dtype
) -> None:
    settings = Optimizer.model_validate({"key": key, "lr": 0.0123456789, "momentum": momentum})
    ours, plain = ([torch.nn.Parameter(start.to(dtype, copy=True)) for start in STARTS] for _ in range(2))
    optimiser = build_optimiser(settings, ours)
    rate = LearningRate(optimiser)
    classes = {
        "sgd": torch.optim.SGD,
        "adam": torch.optim.Adam,
        "adamw": torch.optim.AdamW,
        "rmsprop": torch.optim.RMSprop,
    }
    options = {"momentum": momentum} if key in ("sgd", "rmsprop") else {}
    if key == "sgd":
        options["nesterov"] = settings.nesterov and momentum > 0
    one_by_one = classes[key](plain, weight_decay=settings.weight_decay, foreach=False, **options)
    for step in range(8):
        now = settings.lr * 0.9**step
        rate.set(now)
        one_by_one.param_groups[0]["lr"] = now
        for mine, other in zip(ours, plain, strict=True):
            mine.grad = other.grad = (mine.detach() * 3 + step).sin()
        optimiser.step()
        one_by_one.step()
        assert all(torch.equal(mine, other) for mine, other in zip(ours, plain, strict=True))
