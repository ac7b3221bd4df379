"""The list of runs as it was read from the workspace, and what follows from all of them together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from studio.gui.run_store.run_names import names_in_table
from studio.runs.results.table import RowKind, kinds
from studio.runs.run_info import RunInfo


@dataclass(frozen=True)
class RunListing:
    """The runs in their order.

    Attributes:
        infos: the runs by id.
        names: what each is called among them.
        kinds: which are references of others.
        tested_on: what each was tested on, see :attr:`RunInfo.tested_on`.
        worth_comparing: those that come up beside a new run: they have reached something, and are no part of another.
    """

    infos: dict[str, RunInfo] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, RowKind] = field(default_factory=dict)
    tested_on: dict[str, str] = field(default_factory=dict)
    worth_comparing: tuple[str, ...] = ()

    @classmethod
    def of(cls, infos: Sequence[RunInfo]) -> RunListing:
        """Find out what follows from these runs."""
        found = kinds(infos)
        worth = tuple(info.id for info in infos if info.id not in found and _has_a_result(info))
        tested_on = {info.id: info.tested_on for info in infos}
        return cls({info.id: info for info in infos}, names_in_table(infos), found, tested_on, worth)


def _has_a_result(info: RunInfo) -> bool:
    return info.reached is not None and info.state != "failed" and not info.problem and not info.parent
