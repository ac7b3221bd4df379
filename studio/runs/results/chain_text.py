"""What a chain of trainings reached, in one sentence: it speaks of the whole, never of one child alone."""

from __future__ import annotations

from collections.abc import Container

from studio.core.message import NOTHING, Text, text
from studio.runs.files.chain import Chain, ChainAverage
from studio.runs.results.role_text import average_text, role_text
from studio.runs.run_info import RunInfo
from studio.runs.statistics.difference import Difference


def chain_sentence(chain: Chain, teacher: float | None, gain: Difference | None) -> Text:
    """The sentence of a chain that came to its end.

    Args:
        teacher: accuracy of what taught the first step, a fraction; None where it could not be tested.
        gain: of the model that counts over that teacher; None where they cannot be compared.
    """
    step = chain.step(chain.result)
    if step is None or step.accuracy is None:
        return NOTHING
    known = {"accuracy": 100 * step.accuracy.value, "average": _of_averages(chain)}
    reached = {"role": role_text(step.role, first=True), **known}
    if teacher is None or gain is None:
        return text("{role} reached {accuracy:.1f} %.{average}", **reached)
    compared = {"points": 100 * abs(gain.value), "teacher": 100 * teacher, **reached}
    if f"{compared['points']:.1f}" == "0.0":
        template = "{role} reached {accuracy:.1f} %, as much as the first teacher.{average}"
    elif not gain.is_sure:
        template = (
            "{role} reached {accuracy:.1f} %, {points:.1f} points more than the first teacher ({teacher:.1f} %), "
            "which may be chance.{average}"
            if gain.value > 0
            else "{role} reached {accuracy:.1f} %, {points:.1f} points less than the first teacher ({teacher:.1f} %), "
            "which may be chance.{average}"
        )
    elif gain.value > 0:
        template = "{role} reached {accuracy:.1f} %, {points:.1f} points more than the first teacher ({teacher:.1f} %).{average}"
    else:
        template = "{role} reached {accuracy:.1f} %, {points:.1f} points less than the first teacher ({teacher:.1f} %).{average}"
    return text(template, **compared)


def stopped_sentence(role: Text, run: str) -> Text:
    """Of a chain that was stopped while ``role`` learnt or was measured; ``run`` is its id, for what the person may type."""
    return text(
        "Stopped at {role}: what was done before is kept. “studio resume {run}” goes on with it.", role=role, run=run
    )


def next_role(chain: RunInfo, runs: Container[str]) -> str:
    """The role of the step that a chain takes up when it is gone on with; empty where all its planned steps are done.

    Args:
        runs: ids of the runs that are there; a step whose run was deleted is taken again.
    """
    return next((role for role in chain.planned if chain.references.get(role, "") not in runs), "")


def go_on_words(role: str) -> Text:
    """What a button says that goes on with a chain.

    Args:
        role: as :func:`next_role` gives it.
    """
    return text("Go on from {role}", role=role_text(role)) if role else text("Go on with the ensembles")


def _of_averages(chain: Chain) -> Text:
    """The best ensemble in a sentence of its own, with a space before it; empty where there is none."""
    measured = [(average.accuracy.value, average) for average in chain.averages if average.accuracy is not None]
    if not measured:
        return NOTHING
    best: ChainAverage
    value, best = max(measured, key=lambda pair: pair[0])
    return text(" The {average} reached {accuracy:.1f} %.", average=average_text(best.members), accuracy=100 * value)
