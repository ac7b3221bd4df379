"""What a stage may change: turns its ``trains`` into gradients, modes and the optimiser's list. All else stays bit-equal."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from studio.networks.base import Network
from studio.training.stage_objective import StageObjective


def prepare_trainable_parts(student: Network, objective: StageObjective, trains: Sequence[str]) -> list[nn.Parameter]:
    """Set gradients and train/eval modes for a stage and return the parameters to optimise.

    Args:
        trains: ``"student"``, ``"student.<part>"``, ``"objective"``, ``"objective.<submodule>"``.

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
    chosen: list[nn.Parameter] = []
    for name, parameter in student.named_parameters():
        parameter.requires_grad_(student.part_of(name) in parts)
        parameter.grad = None
        if parameter.requires_grad:
            chosen.append(parameter)
    objective.eval()
    objective.requires_grad_(requires_grad=False)
    for module in trained_modules(objective, trains):
        module.train()
        module.requires_grad_()
    return chosen + [parameter for parameter in objective.parameters() if parameter.requires_grad]


def trained_parts(student: Network, trains: Sequence[str]) -> set[str]:
    """The parts of the student that ``trains`` names."""
    parts: set[str] = set()
    for name in trains:
        who, _, part = name.partition(".")
        if name == "student":
            parts |= set(student.anatomy.parts)
        elif who == "student" and part in student.anatomy.parts:
            parts.add(part)
        elif who != "objective":
            raise ValueError(f"a stage cannot train {name!r}: parts are {', '.join(student.anatomy.parts)}")
    return parts


def trained_modules(objective: StageObjective, trains: Sequence[str]) -> list[nn.Module]:
    """The modules of the objective that ``trains`` names, and those of the terms added to it."""
    modules: list[nn.Module] = [objective.also]
    for name in trains:
        who, _, part = name.partition(".")
        if who != "objective" or objective.own is None:
            continue
        try:
            modules.append(objective.own.get_submodule(part))
        except AttributeError as error:
            raise ValueError(f"a stage cannot train {name!r}: its objective has no such module") from error
    return modules
