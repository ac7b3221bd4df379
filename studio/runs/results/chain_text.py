"""What a chain of trainings reached, in one sentence: it speaks of the whole, never of one child alone."""

from __future__ import annotations

from collections.abc import Container

from studio.core.message import NOTHING, Text, text
from studio.core.score import Score
from studio.core.score_scale import SHARE, ScoreScale
from studio.runs.files.chain import Chain
from studio.runs.results.role_text import average_text, role_text
from studio.runs.run_info import RunInfo
from studio.runs.statistics.difference import Difference


def chain_sentence(chain: Chain, teacher: Score | None, gain: Difference | None) -> Text:
    """The sentence of a chain that came to its end.

    Args:
        teacher: the headline score of what taught the first step; None where it could not be tested.
        gain: that of the model that counts less this teacher's; None where they cannot be compared.
    """
    step = chain.step(chain.result)
    score = step.reached(chain.headline) if step is not None else None
    if step is None or score is None:
        return NOTHING
    scale = score.scale(chain.headline)
    reached = {
        "role": role_text(step.role, first=True),
        "score": scale.told(score.value),
        "average": _of_averages(chain, scale),
    }
    if teacher is None or gain is None:
        return text("{role} reached {score}.{average}", **reached)
    compared = {"much": _much(gain, scale), "teacher": scale.told(teacher.value), **reached}
    if scale.words(abs(gain.value)) == scale.words(0.0):
        template = "{role} reached {score}, as much as the first teacher.{average}"
    else:
        template = _TEMPLATES[scale.gain(gain.value, 0.0) > 0, gain.is_sure]
    return text(template, **compared)


#: By whether the score is a greater number than the first teacher's, and whether that is sure.
_TEMPLATES = {
    (True, True): "{role} reached {score}, {much} more than the first teacher ({teacher}).{average}",
    (False, True): "{role} reached {score}, {much} less than the first teacher ({teacher}).{average}",
    (
        True,
        False,
    ): "{role} reached {score}, {much} more than the first teacher ({teacher}), which may be chance.{average}",
    (
        False,
        False,
    ): "{role} reached {score}, {much} less than the first teacher ({teacher}), which may be chance.{average}",
}


def _much(gain: Difference, scale: ScoreScale) -> Text:
    """How far two scores are apart: shares in points."""
    apart = abs(gain.value)
    return text("{points:.1f} points", points=100 * apart) if scale.unit == SHARE else Text(scale.words(apart))


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


def _of_averages(chain: Chain, scale: ScoreScale) -> Text:
    """The best ensemble in a sentence of its own, with a space before it; empty where there is none."""
    measured = [(score.value, one) for one in chain.averages if (score := one.reached(chain.headline)) is not None]
    if not measured:
        return NOTHING
    value, best = max(measured, key=lambda pair: scale.gain(pair[0], 0.0))
    return text(" The {average} reached {score}.", average=average_text(best.members), score=scale.told(value))
