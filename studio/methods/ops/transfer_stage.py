"""The stage that several methods begin with: the student copies, without labels, and its classifier is left alone."""

from __future__ import annotations

from studio.methods.base import Build, Cast, Stage


def transfer_stage(
    cast: Cast, build: Build | None, share: float, *, name: str = "transfer", top: str | None = None
) -> Stage:
    """A stage without labels that trains the student from the input up to a group, and the objective's modules.

    Args:
        cast: the networks.
        build: makes its objective.
        share: of the student's whole budget.
        name: unique within the run.
        top: the student's highest group that learns; the last paired one unless given.
    """
    below = cast.student.parts_up_to(top if top is not None else cast.pairs[-1][1])
    trains = (*(f"student.{part}" for part in below), "objective")
    return Stage(name, "transfer", build, share=share, labels=False, trains=trains)
