"""How much memory a run will need, found before its first step by taking steps that compute nothing."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import replace

import psutil
import torch
from torch import Tensor, nn

from studio.data.base import Examples
from studio.data.loader import Loader
from studio.events import StageBand
from studio.methods.base import Stage
from studio.networks.base import Network
from studio.training.devices import Hardware
from studio.training.live_memory import LiveMemory
from studio.training.network_setup import Networks
from studio.training.rng import isolated_seed
from studio.training.setup import Setup
from studio.training.stage_loop import StageLoop
from studio.training.stage_objective import StageObjective, stage_objective

#: The device whose tensors have shapes and no values.
NOWHERE = torch.device("meta")
#: What a processor needs for each byte that is counted, and besides, for code and the first calls of it: the process grew
#: by 0.6 to 1.0 times this in eight trainings of ResNets, wide ResNets and a VGG with batches of 64 to 512 (torch 2.13).
ON_PROCESSOR, ITSELF = 1.4, 100_000_000
#: Bounds for :func:`surely_enough`: what is kept of every weight (its gradient, what optimisers remember) and of every value
#: of a feature (before and after normalisation and activation, their slopes), and the least multiplications behind a value.
COPIES, KEPT, LEAST_FAN_IN, FLOAT_BYTES = 6, 8, 9, 4
#: In the second step the optimiser holds what it remembers.
STEPS = 2


def memory_needed(setup: Setup) -> int | None:
    """Bytes that networks, optimiser and the dearest step of a run hold at once, and its own copy of the training data.

    Every stage takes two steps on a device without values, with everything that is made there counted. Not counted is
    what single operations need for themselves; on a processor the share of it that was measured is added.

    Returns:
        None where it cannot be told: a model without weights answers in the teacher's place.
    """
    for with_terms in (True, False):
        try:
            with isolated_seed(setup.experiment.seed):
                counted = max(_steps(setup, with_terms=with_terms))
        except RuntimeError:  # somebody asks its device for values, which has none: a method, or such a model
            continue
        if setup.hardware.device.type == "cpu":
            counted = round(ON_PROCESSOR * counted) + ITSELF
        return _data_bytes(setup) + counted
    return None


def surely_enough(setup: Setup, free: int) -> bool:
    """Whether ``free`` bytes are more than enough, told without taking steps: true of all small networks."""
    cast, batch = setup.networks.cast, setup.experiment.training.batch_size
    networks = [each for each in (cast.student, cast.teacher) if each is not None]
    values = sum(COPIES * each.parameters + batch * each.macs / LEAST_FAN_IN * KEPT for each in networks)
    return values * FLOAT_BYTES + _data_bytes(setup) < free


def free_memory(device: torch.device) -> int:
    """Bytes that a run on ``device`` can still be given, of those other programs leave."""
    if device.type == "cuda":
        return int(torch.cuda.mem_get_info(device)[0])
    return int(psutil.virtual_memory().available)


def _data_bytes(setup: Setup) -> int:
    inputs = setup.dataset.train.inputs
    return 0 if setup.dataset.storage == "disk" else inputs.numel() * inputs.element_size()


def _steps(setup: Setup, *, with_terms: bool) -> Iterator[int]:
    """The most bytes that the steps of each stage hold.

    Args:
        with_terms: as the method teaches; or each network passes over the batch, and only the labels teach.
    """
    method = setup.experiment.method
    plan = method.method.plan(method.typed, setup.networks.cast)
    learnt: dict[str, Tensor] = {}
    for number, stage in enumerate(plan):
        with LiveMemory(NOWHERE.type) as memory:
            networks = _without_values(setup.networks)
            networks.enter(stage, setup.experiment.seed)
            objective = StageObjective(None, (), 1.0)
            if with_terms:
                objective = stage_objective(setup.experiment, stage, networks.cast, learnt)
                learnt |= objective.own.state_dict() if objective.own is not None else {}
            if number in (0, len(plan) - 2, len(plan) - 1):
                _take_steps(setup, stage, networks, objective.to(NOWHERE))
        yield memory.most


def _take_steps(setup: Setup, stage: Stage, networks: Networks, objective: StageObjective) -> None:
    experiment, train = setup.experiment, setup.dataset.train
    batch = min(experiment.training.batch_size, len(train))
    examples = Examples(train.inputs[:batch].to(NOWHERE), train.labels[:batch].to(NOWHERE))
    loader = Loader(examples, batch, experiment.dataset.varied, seed=experiment.seed, device=NOWHERE)
    band = StageBand(stage.name, stage.title, 0, STEPS, stage.labels)
    loop = StageLoop(experiment, stage, band, networks, objective, loader, Hardware(NOWHERE, 1, "exact"))
    try:
        for step in range(STEPS):
            loop.step(step)
    finally:
        loop.close()


def _without_values(networks: Networks) -> Networks:
    order = networks.teacher_order
    return replace(
        networks,
        student=_shapes_of(networks.student),
        teacher=_shapes_of(networks.teacher) if networks.teacher is not None else None,
        teacher_order=order.to(NOWHERE) if order is not None else None,
    )


def _shapes_of(network: Network) -> Network:
    """A copy whose weights are shapes alone; the weights themselves are never copied."""
    weights = {id(each): nn.Parameter(each.detach().to(NOWHERE), each.requires_grad) for each in network.parameters()}
    buffers = {id(each): each.to(NOWHERE) for each in network.buffers()}
    return copy.deepcopy(network, {**weights, **buffers})
