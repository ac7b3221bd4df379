"""What the seeds of one experiment reach together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from studio.core.message import Text
from studio.events import State
from studio.runs.files.history import Reference
from studio.runs.results.seed_group import SeedGroup
from studio.runs.results.verdict import ResultVerdict
from studio.runs.run_info import RunInfo
from studio.runs.statistics.gap import Gap


def seed(number: int, reached: float, share: float | None = 0.5, state: State = "finished", name: str = "") -> RunInfo:
    return RunInfo(
        name or f"seed-{number}",
        Path("nowhere"),
        seed=number,
        state=state,
        reached=Reference(reached),
        teacher_reference=Reference(0.98),
        alone_reference=Reference(0.9),
        gap=None if share is None else Gap(share, share - 0.1, share + 0.1),
        gap_words=Text("There is no gap to close.") if share is None else Text(""),
    )


def group(shares: Sequence[float | None]) -> SeedGroup:
    runs = [seed(number, 0.9 + 0.01 * number, share) for number, share in enumerate(shares)]
    made = SeedGroup.of(runs)
    assert made is not None
    return made


def test_seeds_are_told_by_mean_and_spread() -> None:
    made = group([0.5, 0.6, 0.7])
    assert made.n == 3
    assert made.student.words == "91.0 ± 1.0\u00a0%"
    assert str(made.sentence) == (
        "Over 3 seeds the student reached 91.0 ± 1.0\u00a0%: 60\u00a0% of the gap to its teacher is closed "
        "(95 % interval: 35 to 85\u00a0%)."
    )
    assert made.verdict == ResultVerdict.HELPED


@pytest.mark.parametrize(
    ("shares", "verdict", "said"),
    [
        ([-0.4, 0.1, 0.6], ResultVerdict.MAY_BE_CHANCE, "which may be chance"),
        ([-0.6, -0.1, 0.4], ResultVerdict.NO_HELP, "this teaching did not help"),
        ([-0.5, -0.55, -0.6], ResultVerdict.HARM, "this teaching did harm"),
        ([0.5, 0.52], ResultVerdict.MAY_BE_CHANCE, "Two seeds are too few to say whether that is chance"),
        ([-0.5, -0.52], ResultVerdict.NO_HELP, "this teaching did not help"),
        ([0.5, None, 0.6], ResultVerdict.NO_GAP, "There is no gap to close."),
    ],
)
def test_what_the_spread_over_the_seeds_allows_to_say(
    shares: Sequence[float | None], verdict: ResultVerdict, said: str
) -> None:
    made = group(shares)
    assert made.verdict == verdict
    assert said in str(made.sentence)


def test_one_seed_is_no_group_and_neither_are_two_runs_of_one_seed() -> None:
    assert SeedGroup.of([seed(0, 0.9)]) is None
    assert SeedGroup.of([seed(0, 0.9, name="new"), seed(0, 0.8, name="old")]) is None


def test_what_has_not_come_to_its_end_does_not_count() -> None:
    made = SeedGroup.of([seed(0, 0.9), seed(1, 0.92), seed(2, 0.1, state="stopped"), seed(1, 0.5, name="older")])
    assert made is not None
    assert [run.id for run in made.runs] == ["seed-0", "seed-1"]
    assert made.student.words == "91.0 ± 1.4\u00a0%"


def test_a_teacher_of_all_seeds_has_no_spread() -> None:
    own = [replace(seed(n, 0.9), teacher_reference=Reference(0.97 + 0.01 * n)) for n in range(2)]
    made = SeedGroup.of(own)
    assert made is not None
    assert made.teacher is not None
    assert made.teacher.deviation is not None
    shared = SeedGroup.of([replace(run, references={"teacher": "t"}, teacher_reference=Reference(0.98)) for run in own])
    assert shared is not None
    assert shared.teacher is not None
    assert (shared.teacher.value, shared.teacher.deviation) == (0.98, None)


class TestSplits:
    def of(self, reached: Sequence[float], alone: Sequence[float]) -> SeedGroup:
        pairs = enumerate(zip(reached, alone, strict=True))
        runs = [replace(seed(n, one, None), splits=3, alone_reference=Reference(other)) for n, (one, other) in pairs]
        made = SeedGroup.of(runs)
        assert made is not None
        return made

    def test_they_are_told_with_the_standard_error_of_the_pairs(self) -> None:
        made = self.of([0.90, 0.80, 0.95], [0.88, 0.77, 0.94])
        assert str(made.sentence) == (
            "Over 3 splits of the data the student reached 88.3 ± 7.6\u00a0%, 2.0 ± 0.6 points better than alone "
            "(mean of the pairs ± standard error)."
        )
        assert made.verdict == ResultVerdict.MAY_BE_CHANCE

    def test_a_difference_that_all_share_is_sure_though_the_splits_differ(self) -> None:
        assert self.of([0.90, 0.80, 0.951], [0.88, 0.78, 0.93]).verdict == ResultVerdict.HELPED
        worse = self.of([0.88, 0.78, 0.93], [0.90, 0.80, 0.951])
        assert worse.verdict == ResultVerdict.HARM
        assert "2.0 ± 0.0 points worse than alone" in str(worse.sentence)

    def test_without_the_student_alone_they_are_told_by_mean_and_spread(self) -> None:
        runs = [replace(seed(number, 0.9, None), splits=3, alone_reference=None) for number in range(3)]
        made = SeedGroup.of(runs)
        assert made is not None
        assert str(made.sentence) == "Over 3 splits of the data the student reached 90.0 ± 0.0\u00a0%."
