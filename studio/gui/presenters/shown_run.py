"""A run as the views draw it."""

from __future__ import annotations

from dataclasses import dataclass, field

from studio.core.message import NOTHING, Text
from studio.gui.presenters.compression_reading import Compression
from studio.gui.presenters.drawings import StrokeRole
from studio.gui.presenters.tree_reading import TreeOfRun
from studio.runs.files.history import Reference, RunHistory
from studio.runs.results.seed_group import SeedGroup
from studio.runs.run_info import RunInfo
from studio.runs.statistics.gap import Gap


@dataclass(frozen=True)
class AveragedAnswers:
    """What an ensemble is: nothing was trained for it.

    Attributes:
        networks: how many answer.
        accuracy: of their mean answer.
    """

    networks: int
    accuracy: Reference

    @classmethod
    def of(cls, info: RunInfo | None) -> AveragedAnswers | None:
        """What a run is; None of one that is no ensemble, or not measured, or not listed yet."""
        if info is None or not info.members or info.reached is None:
            return None
        return cls(len(info.members), info.reached)


@dataclass(frozen=True, eq=False)
class ShownRun:
    """A ticked run, as it is to be drawn.

    Args:
        history: its values.
        color_index: its colour, and its marker from the seventh on.
        role: "teacher" and "alone" are references, drawn dashed and dotted.
        current: the run the panels and the time slider speak of; one at most.
        gap: the share of the gap it closed, once it was measured.
        gap_words: why there is none.
        group: equal for runs of one experiment that differ in their seed alone; empty while it is not known.
        method: the catalogue key of its method; empty while it is not known.
        step: of a chain, the one of its trainings that runs now, where it runs here.
        averaged: where it is an ensemble that was measured.
        tree: what it ended with, where that is one, or why it cannot be drawn.
        compression: what its models reached, where it compresses many learners into a network.
        info: what its folder says of it; None while it is not listed.
        seeds: of the current run, what it and the other seeds of its experiment reached together, where they are several.
        alone: the values of the student alone it is compared with, where that is a run of its own and they are there.
        alone_words: why they are not.
        group_label: what the runs of its group are called together.
    """

    history: RunHistory
    color_index: int = 0
    role: StrokeRole = "run"
    current: bool = False
    gap: Gap | None = None
    gap_words: Text = field(default=NOTHING)
    group: str = ""
    method: str = ""
    step: RunHistory | None = None
    averaged: AveragedAnswers | None = None
    seeds: SeedGroup | None = None
    tree: TreeOfRun | None = None
    compression: Compression | None = None
    alone: RunHistory | None = None
    alone_words: Text = field(default=NOTHING)
    group_label: str = ""
    info: RunInfo | None = None
