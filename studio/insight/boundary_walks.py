"""Points that walk to the teacher's decision boundary: the samples that boundary supporting samples teach on, made visible."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from studio.insight.fetch import fetched
from studio.insight.plane import Plane
from studio.methods.ops.boundary_walk import BoundaryAttack, channel_statistics, input_walk, select_base_samples
from studio.networks.base import Network

#: Drawn training points that stand for a batch, and the most of them that are shown walking.
CANDIDATES, SHOWN = 64, 12


class BoundaryWalks:
    """The walks of some training points; build and ask undisturbed.

    The teacher is frozen, so every candidate walks once, towards the class that the teacher finds second likeliest there.
    Which of them are shown follows the student, as in training: those that both networks get right, and see most
    differently.

    Args:
        columns: (K,) int64, for every class of the data its column in the teacher's logits.
        attack: of the run; None where its method does not push, and the usual attack is shown.
    """

    def __init__(
        self, teacher: Network, columns: Tensor, plane: Plane, device: torch.device, attack: BoundaryAttack | None
    ) -> None:
        self._points, self._labels = plane.points[:CANDIDATES].to(device), plane.labels[:CANDIDATES].to(device)
        columns = columns.to(device)
        self._logits = teacher(self._points).float()[:, columns]
        others = self._logits.scatter(1, self._labels[:, None], -torch.inf)
        self._targets = others.argmax(1)
        walk = input_walk(
            lambda x: teacher(x).float()[:, columns],
            self._points,
            self._labels,
            self._targets,
            channel_statistics(self._points),
            attack or BoundaryAttack(),
        )
        self._paths = torch.stack([self._points, *walk], 1)
        self._taught = attack is not None

    def arrays(self, student: Network) -> dict[str, np.ndarray]:
        """The walks of this moment, n <= 12 and none before both networks get a point right.

        Returns:
            plane/walks/paths (n, steps + 1, 2) float32 from the base point on, resting where a walk has ended;
            plane/walks/bases and plane/walks/targets (n,) int64, classes; plane/walks/taught () bool, whether the run
            teaches on such samples.
        """
        logits = student(self._points).float()
        chosen = select_base_samples(logits, self._logits, self._labels, SHOWN).sort().values
        return {
            "plane/walks/paths": fetched(self._paths[chosen].float()),
            "plane/walks/bases": fetched(self._labels[chosen]),
            "plane/walks/targets": fetched(self._targets[chosen]),
            "plane/walks/taught": np.asarray(self._taught),
        }
