"""What depends on a run: chains whose step it is, ensembles it is a member of, runs it has taught. Asked before it is deleted."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from studio.core.message import Text, text
from studio.runs.results.role_text import role_text
from studio.runs.run_info import RunInfo


def steps_of(chain: RunInfo, runs: Iterable[RunInfo]) -> list[RunInfo]:
    """The runs that were trained or measured for ``chain``, in the order they were begun."""
    own = [run for run in runs if run.parent == chain.id] if chain.is_chain else []
    return sorted(own, key=lambda run: (run.sequence, run.created, run.id))


def dependents(gone: Collection[RunInfo], runs: Iterable[RunInfo]) -> list[Text]:
    """A sentence for each run that is made of one of those in ``gone``, or learnt from it, and stays itself.

    Args:
        runs: all of the workspace.
    """
    names = {run.id: run.name for run in gone}
    return [told for run in runs if run.id not in names for told in _told(run, names)]


def _told(run: RunInfo, names: dict[str, str]) -> list[Text]:
    if run.members:
        return [
            text("“{member}” is a member of the ensemble “{run}”.", member=names[member], run=run.name)
            for member in run.members
            if member in names
        ]
    steps = [(role, step) for role, step in run.references.items() if step in names]
    if run.is_chain:
        told = [
            text("“{step}” is a step of “{run}”: {role}.", step=names[step], role=role_text(role), run=run.name)
            for role, step in steps
        ]
    else:
        told = [_of_reference(role, names[step], run) for role, step in steps]
    referred = {step for _, step in steps}
    taught = [
        text("“{teacher}” has taught “{run}”.", teacher=names[teacher], run=run.name)
        for teacher in run.teachers
        if teacher in names and teacher not in referred
    ]
    used = [
        text("“{run}” goes on from what “{made}” has made.", made=names[made], run=run.name)
        for made in run.uses
        if made in names
    ]
    return told + taught + used


def _of_reference(role: str, name: str, run: RunInfo) -> Text:
    if role == "alone":
        return text("“{run}” is compared with “{alone}”.", run=run.name, alone=name)
    return text("“{teacher}” has taught “{run}”.", teacher=name, run=run.name)
