"""What a stage may change: turns its ``trains`` into gradients, modes and the optimiser's list. All else stays bit-equal."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from studio.networks.base import Network


def prepare_trained(student: Network, objective: nn.Module, trains: Sequence[str]) -> list[nn.Parameter]:
    """Set gradients and train/eval modes for a stage and return the parameters to optimise.

    Args:
        trains: ``"student"``, ``"student.<part>"``, ``"objective"``.

    Raises:
        ValueError: a name that the cast does not have.
    """
    parts = trained_parts(student, trains)
    whole = parts == set(student.anatomy.parts)
    student.train(whole)
    if not whole:
        for part in parts:
            for module in student.part_modules(part):
                module.train()
    objective.train("objective" in trains)
    chosen: list[nn.Parameter] = []
    for name, parameter in student.named_parameters():
        parameter.requires_grad_(student.part_of(name) in parts)
        parameter.grad = None
        if parameter.requires_grad:
            chosen.append(parameter)
    for parameter in objective.parameters():
        parameter.requires_grad_("objective" in trains)
        parameter.grad = None
        if parameter.requires_grad:
            chosen.append(parameter)
    return chosen


def trained_parts(student: Network, trains: Sequence[str]) -> set[str]:
    """The parts of the student that ``trains`` names."""
    parts: set[str] = set()
    for name in trains:
        who, _, part = name.partition(".")
        if name == "student":
            parts |= set(student.anatomy.parts)
        elif who == "student" and part in student.anatomy.parts:
            parts.add(part)
        elif name != "objective":
            raise ValueError(f"a stage cannot train {name!r}: parts are {', '.join(student.anatomy.parts)}")
    return parts
