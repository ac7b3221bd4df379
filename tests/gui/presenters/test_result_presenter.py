"""What is said when a run has ended, and what is offered next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio.core.message import Text
from studio.experiment import to_toml, validated
from studio.gui.presenters.result_presenter import ResultInfo, more_seeds, result_info
from studio.gui.presenters.weight_remedy import weight_remedy
from studio.runs.files.history import Reference
from studio.runs.results.seed_group import SeedGroup
from studio.runs.results.summarise import NO_ALONE
from studio.runs.run_info import RunInfo
from studio.runs.statistics.gap import Gap

RUN = RunInfo(
    "run",
    Path("nowhere"),
    teacher="cnn-8",
    state="finished",
    sentence=Text("The student reached 93.0 %."),
    reached=Reference(0.93),
    teacher_reference=Reference(0.98),
    alone_reference=Reference(0.9),
    gap=Gap(0.4, 0.2, 0.6),
    references={"teacher": "t", "alone": "a"},
)


def keys(result: ResultInfo) -> list[str]:
    return [offer for offer, _ in result.offers]


def test_what_helped_is_good_and_asks_for_nothing() -> None:
    result = result_info(RUN)
    assert (result.tone, result.leads, str(result.why)) == ("good", False, "")
    assert keys(result) == ["alone", "method", "report"]


@pytest.mark.parametrize(
    ("changed", "tone", "first"),
    [
        ({"gap": Gap(0.4, -0.1, 0.6)}, "notice", "seeds"),
        ({"gap": Gap(-0.1, -0.4, 0.2)}, "notice", "seeds"),
        ({"reached": Reference(0.9), "gap": Gap(0.0, -0.2, 0.2)}, "notice", "seeds"),
        ({"gap": Gap(-0.5, -0.8, -0.2)}, "warning", "method"),
        ({"gap": None, "gap_words": Text("There is no gap to close.")}, "notice", "teacher"),
    ],
)
def test_whatever_did_not_surely_help_is_not_green_and_has_its_why_and_a_remedy(
    changed: dict[str, object], tone: str, first: str
) -> None:
    result = result_info(replace(RUN, **changed))  # type: ignore[arg-type]  # fields of several types
    assert (result.tone, keys(result)[0], result.leads) == (tone, first, True)
    assert result.why


def test_of_one_seed_the_luck_of_the_test_and_that_of_the_start_have_each_their_remedy() -> None:
    why = str(result_info(replace(RUN, gap=Gap(0.4, -0.1, 0.6))).why)
    of_test, of_start = why.split(". ")
    assert "test examples: more of them" in of_test
    assert "seeds" not in of_test
    assert "start" in of_start
    assert "more seeds" in of_start


def test_without_a_student_alone_one_is_offered() -> None:
    result = result_info(replace(RUN, gap=None, gap_words=NO_ALONE, alone_reference=None, references={"teacher": "t"}))
    assert (result.tone, keys(result)) == ("notice", ["alone", "method", "report"])
    assert str(dict(result.offers)["alone"]) == "Train the student alone too"


def test_where_the_student_alone_is_there_the_two_are_compared() -> None:
    result = result_info(RUN, alone_is_there=True)
    assert keys(result) == ["compare", "method", "report"]


def test_one_that_was_stopped_can_go_on() -> None:
    result = result_info(replace(RUN, state="stopped"), go_on=Text("Go on with it"))
    assert (result.tone, keys(result), result.leads) == ("notice", ["go_on"], True)


def test_between_seeds_nothing_is_concluded() -> None:
    first = result_info(RUN, None, waiting=2)
    assert str(first.sentence) == "Seed 0 is done, 2 more to come."
    two = SeedGroup.of([RUN, replace(RUN, seed=1)])
    second = result_info(RUN, two, waiting=1)
    assert str(second.sentence) == "2 of 3 seeds are done: 93.0 ± 0.0\u00a0% so far."
    assert {first.tone, second.tone} == {"notice"}
    assert first.offers == second.offers == ()


def test_the_seeds_close_together_and_more_are_offered_where_they_leave_it_open() -> None:
    shares = (0.6, -0.4, 0.1)
    runs = [replace(RUN, seed=n, gap=Gap(share, 0.01, 0.9)) for n, share in enumerate(shares)]
    group = SeedGroup.of(runs)
    result = result_info(runs[0], group)
    assert str(result.sentence).startswith("Over 3 seeds the student reached 93.0 ± 0.0\u00a0%: 10\u00a0%")
    assert (result.tone, str(result.offers[0][1])) == ("notice", "Train 5 seeds")
    assert more_seeds(group, runs[0]) == [3, 4]
    assert more_seeds(None, replace(RUN, seed=1)) == [0, 2]


def harmed(place: Path, gap: float, **method: object) -> RunInfo:
    """A run of attention transfer, or of what ``method`` says, that came out below the student alone."""
    tables = {"dataset": {"key": "digits"}, "teacher": {"key": "cnn-32"}, "student": {"key": "cnn-8"}}
    experiment = validated({**tables, "method": {"key": "at", **method}})
    (place / "experiment.toml").write_text(to_toml(experiment))
    return replace(RUN, folder=place, gap=Gap(gap, gap - 0.2, gap + 0.2))


@pytest.mark.parametrize(
    ("gap", "method", "offer", "settings"),
    [
        (-6.0, {}, "Set its weight to 20", {"weight": 20}),
        (-0.5, {"settings": {"weight": 60}}, "Set its weight to 20", {"weight": 20}),
        (-0.5, {"settings": {"weight": 10}}, "Halve its weight", {"weight": 5}),
        (-6.0, {"key": "sp"}, "Divide its weight by 10", {"weight": 300}),
        (-0.5, {"key": "rkd"}, "Halve its weights", {"distance_weight": 12.5, "angle_weight": 25}),
    ],
)
def test_after_harm_the_weight_is_set_to_what_suits_or_lowered_by_as_much_as_was_lost(
    tmp_path: Path, gap: float, method: dict[str, object], offer: str, settings: dict[str, float]
) -> None:
    run = harmed(tmp_path, gap, **method)
    result = result_info(run)
    assert (keys(result)[0], str(result.offers[0][1])) == ("weight", offer)
    assert result.why
    remedy = weight_remedy(run, run.gap)
    assert remedy is not None
    assert remedy.applied(run.experiment).method.settings == settings
