"""The engine's recasting against a loop written out by hand in float64: the same weights come out."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from studio.data.base import as_float
from studio.data.random import mix_seed
from studio.events import RunStarted
from studio.networks.base import Network
from studio.networks.exchange import Target, exchange
from studio.networks.files import load_network
from studio.training.control import Control
from studio.training.event_emitter import EventEmitter
from studio.training.session import Places
from studio.training.setup import load_data
from tests.training.small_runs import Run, small

RATE = 0.05
PLAIN = {"augmentation": {"pad": 0, "padding": "zeros", "flip": False}}
SGD = {"key": "sgd", "lr": RATE, "momentum": 0.0, "nesterov": False, "weight_decay": 0.0}
HALF = Target("conv", 0.5)


class ByHand:
    """Gradient descent on one batch, written out."""

    def __init__(self, teacher: Path, inputs: Tensor, labels: Tensor) -> None:
        self.teacher = load_network(teacher).eval()
        self.student = exchange(self.teacher, {}, seed=0)
        self.teacher.double()
        self.inputs, self.labels = inputs.double(), labels

    def exchange(self, index: int | None, targets: dict[int, Target], stage: str) -> None:
        seed = mix_seed(0, "prepare", stage)
        anew = () if index is None else (index, index + 1)
        self.student = exchange(self.student.float(), targets, seed, anew=anew).double()

    def match(self, stops: list[int], top: int, steps: int) -> None:
        """So many steps that bring what the blocks below each of ``stops`` give nearer; those below ``top`` learn."""
        for _ in range(steps):
            pairs = zip(self._at(self.student, stops), self._at(self.teacher, stops), strict=True)
            self._step(torch.stack([(ours - theirs.detach()).square().mean() for ours, theirs in pairs]).sum(), top)

    def answer(self, steps: int) -> None:
        blocks = len(self.student.blocks)
        for _ in range(steps):
            (answers,), (known,) = self._at(self.student, [blocks]), self._at(self.teacher, [blocks])
            difference = (answers - known.detach()).square().mean()
            self._step(cross_entropy(answers, self.labels) + difference, blocks)

    def learn(self, top: int) -> None:
        """Batch norms of the blocks below ``top`` go by the batch, the others by what they know."""
        self.student.eval()
        for layer in self.student.block_layers(0, top):
            layer.train()

    def _at(self, network: Network, stops: list[int]) -> list[Tensor]:
        """What each of these blocks gets, from one pass."""
        values = [self.inputs]
        for start, stop in pairwise([0, *stops]):
            values.append(network.run(values[-1], start, stop))
        return values[1:]

    def _step(self, loss: Tensor, top: int) -> None:
        parameters = list(self.student.block_parameters(0, top))
        gradients = torch.autograd.grad(loss, parameters, allow_unused=True)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                if gradient is not None:
                    parameter.sub_(RATE * gradient)


def reached(run: Run, folder: Path, settings: dict[str, str | float]) -> tuple[dict[str, Tensor], list[int]]:
    """What the engine comes to, and how many steps each stage took."""
    training = {"epochs": 14, "batch_size": 100, "optimizer": SGD, "schedule": {"key": "constant"}}
    _, told = run(small({"key": "recast", "settings": settings}, dataset=PLAIN, training=training), folder=folder)
    (started,) = told.of(RunStarted)
    return load_network(folder / "student.safetensors").state_dict(), [band.end - band.begin for band in started.plan]


def by_hand(teacher: Path, cache: Path) -> ByHand:
    emitter = EventEmitter(lambda _event: None, Control())
    data = load_data(small(dataset=PLAIN), Places(cache, cache), emitter, Control())
    return ByHand(teacher, as_float(data.train.inputs), data.train.labels)


def check_same(found: dict[str, Tensor], expected: Network) -> None:
    state = expected.state_dict()
    assert found.keys() == state.keys()
    for name, value in state.items():
        torch.testing.assert_close(found[name].double(), value.double(), rtol=1e-4, atol=1e-5, msg=name)


def test_one_by_one(run: Run, tmp_path: Path, teacher: Path, cache: Path) -> None:
    found, lengths = reached(run, tmp_path, {"ratio": 0.5})
    assert lengths == [3, 3, 3, 5]
    hand = by_hand(teacher, cache)
    for index, stage in enumerate(("group1", "group2", "group3")):
        hand.exchange(index, {index: HALF}, stage)
        hand.learn(index + 2)
        hand.match([index + 2], index + 2, lengths[index])
    hand.learn(4)
    hand.answer(lengths[-1])
    check_same(found, hand.student)


def test_all_at_once(run: Run, tmp_path: Path, teacher: Path, cache: Path) -> None:
    """The first block is compared behind the second, which is as wide as the teacher's; the third at the scores."""
    found, lengths = reached(run, tmp_path, {"groups": "conv-0.5,keep,conv-0.5", "order": "simultaneous"})
    hand = by_hand(teacher, cache)
    hand.exchange(None, {0: HALF, 2: HALF}, "blocks")
    hand.learn(4)
    hand.match([2, 4], 4, lengths[0])
    hand.answer(lengths[1])
    check_same(found, hand.student)
