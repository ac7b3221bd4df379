"""A comparison in sentences: the same for the window, the terminal and the report."""

from __future__ import annotations

from studio.core.format import MINUS, NBSP, figure, percent, signed_points, thousands
from studio.core.message import NOTHING, Text, text
from studio.core.score_scale import SHARE, ScoreScale
from studio.runs.comparison.run_comparison import ComparedSide, RunComparison
from studio.runs.statistics.difference import LEAST_PAIRS, Difference, standard_error


def amount_words(value: float, scale: ScoreScale) -> str:
    """A gain without its sign: ``1.8 points``, ``0.0123``."""
    if scale.unit != SHARE:
        return figure(abs(value), scale.unit)
    points = f"{100 * abs(value):.1f}"
    return f"{points}{NBSP}point" if points == "1.0" else f"{points}{NBSP}points"


def gain_words(value: float, scale: ScoreScale) -> str:
    """A gain with its sign: ``+1.8``, ``−0.4``."""
    if scale.unit == SHARE:
        return signed_points(value)
    return f"{'+' if value > 0 else MINUS if value < 0 else ''}{figure(abs(value))}"


def side_words(side: ComparedSide, scale: ScoreScale) -> str:
    """What a side reached: ``84.2 ± 0.3 %``."""
    return scale.words(side.mean, side.deviation)


def who_words(told: RunComparison) -> Text:
    """Who is better: the words under the number, of a comparison with the better side first."""
    if told.scale.are_alike(told.first.mean, told.second.mean):
        return Text("no difference")
    if told.interval is not None and not told.interval.is_sure:
        return text("better with {name}, which may be chance", name=told.first.name)
    return text("better with {name}", name=told.first.name)


def interval_words(told: RunComparison) -> Text:
    """How sure it is: ``95 % interval: 0.4 to 3.1, 5 seeds``; of fewer than three seeds over the pictures."""
    if not told.one_test:
        return _of_splits(told)
    if told.over_seeds is not None:
        return text("95 % interval: {range}, {n} seeds", range=range_words(told.over_seeds, told.scale), n=told.pairs)
    seeds = text("these {n} seeds", n=told.pairs) if told.pairs > 1 else Text("this seed")
    if told.over_pictures is None:
        return text("Known of {seeds} alone: it takes {least} to say what others do", seeds=seeds, least=LEAST_PAIRS)
    # two kinds of luck: which pictures were drawn, of which the interval tells, and how training began, of which it does not
    return text(
        "95 % interval: {range} over the test {noun}: surely better with {seeds}; it takes {least} seeds to say whether others agree"
        if told.over_pictures.is_sure
        else "95 % interval: {range} over the test {noun} includes 0 with {seeds}; it takes {least} seeds to say what others do",
        range=range_words(told.over_pictures, told.scale),
        noun=told.examples.noun,
        seeds=seeds,
        least=LEAST_PAIRS,
    )


def _of_splits(told: RunComparison) -> Text:
    """``95 % interval: 0.4 to 3.1, paired standard error 0.6, 20 splits``."""
    if told.over_seeds is None:
        return text("{n} splits: too few to say", n=told.pairs)
    error = amount_words(standard_error(told.gains), told.scale)
    between = range_words(told.over_seeds, told.scale)
    return text(
        "95 % interval: {range}, paired standard error {error}, {n} splits", range=between, error=error, n=told.pairs
    )


def pictures_words(told: RunComparison) -> Text:
    """The interval over pictures, where another one counts; empty where there is none."""
    if told.over_seeds is None or told.over_pictures is None:
        return NOTHING
    between = range_words(told.over_pictures, told.scale)
    return text("The same networks on other {noun}, 95 % interval: {range}", noun=told.examples.noun, range=between)


def range_words(difference: Difference, scale: ScoreScale) -> str:
    """The ends of an interval of gains: ``0.4 to 3.1``."""
    ends = (difference.low, difference.high)
    if scale.unit == SHARE:
        low, high = (signed_points(end).removeprefix("+") for end in ends)
    else:
        low, high = (gain_words(end, scale).removeprefix("+") for end in ends)
    return f"{low} to {high}"


def measured_words(told: RunComparison) -> Text:
    """What was measured on what: ``Test accuracy, the same 10,000 pictures, 5 seeds``."""
    score = told.scale.name
    if not told.one_test:
        return text("Test {score}, {n} splits, each with a test part of its own", score=score, n=told.pairs)
    seeds = text("{n} seeds", n=told.pairs) if told.pairs > 1 else Text("1 seed")
    if told.learnt is None:
        return text("Test {score}, {seeds}", score=score, seeds=seeds)
    k, noun = thousands(told.learnt.n), told.examples.noun
    return text("Test {score}, the same {k} {noun}, {seeds}", score=score, k=k, noun=noun, seeds=seeds)


def remarks(told: RunComparison) -> list[Text]:
    """What is to be known before the numbers are believed."""
    said: list[Text] = []
    if not told.by_seed:
        said.append(Text("They have no seed in common: part of the difference is the chance of their beginnings."))
    if told.left_out:
        said.append(text("{n} runs have no partner of the same seed and are left out.", n=len(told.left_out)))
        if len(told.left_out) == 1:
            said[-1] = text("The run of seed {seed} has no partner and is left out.", seed=told.left_out[0].seed)
    if told.repeats == 1:
        said.append(Text("One run repeats a seed with the same settings: it is no further evidence, and is left out."))
    elif told.repeats:
        said.append(
            text("{n} runs repeat seeds with the same settings: no further evidence, and left out.", n=told.repeats)
        )
    if any(run.scale != told.scale for run in (*told.first.runs, *told.second.runs)):
        said.append(Text("Different scores count in them, so they are compared by their accuracy."))
    return said


def causes_words(told: RunComparison) -> Text:
    """How many things differ, and what that means for the number."""
    settings = told.settings
    if settings is None:
        return Text("What was set cannot be read any more.")
    n = len(settings.causes)
    same = text("The other {same} settings, those of data and networks among them, are the same.", same=settings.same)
    along = len(settings.lines) - n
    if along:
        same = text("{n} further rows come with that. {same}", n=along, same=same)
    if along == 1:
        same = text("1 further row comes with that. {same}", same=same.values["same"])
    if n == 0:
        return text("All {same} settings are the same: only chance tells them apart.", same=settings.same)
    if n == 1:
        return text("Only {what} differs. {same}", what=settings.causes[0].label.lower(), same=same)
    names = [line.label.lower() for line in settings.causes]
    if n <= 3:
        listed = f"{', '.join(names[:-1])} and {names[-1]}"
        return text(
            "{n} things differ: {what}. The difference may be due to any of them. {same}", n=n, what=listed, same=same
        )
    return text("{n} things differ: the difference may be due to any of them. {same}", n=n, same=same)


def learnt_words(told: RunComparison) -> Text:
    """Where both and neither are right, and that the rest adds up to the difference."""
    learnt = told.learnt
    if not told.one_test:
        return text(
            "Each split was tested on other {noun}, so it cannot be said on which they differ.", noun=told.examples.noun
        )
    if learnt is None:
        return Text("Not all of them kept their answers, so it cannot be said on what they differ.")
    both, first, second, neither = learnt.counts
    over = NOTHING if told.pairs == 1 else text(", mean of {n} seeds", n=told.pairs)
    return text(
        "Of {n} test {noun}{over}: both get {both}, neither gets {neither}. {first} − {second} = {gained}, "
        "{share} of all.",
        n=thousands(learnt.n),
        noun=told.examples.noun,
        over=over,
        both=thousands(both),
        neither=thousands(neither),
        first=thousands(first),
        second=thousands(second),
        gained=thousands(learnt.gained),
        share=percent(learnt.gained / learnt.n),
    )


def sentence(told: RunComparison) -> Text:
    """The whole in one: who is better by how much, and how sure that is; better side first."""
    if told.scale.are_alike(told.first.mean, told.second.mean):
        return text(
            "{first} and {second} reach the same, {score}. {sure}.",
            first=told.first.name,
            second=told.second.name,
            score=side_words(told.first, told.scale),
            sure=interval_words(told),
        )
    return text(
        "{first} reaches {mean}, {amount} better than {second} ({other}). {sure}.",
        first=told.first.name,
        mean=side_words(told.first, told.scale),
        amount=amount_words(told.gain, told.scale),
        second=told.second.name,
        other=side_words(told.second, told.scale),
        sure=interval_words(told),
    )
