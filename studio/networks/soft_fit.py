"""Fitting a network to probabilities given for its inputs: rows of any origin, no labels, no augmentation."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import log_softmax

from studio.core.arrays import Arrays
from studio.networks.base import Network


@dataclass(frozen=True)
class SoftFitPlan:
    """How long and how fast.

    Attributes:
        steps: of all.
        batch: rows a step.
        rate: of Adam at the start; it falls to 0 along half a cosine.
    """

    steps: int
    batch: int = 128
    rate: float = 5e-3


class SoftFit:
    """A network that learns what others answered, by the cross-entropy to their probabilities.

    Args:
        network: in train mode afterwards; on the CPU.
        inputs: (n, E) float32.
        answers: (n, K) float32, rows of sum 1.
        seed: of the order of rows.

    Attributes:
        done: steps so far.
    """

    def __init__(
        self, network: Network, inputs: NDArray[np.float32], answers: NDArray[np.float32], plan: SoftFitPlan, seed: int
    ) -> None:
        self.network, self.plan, self.done = network.train(), plan, 0
        self._inputs, self._answers, self._seed = torch.from_numpy(inputs), torch.from_numpy(answers), seed
        self._optimizer = torch.optim.Adam(network.parameters(), lr=plan.rate)

    def run(self, steps: int) -> float:
        """At most so many steps more; the mean loss over them."""
        total, count = 0.0, min(steps, self.plan.steps - self.done)
        for _ in range(count):
            rows = self._rows(self.done)
            for group in self._optimizer.param_groups:
                group["lr"] = self.plan.rate * 0.5 * (1 + np.cos(np.pi * self.done / self.plan.steps))
            loss = self._loss(rows)
            self._optimizer.zero_grad(set_to_none=True)
            loss.backward()
            self._optimizer.step()
            total += float(loss.detach())
            self.done += 1
        return total / max(count, 1)

    def _loss(self, rows: Tensor) -> Tensor:
        return -(self._answers[rows] * log_softmax(self.network(self._inputs[rows]), dim=1)).sum(1).mean()

    def _rows(self, step: int) -> Tensor:
        """A function of seed and step alone: each pass has its own order."""
        count = len(self._inputs)
        batch = min(self.plan.batch, count)
        each = max(1, count // batch)
        if step % each == 0 or not hasattr(self, "_order"):
            draw = torch.Generator().manual_seed(self._seed * 1_000_003 + step // each)
            self._order = torch.randperm(count, generator=draw)
        place = step % each * batch
        return self._order[place : place + batch]

    def state_dict(self) -> dict[str, NDArray[np.generic]]:
        """Weights, what the optimiser remembers, and the step."""
        found: dict[str, NDArray[np.generic]] = {"done": np.array(self.done)}
        for name, parameter in self.network.named_parameters():
            found[f"weight.{name}"] = parameter.detach().numpy().copy()
            kept = self._optimizer.state.get(parameter, {})
            for word in ("exp_avg", "exp_avg_sq"):
                if word in kept:
                    found[f"{word}.{name}"] = kept[word].numpy().copy()
        return found

    def load_state_dict(self, state: Arrays) -> None:
        """Go on from what :meth:`state_dict` gave; KeyError or ValueError where it is of another network."""
        done = int(state["done"])
        with torch.no_grad():
            for name, parameter in self.network.named_parameters():
                if state[f"weight.{name}"].shape != tuple(parameter.shape):
                    raise ValueError("of another network")
                parameter.copy_(torch.from_numpy(state[f"weight.{name}"]))
                if done:
                    self._optimizer.state[parameter] = {
                        "step": torch.tensor(float(done)),
                        "exp_avg": torch.from_numpy(state[f"exp_avg.{name}"].copy()),
                        "exp_avg_sq": torch.from_numpy(state[f"exp_avg_sq.{name}"].copy()),
                    }
        self.done = done
