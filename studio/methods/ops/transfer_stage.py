"""The stages without labels that several methods begin with: the student copies, or a paraphraser learns."""

from __future__ import annotations

from collections.abc import Mapping

from studio.methods.base import Build, Cast, Stage
from studio.methods.ops.stage_rate import Overrides

#: How a paraphraser may be trained, by the key of the optimiser. The authors take SGD, for six passes over 50,000
#: pictures. In the few steps of a small run that learns nothing (digits, 66 steps: error 1.00 of the features' mean
#: magnitude); from He's initial weights Adam comes to 0.3-0.5 there.
PARAPHRASER_OPTIMIZERS: Mapping[str, Mapping[str, object]] = {
    "adam": {"key": "adam", "lr": 1e-3, "weight_decay": 0.0},
    "sgd": {"key": "sgd", "lr": 0.1, "momentum": 0.9, "weight_decay": 5e-4},
}

#: What a method with such a stage lets be set of it.
TRANSFER_SETTINGS = frozenset({"transfer_share", "transfer_rate", "transfer_fall"})


def transfer_stage(
    cast: Cast,
    build: Build | None,
    share: float,
    *,
    name: str = "transfer",
    top: str | None = None,
    optimizer: Overrides | None = None,
) -> Stage:
    """A stage without labels that trains the student from the input up to a group, and the objective's modules.

    Args:
        cast: the networks.
        build: makes its objective.
        share: of the student's whole budget.
        name: unique within the run.
        top: the student's highest group that learns; the last paired one unless given.
        optimizer: overrides of the experiment's optimiser and schedule.
    """
    below = cast.student.parts_up_to(top if top is not None else cast.pairs[-1][1])
    trains = (*(f"student.{part}" for part in below), "objective")
    return Stage(name, "transfer", build, share=share, labels=False, trains=trains, optimizer=optimizer or {})


def paraphrase_stage(build: Build, share: float, *, key: str = "adam", rate: float | None = None) -> Stage:
    """The stage in which a paraphraser learns, without labels and without the student.

    Args:
        build: makes its objective.
        share: of the student's whole budget.
        key: of one of :data:`PARAPHRASER_OPTIMIZERS`.
        rate: its learning rate; that given there unless set.
    """
    optimizer = {**PARAPHRASER_OPTIMIZERS[key], **({} if rate is None else {"lr": rate})}
    return Stage(
        "paraphraser",
        "paraphrase",
        build,
        share=share,
        labels=False,
        trains=("objective",),
        optimizer={"optimizer": optimizer},
    )
