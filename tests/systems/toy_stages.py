"""A small method that decides on a further stage by what the last one came to, beyond the stages it expects."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from studio.methods.base import (
    Aspects,
    Batch,
    Batches,
    Build,
    Cast,
    History,
    Method,
    MethodSettings,
    Needs,
    Objective,
    Source,
    Stage,
    Term,
    Who,
)
from studio.methods.logits import logit_loss
from studio.networks.base import Network

#: The most stages of a run.
MOST = 3


class Distance(Objective):
    """How far the scores of both are apart; measured too."""

    def forward(self, batch: Batch) -> dict[str, Term]:
        return {"scores": Term(logit_loss(batch.student.logits, batch.teacher.logits), 1.0)}

    def measure(self, networks: Mapping[Who, Network], batches: Batches) -> Mapping[str, float]:
        del networks
        losses = [logit_loss(batch.student.logits, batch.teacher.logits) for batch in batches(self.passes)]
        return {"distance": float(torch.stack(losses).mean())}


class ToyStages(Method[MethodSettings]):
    """Comes nearer for five steps, its teacher asked once about each example and the distance watched; learns on the labels.

    Then it comes again, half as long, as long as the distance to the teacher shrinks.
    """

    key = "toy_stages"
    title = "Toy of stages"
    words = "Learn on as long as it helps."
    source = Source("-", "-", "-")
    compares = "answers"
    aspects = Aspects("none", "none", "L2", "logits")
    needs = Needs(same_classes=True)
    Settings = MethodSettings

    def joint(self, settings: MethodSettings) -> Build | None:
        del settings
        return lambda _cast: Distance()

    def plan(self, settings: MethodSettings, cast: Cast) -> list[Stage]:
        del cast
        joint = self.joint(settings)
        return [
            Stage("nearer", "come nearer", joint, steps=5, labels=False, asks_once=True, observer=joint),
            Stage("round 1", "learn", joint, learner="student.group1"),
        ]

    def next_stage(self, settings: MethodSettings, history: History) -> Stage | None:
        planned = self.plan(settings, history.cast)
        if len(history.done) < len(planned):
            return planned[len(history.done)]
        reached = [record.scores["distance"] for record in history.done[1:]]
        if len(reached) == MOST or (len(reached) > 1 and reached[-1] >= reached[-2]):
            return None
        return Stage(f"round {len(reached) + 1}", "learn on", self.joint(settings), 0.5)
