"""Two groups of runs compared: how much better one is, how sure that is, and what lies behind it."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from studio.core.data_kinds import CAPABILITIES, Capabilities, capabilities
from studio.core.errors import StudioError
from studio.core.score_scale import ACCURACY, ACCURACY_SCALE, ScoreScale
from studio.runs.comparison.comparability import NotComparable, check_comparable, newest_of_each_seed
from studio.runs.comparison.curve_difference import CurveDifference, curve_difference
from studio.runs.comparison.learnt_difference import LearntDifference, learnt_difference
from studio.runs.comparison.setting_differences import SettingDifferences, setting_differences
from studio.runs.comparison.side_names import side_names
from studio.runs.files.history import Reference
from studio.runs.references import ENDED_WELL
from studio.runs.results.summarise import read_predictions
from studio.runs.run_info import RunInfo, read_history
from studio.runs.statistics.contributions import contributions
from studio.runs.statistics.difference import Difference, mean_difference, paired_difference
from studio.training.predictions import Predictions


@dataclass(frozen=True)
class ComparedSide:
    """One of the two: runs of one experiment, one a seed.

    Attributes:
        name: what tells it from the other.
        scores: of each run, in the order of ``runs``.
    """

    name: str
    runs: tuple[RunInfo, ...]
    scores: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Over its seeds."""
        return statistics.fmean(self.scores)

    @property
    def deviation(self) -> float | None:
        """The sample standard deviation over its seeds; None of a single one."""
        return statistics.stdev(self.scores) if len(self.scores) > 1 else None


@dataclass(frozen=True, eq=False)
class RunComparison:
    """What two groups of runs are to each other. Gains are how much better the first is, in the unit of the score.

    Attributes:
        first, second: pair by pair; the runs of a pair have one seed where ``by_seed``.
        scale: of the score they are compared by.
        over_seeds: the mean gain of the pairs with its 95 % interval by Student's t distribution; None of fewer than three.
        over_pictures: the gain of these networks with its 95 % interval by a paired bootstrap over the test pictures; None
            where their answers were not kept, or the score is no mean over pictures.
        left_out: runs that came to their end and have no partner.
        repeats: how many runs trained a seed once more with the same settings; the newest of them counts.
        settings: None where an experiment cannot be read.
        examples: what they were tested on, and what can be done with it.
        learnt: None where answers were not kept.
        curves: None where they were not tested while they learnt, or their score is no accuracy.
        teacher, alone: what both are measured against, where it is the same for both; where each seed has its own, their
            mean.
        one_test: whether all pairs were tested on the same; else each on a split of the data of its own.
    """

    first: ComparedSide
    second: ComparedSide
    scale: ScoreScale = ACCURACY_SCALE
    by_seed: bool = True
    over_seeds: Difference | None = None
    over_pictures: Difference | None = None
    left_out: tuple[RunInfo, ...] = ()
    repeats: int = 0
    settings: SettingDifferences | None = None
    examples: Capabilities = CAPABILITIES["pictures"]
    learnt: LearntDifference | None = None
    curves: CurveDifference | None = None
    teacher: Reference | None = None
    alone: Reference | None = None
    one_test: bool = True

    @property
    def gains(self) -> tuple[float, ...]:
        """Of each pair."""
        pairs = zip(self.first.scores, self.second.scores, strict=True)
        return tuple(self.scale.gain(first, second) for first, second in pairs)

    @property
    def gain(self) -> float:
        """The mean of them."""
        return statistics.fmean(self.gains)

    @property
    def pairs(self) -> int:
        """How many seeds are compared."""
        return len(self.first.runs)

    @property
    def interval(self) -> Difference | None:
        """The one that counts: over seeds where there are enough, else over pictures."""
        return self.over_seeds or self.over_pictures

    @property
    def better_first(self) -> RunComparison:
        """The same with the better side first."""
        return self if self.gain >= 0 else self.swapped

    @property
    def swapped(self) -> RunComparison:
        """The same with the sides exchanged."""
        return replace(
            self,
            first=self.second,
            second=self.first,
            over_seeds=_negated(self.over_seeds),
            over_pictures=_negated(self.over_pictures),
            settings=self.settings.swapped if self.settings is not None else None,
            learnt=self.learnt.swapped if self.learnt is not None else None,
            curves=self.curves.swapped if self.curves is not None else None,
        )


def compare_runs(first: Sequence[RunInfo], second: Sequence[RunInfo]) -> RunComparison:
    """Compare two groups of runs, each of one experiment, or two single runs. Reads what they kept.

    Runs of one seed are a pair. Where no seed is in both groups, they pair in the order of their seeds: independent draws
    may be paired in any order that does not look at them.

    Raises:
        NotComparable: they have no results, or were not tested on the same; says why.
    """
    ours, theirs = newest_of_each_seed(first), newest_of_each_seed(second)
    paired, by_seed = _paired(ours, theirs)
    check_comparable([one for one, _ in paired], [other for _, other in paired])
    answers = [(read_predictions(one.places), read_predictions(other.places)) for one, other in paired]
    kept = [(one, other) for one, other in answers if one is not None and other is not None]
    kept = kept if len(kept) == len(paired) else []
    if any(not np.array_equal(one.labels, other.labels) for one, other in kept):
        raise NotComparable(
            "They were tested on other examples, though their experiments say the same.",
            "The files of the data are not what they were when the first of them ran.",
            "Train one of them again.",
        )
    scale = _common_scale(paired, kept)
    scores = _scores(paired, kept, scale)
    settings = _settings(ours[0], theirs[0])
    names = side_names([one for one, _ in paired], [other for _, other in paired], settings)
    one_test = len({one.tested_on for one, _ in paired}) == 1
    histories = [(read_history(one), read_history(other)) for one, other in paired]
    made = RunComparison(
        ComparedSide(names[0], tuple(one for one, _ in paired), tuple(score for score, _ in scores)),
        ComparedSide(names[1], tuple(other for _, other in paired), tuple(score for _, score in scores)),
        scale,
        by_seed,
        over_pictures=_over_pictures(kept, scale) if one_test else None,
        left_out=tuple(run for run in (*ours, *theirs) if all(run not in pair for pair in paired)),
        repeats=sum(len(seeds) - len(set(seeds)) for seeds in (_draws(first), _draws(second))),
        settings=settings,
        examples=capabilities(histories[0][0].examples),
        learnt=learnt_difference(kept, histories[0][0].classes or histories[0][1].classes) if one_test else None,
        one_test=one_test,
        curves=curve_difference(histories) if scale.name == ACCURACY else None,
        teacher=_shared(paired, "teacher_reference", scale),
        alone=_shared(paired, "alone_reference", scale),
    )
    return replace(made, over_seeds=mean_difference(made.gains))


def _draws(runs: Sequence[RunInfo]) -> list[int]:
    """The seeds of those runs that came to their end."""
    return [run.seed for run in runs if run.state in ENDED_WELL]


def _paired(ours: Sequence[RunInfo], theirs: Sequence[RunInfo]) -> tuple[list[tuple[RunInfo, RunInfo]], bool]:
    by_seed = {run.seed: run for run in theirs}
    paired = [(run, by_seed[run.seed]) for run in ours if run.seed in by_seed]
    return (paired, True) if paired else (list(zip(ours, theirs, strict=False)), False)


def _common_scale(
    paired: Sequence[tuple[RunInfo, RunInfo]], kept: Sequence[tuple[Predictions, Predictions]]
) -> ScoreScale:
    """The headline score where all have the same; else the accuracy, which can be measured on any answers."""
    scales = {run.scale for pair in paired for run in pair}
    if len(scales) == 1:
        return scales.pop()
    if kept:
        return ACCURACY_SCALE
    names = sorted({scale.name for scale in scales})
    raise NotComparable(
        "They are measured by different scores.",
        "One counts {first}, the other {second}, and not all of them kept the answers both could be measured by.",
        "Train the one without answers again.",
        first=names[0],
        second=names[-1],
    )


def _scores(
    paired: Sequence[tuple[RunInfo, RunInfo]], kept: Sequence[tuple[Predictions, Predictions]], scale: ScoreScale
) -> list[tuple[float, float]]:
    if all(run.scale == scale for pair in paired for run in pair):
        return [(one.score or 0.0, other.score or 0.0) for one, other in paired]
    return [(_measured(one, scale), _measured(other, scale)) for one, other in kept]


def _measured(told: Predictions, scale: ScoreScale) -> float:
    found = contributions(scale.name, told.student, told)
    assert found is not None  # the accuracy can be measured on any answers
    return float(found.mean())


def _over_pictures(kept: Sequence[tuple[Predictions, Predictions]], scale: ScoreScale) -> Difference | None:
    found = [[contributions(scale.name, told.student, told) for told in pair] for pair in kept]
    sides = [[one for one in side if one is not None] for side in zip(*found, strict=True)]
    if not sides or any(len(side) < len(kept) for side in sides):
        return None
    shapes = {one.shape for side in sides for one in side}
    if len(shapes) > 1:
        return None
    first, second = (side[0] if len(kept) == 1 else np.stack(side).mean(0, dtype=np.float64) for side in sides)
    return paired_difference(first, second) if scale.better == "higher" else paired_difference(second, first)


def _settings(one: RunInfo, other: RunInfo) -> SettingDifferences | None:
    try:
        return setting_differences(one.experiment, other.experiment)
    except StudioError:
        return None


def _shared(paired: Sequence[tuple[RunInfo, RunInfo]], reference: str, scale: ScoreScale) -> Reference | None:
    """A reference that both runs of every pair have, to the same value as it is written; of several seeds their mean."""
    if any(run.scale != scale for pair in paired for run in pair):
        return None
    known: list[Reference] = []
    for pair in paired:
        first, second = (getattr(run, reference) for run in pair)
        if first is None or second is None or scale.words(first.value) != scale.words(second.value):
            return None
        known.append(first)
    if len({one.value for one in known}) == 1:
        return known[0]
    return Reference(statistics.fmean(one.value for one in known))


def _negated(difference: Difference | None) -> Difference | None:
    return Difference(-difference.value, -difference.high, -difference.low) if difference is not None else None
