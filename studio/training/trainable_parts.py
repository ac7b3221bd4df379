"""What a stage may change: turns its ``trains`` into gradients, modes and the optimiser's list. All else stays bit-equal."""

from __future__ import annotations

from collections.abc import Sequence

from torch import nn

from studio.networks.base import Network
from studio.training.stage_objective import StageObjective


def prepare_trainable_parts(student: Network, objective: StageObjective, trains: Sequence[str]) -> list[nn.Parameter]:
    """Set gradients and train/eval modes for a stage and return the parameters to optimise.

    Args:
        trains: ``"student"``, ``"student.<part>"``, ``"student.<block>"``, ``"objective"``, ``"objective.<submodule>"``.

    Raises:
        ValueError: a name that the cast does not have.
    """
    parts, blocks = trained_parts(student, trains), trained_blocks(student, trains)
    whole = parts == set(student.anatomy.parts)
    student.train(whole)
    if not whole:
        for part in parts:
            for module in student.part_modules(part):
                module.train()
        for block in blocks:
            for module in student.block_layers(block, block + 1):
                module.train()
    chosen: list[nn.Parameter] = []
    for name, parameter in student.named_parameters():
        parameter.requires_grad_(student.part_of(name) in parts or (bool(blocks) and student.block_of(name) in blocks))
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
    """The parts of the student that ``trains`` names; a block of a part's name is meant as the part.

    Raises:
        ValueError: a name that is neither a part nor a block.
    """
    parts: set[str] = set()
    blocks = {block.name for block in student.blocks}
    for name in trains:
        who, _, part = name.partition(".")
        if name == "student":
            parts |= set(student.anatomy.parts)
        elif who == "student" and part in student.anatomy.parts:
            parts.add(part)
        elif who != "objective" and not (who == "student" and part in blocks):
            raise ValueError(f"a stage cannot train {name!r}: parts are {', '.join(student.anatomy.parts)}")
    return parts


def trained_blocks(student: Network, trains: Sequence[str]) -> set[int]:
    """The indices of the blocks that ``trains`` names and that are no parts by themselves."""
    named = {name.removeprefix("student.") for name in trains} - set(student.anatomy.parts)
    return {index for index, block in enumerate(student.blocks) if block.name in named}


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
