"""The engine's own loop stepped by hand, and clocks: what the benchmarks of speed and cost share."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import torch

from studio.data.base import Dataset
from studio.data.loader import Loader
from studio.experiment import Experiment
from studio.methods.base import Stage
from studio.training.devices import choose_hardware
from studio.training.network_setup import set_up_networks
from studio.training.stage_loop import StageLoop
from studio.training.stage_objective import stage_objective
from studio.training.stage_schedule import StageSchedule

#: So long a stage that no schedule moves noticeably while a few of its steps are timed.
STEPS = 100_000
#: Multiply-adds of a step that let torch have all its threads.
LARGE = 1e12


class Engine:
    """One stage of an experiment, from its first step on.

    Args:
        chosen: what is trained, and on which device; its budget does not count.
        teacher: the file of the teacher's weights.
        number: of the stage. A later stage begins with modules as new, not as an earlier one left them.
    """

    def __init__(self, chosen: Experiment, dataset: Dataset, teacher: Path, number: int = 0) -> None:
        self.networks = networks = set_up_networks(chosen, dataset, teacher)
        hardware = choose_hardware(chosen.training.device, chosen.training.precision, LARGE)
        networks.to(hardware.device)
        plan = chosen.method.method.plan(chosen.method.typed, networks.cast)
        self.stage: Stage = replace(plan[number], inherits=())
        self.stages = len(plan)
        loader = Loader(
            dataset.train, chosen.training.batch_size, chosen.dataset.varied, seed=0, device=hardware.device
        )
        band = StageSchedule(STEPS, loader.steps_per_epoch).bands(plan)[number]
        objective = stage_objective(chosen, self.stage, networks.cast, {})
        objective.to(hardware.device, memory_format=torch.channels_last)  # type: ignore[call-overload]  # torch takes it, its stubs do not know
        self._loop = StageLoop(chosen, self.stage, band, networks, objective, loader, hardware)
        self._loop.prepare()
        self._at = band.begin

    def step(self) -> None:
        """One step."""
        self._loop.step(self._at)
        self._at += 1


def seconds(step: Callable[[], object], steps: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """Seconds of so many steps by ``clock``."""
    began = clock()
    for _ in range(steps):
        step()
    return clock() - began


def in_turn(
    ways: Mapping[str, Callable[[], object]],
    *,
    rounds: int,
    steps: int,
    clock: Callable[[], float],
    lead: int = 0,
) -> dict[str, list[float]]:
    """Seconds of ``steps`` steps of every way, round by round, each way once a round, after three steps to warm up.

    Args:
        lead: steps before each stretch that do not count: they use up what was made ready while others had their turn.
    """
    for step in ways.values():
        seconds(step, 3)
    times: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, step in ways.items():
            seconds(step, lead)
            times[name].append(seconds(step, steps, clock))
    return times


def ratios(before: list[float], after: list[float]) -> list[float]:
    """The round-by-round ratios, the smallest first."""
    return sorted(b / a for b, a in zip(before, after, strict=True))


def ratio(before: list[float], after: list[float]) -> str:
    """Median of the round-by-round ratios, and their span."""
    found = ratios(before, after)
    return f"{statistics.median(found):.2f} ({found[0]:.2f} to {found[-1]:.2f}, n = {len(found)})"
