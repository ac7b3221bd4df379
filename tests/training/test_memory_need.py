"""What a run needs of memory is known before its first step, and finding out changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from studio.core.errors import OutOfMemory
from studio.data.loader import Loader
from studio.data.prepare import prepare
from studio.events import StageBand
from studio.experiment import Experiment, validated
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import save_network
from studio.training import memory_need
from studio.training.control import Control
from studio.training.devices import Hardware
from studio.training.live_memory import LiveMemory
from studio.training.memory_need import free_memory, memory_needed, surely_enough
from studio.training.network_setup import set_up_networks
from studio.training.session import Places, run_session
from studio.training.setup import Setup
from studio.training.stage_loop import StageLoop
from studio.training.stage_objective import stage_objective
from studio.training.stage_schedule import StageSchedule
from tests.training.small_runs import Run, small

CPU = torch.device("cpu")


def setup_of(experiment: Experiment, folder: Path, cache: Path, device: str = "cpu") -> Setup:
    """A run about to begin, as if on ``device``; its tensors are on the processor."""
    chosen = experiment.dataset
    dataset = prepare(chosen.key, chosen.settings, seed=0, per_class=chosen.per_class, cache=cache)
    source = Input(dataset.shape, dataset.mean, dataset.std, dataset.encoding)
    teacher = folder / "teacher.safetensors"
    save_network(build_network(experiment.teacher.key, source, dataset.classes, 1), teacher)
    networks = set_up_networks(experiment, dataset, teacher if experiment.method.entry.needs.teacher else None)
    return Setup(experiment, dataset, networks, StageSchedule(4, 4), Hardware(torch.device(device), 1, "exact"))


def pictures(teacher: str, student: str, method: str, batch: int) -> Experiment:
    return validated(
        {
            "dataset": {"key": "shapes", "per_class": 20},
            "teacher": {"key": teacher},
            "student": {"key": student},
            "method": {"key": method},
            "training": {"batch_size": batch, "device": "cpu"},
        }
    )


def counted_while_training(setup: Setup) -> int:
    """The most bytes that two real steps of a run of one stage hold, weights and data included."""
    experiment, networks = setup.experiment, setup.networks
    (stage,) = experiment.method.method.plan(experiment.method.typed, networks.cast)
    train, batch = setup.dataset.train, experiment.training.batch_size
    loader = Loader(train, batch, experiment.dataset.varied, seed=0, device=CPU)
    weights = [tensor for network in networks.by_role.values() for tensor in network.state_dict().values()]
    with LiveMemory("cpu") as memory:
        objective = stage_objective(experiment, stage, networks.cast, {})
        band = StageBand(stage.name, stage.title, 0, 2, stage.labels)
        loop = StageLoop(experiment, stage, band, networks, objective, loader, Hardware(CPU, 1, "exact"))
        for step in range(2):
            loop.step(step)
        loop.close()
    weights_and_data: int = sum(tensor.nbytes for tensor in (*weights, train.inputs))
    counted: int = memory.most
    return counted + weights_and_data


@pytest.mark.parametrize("method", ["none", "ofd"])
def test_it_is_what_real_steps_hold(method: str, tmp_path: Path, cache: Path) -> None:
    # as if on a device that is no processor: nothing is added for one
    setup = setup_of(pictures("wrn-16-1", "wrn-10-1", method, 16), tmp_path, cache, "cuda")
    needed = memory_needed(setup)
    assert needed is not None
    assert needed == pytest.approx(counted_while_training(setup), rel=0.05)


@pytest.mark.parametrize("method", ["svd", "bss"])
def test_a_method_that_waits_for_its_device_is_told_without_its_terms(method: str, tmp_path: Path, cache: Path) -> None:
    setup = setup_of(pictures("cnn-8", "cnn-8", method, 16), tmp_path, cache)
    passes = memory_needed(setup_of(pictures("cnn-8", "cnn-8", "logits", 16), tmp_path, cache))
    assert memory_needed(setup) == pytest.approx(passes, rel=0.01)


@pytest.mark.parametrize(
    ("teacher", "student", "method"),
    [("cnn-8", "cnn-4", "ft"), ("wrn-16-1", "wrn-10-1", "reviewkd"), ("densenet-bc-22-4", "vgg-8-0.25", "vid")],
)
def test_what_is_surely_enough_is_enough(teacher: str, student: str, method: str, tmp_path: Path, cache: Path) -> None:
    setup = setup_of(pictures(teacher, student, method, 8), tmp_path, cache, "cuda")
    needed = memory_needed(setup)
    assert needed is not None
    assert not surely_enough(setup, needed)


def test_a_run_that_cannot_fit_is_refused_before_its_first_step(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.training.session.free_memory", lambda _device: 10_000_000)
    experiment = pictures("cnn-8", "wrn-16-1", "none", 64)
    with pytest.raises(OutOfMemory, match=r"A batch of 64 pictures needs about \d+\sMB of memory, and 10\sMB are free"):
        run_session(experiment, Places(tmp_path, cache), lambda _event: None, Control())


def test_finding_out_changes_nothing(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(**changes: Any) -> bytes:
        run(small("ft", training={"steps": 6, "batch_size": 16}, **changes), folder=tmp_path)
        return (tmp_path / "student.safetensors").read_bytes()

    before = asked()
    looked: list[int | None] = []
    monkeypatch.setattr("studio.training.session.surely_enough", lambda _setup, _free: False)
    monkeypatch.setattr(
        "studio.training.session.memory_needed", lambda setup: looked.append(memory_need.memory_needed(setup))
    )
    assert asked() == before
    assert all(looked)


def test_what_is_free_is_told_of_the_processor() -> None:
    assert free_memory(CPU) > 1_000_000
