"""Two runs, or two groups of runs, beside each other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio.runs.comparison.comparability import NotComparable
from studio.runs.comparison.comparison_json import comparison_json
from studio.runs.comparison.comparison_report import comparison_page
from studio.runs.comparison.comparison_text import (
    causes_words,
    interval_words,
    learnt_words,
    measured_words,
    remarks,
    sentence,
    who_words,
)
from studio.runs.comparison.learnt_difference import whole
from studio.runs.comparison.report_sections import write_report_beside
from studio.runs.comparison.run_comparison import RunComparison, compare_runs
from studio.runs.files.history import Reference
from studio.runs.run_info import RunInfo
from tests.runs.comparison.made_up_answers import answered

N = 400
RNG = np.random.default_rng(3)
LABELS = RNG.integers(0, 3, N)


def with_mistakes(share: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    wrong = rng.random(N) < share
    return np.where(wrong, (LABELS + rng.integers(1, 3, N)) % 3, LABELS)


def group(folder: Path, name: str, share: float, seeds: tuple[int, ...], **facts: Any) -> list[RunInfo]:
    return [
        answered(
            folder, name, LABELS.tolist(), with_mistakes(share, 10 * seed + len(name)).tolist(), seed=seed, **facts
        )
        for seed in seeds
    ]


def of_groups(folder: Path, seeds: tuple[int, ...] = (0, 1, 2, 3, 4)) -> RunComparison:
    return compare_runs(group(folder, "attention", 0.15, seeds), group(folder, "soft", 0.25, seeds))


def test_the_interval_over_pictures_is_that_of_a_bootstrap_of_its_own(tmp_path: Path) -> None:
    seeds = (0, 1, 2, 3, 4)
    told = of_groups(tmp_path, seeds)
    rights = [np.stack([with_mistakes(s, 10 * n + k) == LABELS for n in seeds]) for s, k in ((0.15, 9), (0.25, 4))]
    ahead = rights[0].mean(0) - rights[1].mean(0)
    rng = np.random.default_rng(99)
    means = [ahead[rng.integers(0, N, N)].mean() for _ in range(4000)]
    found = told.over_pictures
    assert found is not None
    assert found.value == pytest.approx(ahead.mean())
    assert (found.low, found.high) == pytest.approx(np.percentile(means, [2.5, 97.5]).tolist(), abs=0.004)


def test_of_two_single_runs_pictures_are_drawn_too(tmp_path: Path) -> None:
    told = of_groups(tmp_path, (0,))
    ahead = (with_mistakes(0.15, 9) == LABELS).astype(float) - (with_mistakes(0.25, 4) == LABELS)
    rng = np.random.default_rng(7)
    means = [ahead[rng.integers(0, N, N)].mean() for _ in range(4000)]
    assert told.over_pictures is not None
    ends = (told.over_pictures.low, told.over_pictures.high)
    assert ends == pytest.approx(np.percentile(means, [2.5, 97.5]).tolist(), abs=0.006)
    assert told.over_seeds is None
    assert told.over_pictures.is_sure
    assert str(interval_words(told)).endswith(
        " over the test pictures: surely better with this seed; it takes 3 seeds to say whether others agree"
    )


def test_of_one_seed_what_may_be_chance_is_not_called_better(tmp_path: Path) -> None:
    told = compare_runs(group(tmp_path, "attention", 0.2, (0,)), group(tmp_path, "soft", 0.2, (1,)))
    assert told.over_pictures is not None
    assert not told.over_pictures.is_sure
    words = str(interval_words(told))
    assert words.endswith(" over the test pictures includes 0 with this seed; it takes 3 seeds to say what others do")
    assert "better" not in words


def test_a_seed_trained_once_more_is_no_further_evidence(tmp_path: Path) -> None:
    attention = group(tmp_path, "attention", 0.15, (0,))
    again = group(tmp_path / "again", "attention", 0.15, (0,))
    told = compare_runs([*attention, *again], group(tmp_path, "soft", 0.25, (0,)))
    assert (told.pairs, told.repeats) == (1, 1)
    assert str(remarks(told)[0]).startswith("One run repeats a seed with the same settings")


def test_over_seeds_the_pairs_have_the_interval_of_student(tmp_path: Path) -> None:
    told = of_groups(tmp_path, (0, 1, 2))
    gains = np.array(told.gains)
    half = 4.303 * gains.std(ddof=1) / np.sqrt(3)
    assert told.over_seeds is not None
    assert (told.over_seeds.low, told.over_seeds.high) == pytest.approx((gains.mean() - half, gains.mean() + half))
    low, high = (f"{100 * end:.1f}".replace("-", "−") for end in (told.over_seeds.low, told.over_seeds.high))
    assert str(interval_words(told)) == f"95 % interval: {low} to {high}, 3 seeds"


def test_two_seeds_are_too_few(tmp_path: Path) -> None:
    told = of_groups(tmp_path, (0, 1))
    assert told.over_seeds is None
    assert "surely better with these 2 seeds; it takes 3 seeds" in str(interval_words(told))


def test_what_they_learnt_adds_up_to_the_difference(tmp_path: Path) -> None:
    learnt = of_groups(tmp_path).learnt
    assert learnt is not None
    both, first, second, neither = learnt.counts
    assert both + first + second + neither == N
    rights = [[with_mistakes(s, 10 * n + k) == LABELS for n in range(5)] for s, k in ((0.15, 9), (0.25, 4))]
    by_hand = np.mean([(one & ~other).sum() for one, other in zip(*rights, strict=True)])
    assert learnt.first_only == pytest.approx(by_hand)
    assert first - second == learnt.gained
    assert learnt.gain_by_class.sum() == learnt.gained
    assert learnt.class_sizes.tolist() == np.bincount(LABELS).tolist()
    assert abs(learnt.gained / N - (learnt.first_right.mean() - learnt.second_right.mean())) < 2 / N


def test_a_picture_only_one_gets_says_what_the_other_answered(tmp_path: Path) -> None:
    labels = [0, 1, 2, 2, 1]
    first = answered(tmp_path, "a", labels, [0, 1, 2, 0, 1])
    second = answered(tmp_path, "b", labels, [0, 2, 2, 2, 0])
    learnt = compare_runs([first], [second]).learnt
    assert learnt is not None
    assert learnt.counts == (2, 2, 1, 0)
    assert sorted(learnt.first_cases.tolist()) == [1, 4]
    assert learnt.second_answers[learnt.first_cases].tolist() == [{1: 2, 4: 0}[row] for row in learnt.first_cases]
    assert learnt.second_cases.tolist() == [3]
    assert learnt.first_answers[3] == 0
    assert learnt.gain_by_class.tolist() == [0, 2, -1]


def test_whole_numbers_keep_their_sum() -> None:
    assert whole(np.array([-0.4, 1.4, 2.0]), 3).tolist() == [0, 1, 2]
    assert whole(np.array([2.6, -2.6, 0.0]), 0).sum() == 0


def test_the_other_way_round_is_the_same_with_another_sign(tmp_path: Path) -> None:
    ours, theirs = group(tmp_path, "attention", 0.15, (0, 1, 2)), group(tmp_path, "soft", 0.25, (0, 1, 2))
    there, back = compare_runs(ours, theirs), compare_runs(theirs, ours)
    assert back.gain == pytest.approx(-there.gain)
    assert back.better_first.gain == pytest.approx(there.gain)
    assert str(sentence(back.better_first)) == str(sentence(there))
    assert back.better_first.learnt is not None
    assert there.learnt is not None
    assert back.better_first.learnt.first_cases.tolist() == there.learnt.first_cases.tolist()
    assert back.over_seeds is not None
    assert there.over_seeds is not None
    assert (back.over_seeds.low, back.over_seeds.high) == pytest.approx((-there.over_seeds.high, -there.over_seeds.low))


def test_a_seed_without_partner_is_left_out_and_named(tmp_path: Path) -> None:
    told = compare_runs(group(tmp_path, "attention", 0.15, (0, 1)), group(tmp_path, "soft", 0.25, (0, 1, 7)))
    assert told.pairs == 2
    assert [str(remark) for remark in remarks(told)] == ["The run of seed 7 has no partner and is left out."]


def test_without_a_common_seed_they_pair_in_order_and_it_is_said(tmp_path: Path) -> None:
    told = compare_runs(group(tmp_path, "attention", 0.15, (0, 1)), group(tmp_path, "soft", 0.25, (5, 6)))
    assert told.pairs == 2
    assert not told.by_seed
    assert "no seed in common" in str(remarks(told)[0])


def test_seeds_that_each_have_a_student_alone_of_their_own_are_measured_against_the_mean_of_these(
    tmp_path: Path,
) -> None:
    alone = (0.5, 0.6, 0.7)
    ours, theirs = (
        [replace(run, alone_reference=Reference(alone[run.seed])) for run in group(tmp_path, name, share, (0, 1, 2))]
        for name, share in (("attention", 0.15), ("soft", 0.25))
    )
    told = compare_runs(ours, theirs).alone
    assert told is not None
    assert told.value == pytest.approx(0.6)
    others = [replace(run, alone_reference=Reference(0.9)) for run in theirs]
    assert compare_runs(ours, others).alone is None, "another one for each side"


def test_splits_are_compared_pair_by_pair_each_on_its_own_test_part(tmp_path: Path) -> None:
    def splits(name: str, share: float, seeds: tuple[int, ...]) -> list[RunInfo]:
        return [replace(run, tested_on=f"part {run.seed}") for run in group(tmp_path, name, share, seeds)]

    first, second = splits("attention", 0.15, (0, 1, 2)), splits("soft", 0.25, (0, 1, 2))
    told = compare_runs(first, second)
    assert (told.pairs, told.one_test, told.over_pictures, told.learnt) == (3, False, None, None)
    error = 100 * np.std(told.gains, ddof=1) / np.sqrt(3)
    assert f"paired standard error {error:.1f}\u00a0points, 3 splits" in str(interval_words(told))
    with pytest.raises(NotComparable, match="different parts"):
        compare_runs(first, splits("later", 0.25, (3, 4, 5)))


def test_curves_are_paired_where_all_were_tested(tmp_path: Path) -> None:
    ours = [
        answered(tmp_path, "a", [0, 1], [0, 1], seed=seed, curve=[0.1, 0.5 + 0.01 * seed, 0.8 + 0.01 * seed])
        for seed in range(3)
    ]
    theirs = [answered(tmp_path, "b", [0, 1], [0, 0], seed=seed, curve=[0.2, 0.5, 0.7, 0.9]) for seed in range(3)]
    curves = compare_runs(ours, theirs).curves
    assert curves is not None
    assert curves.epochs.tolist() == [1, 2, 3]
    assert curves.difference.tolist() == pytest.approx([-0.1, 0.01, 0.11])
    assert curves.low is not None
    assert curves.low[2] == pytest.approx(0.11 - 4.303 * 0.01 / np.sqrt(3))
    assert curves.sure_from == 3


def test_only_settings_that_differ_are_listed(tmp_path: Path) -> None:
    warm = {"method": {"key": "kd", "settings": {"temperature": 8.0}}}
    told = compare_runs(
        [answered(tmp_path, "a", [0, 1], [0, 1], method_title="Soft targets")],
        [answered(tmp_path, "b", [0, 1], [0, 0], method_title="Soft targets", values=warm)],
    )
    assert told.settings is not None
    assert [(line.label, line.first, line.second) for line in told.settings.lines] == [("Temperature", "4", "8")]
    assert (told.first.name, told.second.name) == ("Temperature 4", "Temperature 8")
    assert str(causes_words(told)).startswith("Only temperature differs.")


def test_several_settings_that_differ_are_warned_of(tmp_path: Path) -> None:
    other = {"method": {"key": "kd", "settings": {"temperature": 8.0}}, "training": {"epochs": 3}}
    told = compare_runs(
        [answered(tmp_path, "a", [0, 1], [0, 1])], [answered(tmp_path, "b", [0, 1], [0, 0], values=other)]
    )
    assert str(causes_words(told)).startswith(
        "2 things differ: temperature and epochs. The difference may be due to any of them."
    )


def test_alone_has_no_teacher_and_that_is_no_cause_of_its_own(tmp_path: Path) -> None:
    told = compare_runs(
        [answered(tmp_path, "a", [0, 1], [0, 1])],
        [answered(tmp_path, "b", [0, 1], [0, 0], values={"method": {"key": "none"}})],
    )
    assert told.settings is not None
    assert any(line.part == "Teacher" and line.second is None for line in told.settings.lines)
    assert all(line.part == "Method" for line in told.settings.causes)
    along = len(told.settings.lines) - len(told.settings.causes)
    assert f"{along} further rows come with that." in str(causes_words(told))


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"tested_on": "another", "dataset_title": "CIFAR-10"}, "They were tested on different data."),
        ({"tested_on": "another"}, "They were tested on different parts of the data."),
        ({"state": "running"}, "It is still running: wait until it has ended."),
        ({"state": "stopped"}, "It was stopped before its end: go on with it."),
        ({"reached": None}, "It reached no score that could be compared."),
    ],
)
def test_what_cannot_be_compared_says_why(tmp_path: Path, facts: dict[str, Any], words: str) -> None:
    one = answered(tmp_path, "a", [0, 1], [0, 1])
    other = answered(tmp_path, "b", [0, 1], [0, 0], **facts)
    with pytest.raises(NotComparable) as caught:
        compare_runs([one], [other])
    assert words in str(caught.value)


def test_another_test_share_is_named(tmp_path: Path) -> None:
    one = answered(tmp_path, "a", [0, 1], [0, 1])
    other = answered(
        tmp_path, "b", [0, 1], [0, 0], tested_on="another", values={"dataset": {"key": "digits", "test": 0.3}}
    )
    with pytest.raises(NotComparable, match=r"Test share is 0.2 in one and 0.3 in the other"):
        compare_runs([one], [other])


def test_a_run_is_not_compared_with_itself(tmp_path: Path) -> None:
    one = answered(tmp_path, "a", [0, 1], [0, 1])
    with pytest.raises(NotComparable, match="one run twice"):
        compare_runs([one], [one])


def test_other_examples_under_the_same_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotComparable, match="tested on other examples"):
        compare_runs([answered(tmp_path, "a", [0, 1], [0, 1])], [answered(tmp_path, "b", [1, 1], [0, 0])])


def test_without_answers_the_scores_are_compared(tmp_path: Path) -> None:
    one, other = answered(tmp_path, "a", [0, 1], [0, 1]), answered(tmp_path, "b", [0, 1], [0, 0])
    other.places.predictions.unlink()
    told = compare_runs([one], [other])
    assert told.gain == pytest.approx(0.5)
    assert told.learnt is None
    assert told.interval is None
    assert str(learnt_words(told)).startswith("Not all of them kept their answers")
    assert str(measured_words(told)) == "Test accuracy, 1 seed"


def test_of_an_error_the_lower_is_better(tmp_path: Path) -> None:
    lower: dict[str, Any] = {"headline": "error", "better": "lower"}
    one = answered(tmp_path, "a", [0, 1, 2, 0], [0, 1, 2, 0], reached=Reference(0.0), **lower)
    other = answered(tmp_path, "b", [0, 1, 2, 0], [0, 1, 2, 1], reached=Reference(0.25), **lower)
    told = compare_runs([other], [one])
    assert told.gain == pytest.approx(-0.25)
    assert told.over_pictures is not None
    assert told.over_pictures.value == pytest.approx(-0.25)
    assert told.better_first.first.name == "a"


def test_different_scores_are_compared_by_the_accuracy(tmp_path: Path) -> None:
    one = answered(tmp_path, "a", [0, 1], [0, 1], headline="error", better="lower", reached=Reference(0.0))
    other = answered(tmp_path, "b", [0, 1], [0, 0])
    told = compare_runs([one], [other])
    assert told.scale.name == "accuracy"
    assert told.gain == pytest.approx(0.5)
    assert any("compared by their accuracy" in str(remark) for remark in remarks(told))


def test_an_interval_that_includes_zero_may_be_chance(tmp_path: Path) -> None:
    one = answered(tmp_path, "a", [0, 1] * 10, [0, 1] * 10)
    other = answered(tmp_path, "b", [0, 1] * 10, [0, 1] * 9 + [0, 0])
    assert "may be chance" in str(who_words(compare_runs([one], [other])))


def test_its_page_needs_nothing_else_and_escapes_names(tmp_path: Path) -> None:
    one = answered(tmp_path, "a", [0, 1], [0, 1], method_title="<b>bold</b>")
    page = comparison_page(compare_runs([one], [answered(tmp_path, "b", [0, 1], [0, 0])]))
    assert "<b>bold" not in page
    assert "&lt;b&gt;bold" in page
    assert "<svg" in page
    assert "50.0 points" in page.replace("\N{NO-BREAK SPACE}", " ")


def test_a_report_says_of_each_other_run_how_it_compares_or_why_not(tmp_path: Path) -> None:
    one = answered(tmp_path, "a", [0, 1], [0, 1])
    others = [answered(tmp_path, "b", [0, 1], [0, 0]), answered(tmp_path, "c", [0], [0], tested_on="something else")]
    write_report_beside(tmp_path / "report.html", one, others, [one, *others])
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("<h1>") == 1
    assert "<h2>a and b compared</h2>" in page
    assert "<h2>Compared with c</h2>" in page
    assert "tested on" in page


def test_its_values_are_plain(tmp_path: Path) -> None:
    import json

    told = comparison_json(of_groups(tmp_path, (0, 1, 2)))
    assert json.loads(json.dumps(told)) == told
    assert told["first"]["seeds"] == [0, 1, 2]
    assert told["learnt"]["first_only"] - told["learnt"]["second_only"] == pytest.approx(N * told["gain"])
