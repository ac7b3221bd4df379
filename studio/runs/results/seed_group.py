"""What the runs of one experiment reach together: mean and spread over its seeds, and what that is worth."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from studio.core.format import percent
from studio.core.message import NOTHING, Text, text
from studio.core.score_scale import ACCURACY_SCALE, ScoreScale
from studio.runs.references import ENDED_WELL
from studio.runs.results.paired_gain import PairedGain
from studio.runs.results.verdict import ResultVerdict, verdict_of, verdict_of_gap
from studio.runs.run_info import RunInfo
from studio.runs.statistics.difference import LEAST_PAIRS, mean_difference
from studio.runs.statistics.gap import Gap


@dataclass(frozen=True)
class SeedMean:
    """The mean of a score over seeds with its sample standard deviation, None of a single value."""

    value: float
    deviation: float | None = None
    scale: ScoreScale = ACCURACY_SCALE

    @classmethod
    def of(cls, values: Sequence[float], scale: ScoreScale = ACCURACY_SCALE) -> SeedMean | None:
        """None of no values."""
        if not values:
            return None
        return cls(statistics.fmean(values), statistics.stdev(values) if len(values) > 1 else None, scale)

    @property
    def words(self) -> str:
        """``95.2 ± 0.3 %``."""
        return self.scale.words(self.value, self.deviation)


@dataclass(frozen=True)
class SeedGroup:
    """The runs of one experiment that came to their end, one a seed.

    Attributes:
        runs: the newest of each seed, by seed.
        student, alone, teacher: means over the seeds; None where one of the seeds lacks it.
        gap: the mean share of the gap with its 95 % interval over the seeds by Student's t distribution; of two seeds the
            interval has no ends that say anything. None where one of the seeds has none.
        verdict: what the teaching was worth; of fewer than three seeds nothing is sure.
        of_splits: of runs on several splits of the data, each of which has a test part of its own, how much better the student
            is than alone on the same one; None of other runs, and where one was not trained alone.
    """

    runs: tuple[RunInfo, ...]
    student: SeedMean
    alone: SeedMean | None
    teacher: SeedMean | None
    gap: Gap | None
    verdict: ResultVerdict
    of_splits: PairedGain | None = None

    @classmethod
    def of(cls, runs: Iterable[RunInfo]) -> SeedGroup | None:
        """The group of these runs of one experiment; None where fewer than two seeds have come to their end.

        Args:
            runs: the newest first; of one seed the first counts.
        """
        by_seed: dict[int, RunInfo] = {}
        for run in runs:
            if run.state in ENDED_WELL and run.reached is not None and not run.problem:
                by_seed.setdefault(run.seed, run)
        ended = tuple(by_seed[seed] for seed in sorted(by_seed))
        if len(ended) < 2 or len({run.scale for run in ended}) > 1:
            return None
        scale = ended[0].scale
        reached = SeedMean.of([run.reached.value for run in ended if run.reached is not None], scale)
        assert reached is not None
        alone = [run.alone_reference.value for run in ended if run.alone_reference is not None]
        teacher = [run.teacher_reference.value for run in ended if run.teacher_reference is not None]
        shares = [run.gap.value for run in ended if run.gap is not None]
        gap = _gap(shares) if len(shares) == len(ended) else None
        gain = PairedGain.of(ended, scale) if _are_splits(ended) else None
        return cls(
            ended,
            reached,
            SeedMean.of(alone, scale) if len(alone) == len(ended) else None,
            SeedMean.of(_of_one_or_all(ended, teacher), scale) if len(teacher) == len(ended) else None,
            gap,
            verdict_of_gap(gain.interval) if gain is not None and gain.interval is not None else _verdict(ended, gap),
            gain,
        )

    @property
    def n(self) -> int:
        """How many seeds there are."""
        return len(self.runs)

    @property
    def sentence(self) -> Text:
        """What the seeds, or the splits of the data, reached together."""
        if _are_splits(self.runs):
            return self._sentence_of_splits
        told = {"n": self.n, "student": self.student.scale.labelled(self.student.words)}
        if self.gap is None or self.alone is None:
            reached = text("Over {n} seeds the student reached {student}.", **told)
            why = _why_no_share(self.runs)
            return text("{reached} {why}", reached=reached, why=why) if why else reached
        told |= {
            "alone": self.alone.words,
            "share": percent(self.gap.value, 0),
            "interval": self.gap.interval_words,
        }
        few = self.n < LEAST_PAIRS and self.verdict == ResultVerdict.MAY_BE_CHANCE
        return text(_TEMPLATES[None if few else self.verdict], **told)

    @property
    def _sentence_of_splits(self) -> Text:
        """Of splits no share of the gap is told: their test parts are small, and some have no gap at all."""
        told = {"n": self.n, "student": self.student.scale.labelled(self.student.words)}
        if self.of_splits is None:
            return text("Over {n} splits of the data the student reached {student}.", **told)
        return text(
            "Over {n} splits of the data the student reached {student}, {gain} (mean of the pairs ± standard error).",
            gain=self.of_splits.words,
            **told,
        )


_TEMPLATES: dict[ResultVerdict | None, str] = {
    None: "Over {n} seeds the student reached {student}: {share} of the gap to its teacher is closed. Two seeds are too "
    "few to say whether that is chance.",
    ResultVerdict.HELPED: "Over {n} seeds the student reached {student}: {share} of the gap to its teacher is closed "
    "({interval}).",
    ResultVerdict.MAY_BE_CHANCE: "Over {n} seeds the student reached {student}: {share} of the gap to its teacher is closed "
    "({interval}), which may be chance.",
    ResultVerdict.NO_HELP: "Over {n} seeds the student reached {student}, no better than alone ({alone}): this teaching did not "
    "help.",
    ResultVerdict.HARM: "Over {n} seeds the student reached {student}, worse than alone ({alone}): this teaching did harm.",
}


def _are_splits(runs: Sequence[RunInfo]) -> bool:
    """Whether each has a split of the data of its own."""
    return all(run.splits > 1 for run in runs)


def _gap(shares: Sequence[float]) -> Gap:
    sure = mean_difference(shares)  # of shares less zero: whether any of the gap is closed
    if sure is None:
        return Gap(statistics.fmean(shares), float("-inf"), float("inf"))
    return Gap(sure.value, sure.low, sure.high)


def _of_one_or_all(ended: Sequence[RunInfo], teacher: Sequence[float]) -> Sequence[float]:
    """The accuracies of the teachers; of one that taught all seeds its single value, which has no spread."""
    shared = {run.references.get("teacher", run.id) for run in ended}
    return teacher[:1] if len(shared) == 1 else teacher


def _verdict(ended: Sequence[RunInfo], gap: Gap | None) -> ResultVerdict:
    if gap is not None:
        return verdict_of_gap(gap)
    verdicts = {verdict_of(run) for run in ended}
    return ResultVerdict.NO_GAP if ResultVerdict.NO_GAP in verdicts else ResultVerdict.NOT_COMPARED


def _why_no_share(ended: Sequence[RunInfo]) -> Text:
    """The reason of the first seed that has no share of the gap."""
    return next((run.gap_words for run in ended if run.gap is None and run.gap_words), NOTHING)
