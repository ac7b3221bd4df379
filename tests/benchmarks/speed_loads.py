"""The runs whose speed is compared with and without somebody who listens, and the clock beside a listener."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from studio.data.prepare import prepare
from studio.events import Event, Listener, Terms
from studio.experiment import Experiment, validated
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import save_network


@dataclass(frozen=True)
class Load:
    """A pair, its data, and how many steps are timed."""

    dataset: str
    teacher: str
    student: str
    batch: int
    steps: int


LOADS = {
    "tiny": Load("moons", "mlp-20-20", "mlp-8-8", 32, 6000),
    "wrn": Load("shapes", "wrn-40-2", "wrn-16-2", 64, 40),
}


def experiment(load: Load, place: Path, device: str = "auto") -> Experiment:
    """The run, with a teacher of random weights from a file: the cost of a step is the same."""
    teacher = place / f"{load.teacher}.safetensors"
    if not teacher.exists():
        data = prepare(load.dataset, {}, seed=0, cache=place / "cache")
        save_network(build_network(load.teacher, Input(data.shape, data.mean, data.std), data.classes, 0), teacher, {})
    return validated(
        {
            "dataset": {"key": load.dataset},
            "teacher": {"key": load.teacher, "source": f"file:{teacher}"},
            "student": {"key": load.student},
            "method": {"key": "kd"},
            "training": {"device": device, "steps": load.steps, "batch_size": load.batch, "optimizer": {"lr": 0.01}},
        }
    )


class SpeedReadings:
    """A listener that hands every event on and notes when the terms were read."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._readings: list[tuple[int, float]] = []

    def __call__(self, event: Event) -> None:
        if isinstance(event, Terms):
            self._readings.append((event.step, time.perf_counter()))
        self._listener(event)

    @property
    def steps_per_second(self) -> float:
        """Between the first and the last reading, of which there are two at least."""
        (first, began), (last, ended) = self._readings[0], self._readings[-1]
        return (last - first) / (ended - began)
