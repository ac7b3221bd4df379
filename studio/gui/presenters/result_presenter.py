"""What is said when a run, or the last of its seeds, has ended: the sentence, what that is worth, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from studio.core.message import NOTHING, Text, text
from studio.gui.presenters.weight_remedy import WeightRemedy, weight_remedy
from studio.runs.results.seed_group import SeedGroup
from studio.runs.results.summarise import NO_ALONE
from studio.runs.results.verdict import ResultVerdict, verdict_of
from studio.runs.run_info import RunInfo
from studio.runs.statistics.gap import Gap

Tone = Literal["good", "notice", "warning"]
#: What the buttons of a result ask for.
Offer = Literal["go_on", "seeds", "weight", "compare", "alone", "method", "teacher", "report"]
#: So many seeds are proposed, one step after the other: three have an interval, more a narrower one.
SEEDS = (3, 5, 10)


@dataclass(frozen=True)
class ResultInfo:
    """One result.

    Attributes:
        sentence: what was reached.
        why: what stands behind it where it is not simply well.
        tone: "good" alone for what helped and is not chance.
        offers: key and words of the buttons, in order; the first is the next sensible thing where ``leads`` says so.
        leads: whether the first of them is to be pressed before all others.
    """

    sentence: Text
    why: Text = NOTHING
    tone: Tone = "notice"
    offers: tuple[tuple[Offer, Text], ...] = ()
    leads: bool = False


def result_info(
    info: RunInfo,
    group: SeedGroup | None = None,
    waiting: int = 0,
    go_on: Text = NOTHING,
    alone_is_there: bool = False,
) -> ResultInfo:
    """Say what a run, or all seeds of its experiment, reached.

    Args:
        info: the run that has ended.
        group: what its seeds reached together, where several have come to their end.
        waiting: how many of its seeds are still to be trained: then nothing is concluded yet.
        go_on: words of a button that goes on with it; empty where there is nothing left to do.
        alone_is_there: whether the run of the student alone can be shown.
    """
    if waiting:
        return _between_seeds(info, group, waiting)
    verdict = group.verdict if group is not None else verdict_of(info)
    gap = group.gap if group is not None else info.gap
    n = group.n if group is not None else 1
    sentence = group.sentence if group is not None else info.sentence
    lower = weight_remedy(info, gap) if verdict == ResultVerdict.HARM and not info.is_chain else None
    remedies = _remedies(info, verdict, n, go_on, lower)
    offers = [*remedies, *(offer for offer in _usual(info, verdict, alone_is_there) if offer[0] not in dict(remedies))]
    tone: Tone = "good" if verdict == ResultVerdict.HELPED else "warning" if verdict == ResultVerdict.HARM else "notice"
    why = lower.why if lower is not None else _why(verdict, gap, n, splits=info.splits > 1)
    return ResultInfo(sentence, why, tone, tuple(offers), leads=bool(remedies))


def more_seeds(group: SeedGroup | None, info: RunInfo) -> list[int]:
    """The seeds that are still to be trained for as many as are proposed."""
    known = [run.seed for run in group.runs] if group is not None else [info.seed]
    wanted = next_seeds(len(known)) - len(known)
    return [seed for seed in range(wanted + len(known)) if seed not in known][: max(0, wanted)]


def next_seeds(n: int) -> int:
    """How many seeds in all are proposed where there are ``n``; 0 where more would say little."""
    return next((seeds for seeds in SEEDS if seeds > n), 0)


def _between_seeds(info: RunInfo, group: SeedGroup | None, waiting: int) -> ResultInfo:
    done = group.n if group is not None else 1
    reached = group.student.words if group is not None else None
    if reached is None:
        template = (
            "Split {seed} is done, {n} more to come." if info.splits > 1 else "Seed {seed} is done, {n} more to come."
        )
        return ResultInfo(text(template, seed=info.seed, n=waiting))
    if info.splits > 1:
        words = "{done} of {all} splits of the data are done: {reached} so far."
        return ResultInfo(text(words, done=done, all=done + waiting, reached=reached))
    return ResultInfo(
        text("{done} of {all} seeds are done: {reached} so far.", done=done, all=done + waiting, reached=reached)
    )


def _remedies(
    info: RunInfo, verdict: ResultVerdict, n: int, go_on: Text, lower: WeightRemedy | None
) -> list[tuple[Offer, Text]]:
    """What the result itself asks for."""
    if verdict == ResultVerdict.UNFINISHED:
        return [("go_on", go_on)] if go_on else []
    if info.is_chain:
        return []
    more = next_seeds(n) if info.splits == 1 else 0  # how many splits there are was said
    seeds: list[tuple[Offer, Text]] = [("seeds", text("Train {n} seeds", n=more))] if more else []
    if verdict == ResultVerdict.MAY_BE_CHANCE:
        return seeds or [("method", Text("Try another method"))]
    if verdict == ResultVerdict.NO_HELP:
        return seeds if n < SEEDS[0] else [("method", Text("Try another method"))]
    if verdict == ResultVerdict.HARM:
        return [("weight", lower.words)] if lower is not None else [_METHOD]
    if verdict == ResultVerdict.NO_GAP:
        return [("teacher", Text("Choose another teacher"))]
    if verdict == ResultVerdict.NOT_COMPARED and info.gap_words == NO_ALONE:
        return [("alone", Text("Train the student alone too"))]
    return []


_METHOD: tuple[Offer, Text] = ("method", Text("Try another method"))


def _usual(info: RunInfo, verdict: ResultVerdict, alone_is_there: bool) -> list[tuple[Offer, Text]]:
    if verdict == ResultVerdict.UNFINISHED:
        return []
    report: tuple[Offer, Text] = ("report", Text("Save a report"))
    if not info.teacher:
        return [_METHOD, report]
    alone: tuple[Offer, Text] = ("alone", Text("Try it without distillation"))
    if alone_is_there:
        alone = ("compare", Text("Compare with alone"))
    return [alone, _METHOD, report]


def _why(verdict: ResultVerdict, gap: Gap | None, n: int, *, splits: bool) -> Text:
    if verdict == ResultVerdict.MAY_BE_CHANCE and n == 1 and gap is not None:
        return Text(
            "The interval is the luck of the test examples: more of them narrow it. The luck of the training's start comes on "
            "top: more seeds show it."
        )
    if verdict == ResultVerdict.MAY_BE_CHANCE and n > 2 and splits:
        return Text("The splits differ by more than what was gained: more of them say more.")
    if verdict == ResultVerdict.MAY_BE_CHANCE and n > 2:
        return Text("The seeds differ by more than what was gained: more seeds, or a longer training, say more.")
    if verdict == ResultVerdict.NO_HELP:
        if n == 1:
            return Text("One run is one draw: three seeds tell whether it stays so.")
        return Text("What this method copies is of no use to this student: another may be.")
    if verdict == ResultVerdict.HARM:
        return Text("What it copies pulls against the labels.")
    if verdict == ResultVerdict.NO_GAP:
        return Text("Without a better teacher there is nothing to learn from it.")
    return NOTHING
