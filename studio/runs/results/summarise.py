"""What a run adds up to: from its outcome, its answers on the test pictures and its references to the summary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from studio.core.arrays import read_arrays
from studio.core.message import NOTHING, Text, text
from studio.core.score import VALIDATION_ACCURACY, Score
from studio.core.score_scale import ACCURACY
from studio.events import State
from studio.runs.files.event_codec import encode_text
from studio.runs.files.folder import RunFolder, read_document
from studio.runs.files.history import Reference
from studio.runs.files.summary import ACCURACY_ROLES, Accuracy, AccuracyRole, FinalState, GapClosed, Summary
from studio.runs.references import is_whole
from studio.runs.results.result_text import sentence
from studio.runs.run_info import RunInfo
from studio.runs.statistics.contributions import contributions, measured_score
from studio.runs.statistics.gap import Gap, gap_closed
from studio.training.predictions import Predictions

if TYPE_CHECKING:
    from studio.training.model_outcome import ProcedureOutcome
    from studio.training.session import Outcome

OTHER_CLASSES = Text("No share of the gap is given: its teacher knows other classes, so it could not be tested here.")
NO_ALONE = Text("How much of that is its teacher's work is not known: no student was trained alone.")
ALONE_GONE = Text("No share of the gap is given: the answers to compare are no longer there.")


def begun(summary: Summary) -> Summary:
    """The summary of a run that is being gone on with: what a former end said of it no longer holds."""
    words = {name: told for name, told in summary.words.items() if name not in ("reason", "sentence")}
    return summary.model_copy(update={"state": "interrupted", "reason": "", "sentence": "", "words": words})


def final(state: State) -> FinalState:
    """The state in which a session left a run; what is no end is an interruption."""
    return state if state in ("finished", "stopped", "early_stop", "failed") else "interrupted"


def has_reference(summary: Summary, role: AccuracyRole, folder: RunFolder) -> bool:
    """Whether a run that is being gone on with has this reference already, whatever became of the run it came from."""
    if role == "teacher":
        return is_whole(folder.teacher)
    return role in summary.references and summary.accuracy.get(role) is not None


def with_reference(summary: Summary, role: AccuracyRole, info: RunInfo) -> Summary:
    """The summary with what another run reached."""
    other = read_document(info.places.summary, Summary) or Summary()
    return summary.model_copy(
        update={
            "accuracy": summary.accuracy | {role: other.accuracy.get("student")},
            "scores": summary.scores | {role: other.scores.get("student", {})},
            "references": summary.references | {role: info.id},
        }
    )


def reached(summary: Summary, outcome: Outcome) -> Summary:
    """The summary with what a session that came to an end has measured."""
    n = len(outcome.predictions.labels)
    accuracy = dict(summary.accuracy)
    accuracy["student"] = Accuracy.measured(outcome.student_accuracy, n)
    if outcome.teacher_accuracy is not None:
        accuracy["teacher"] = Accuracy.measured(outcome.teacher_accuracy, n)
    return summary.model_copy(
        update={
            "kept": outcome.kept,
            "accuracy": accuracy,
            "scores": summary.scores | _scores(accuracy, outcome),
            "networks": outcome.networks,
            "parameters": outcome.parameters,
            "macs": outcome.macs,
            "latency_ms": {role: _finite(value) for role, value in outcome.latency_ms.items()},
            "seconds": outcome.seconds,
            "steps": outcome.steps,
            "epochs": outcome.epochs,
        }
    )


def made(summary: Summary, outcome: ProcedureOutcome) -> Summary:
    """The summary with what a procedure has made, and what was measured of its model."""
    accuracy, measured = dict(summary.accuracy), outcome.model
    scores = dict(summary.scores)
    changes: dict[str, object] = {}
    if outcome.scores:
        scores["student"] = dict(outcome.scores)
    if measured is not None:
        told, n = measured.predictions, len(measured.predictions.labels)
        own = accuracy["student"] = Accuracy.measured(measured.accuracy, n)
        scores["student"] = _measured(told.student, own, outcome, told) | dict(outcome.scores)
        if told.teacher is not None and measured.teacher_accuracy is not None:
            asked = accuracy["teacher"] = Accuracy.measured(measured.teacher_accuracy, n)
            scores["teacher"] = _measured(told.teacher, asked, outcome, told)
        changes = {
            "parameters": {"student": measured.size.parameters},
            "latency_ms": {"student": _finite(measured.milliseconds)},
        }
    return summary.model_copy(
        update={
            **changes,
            "accuracy": accuracy,
            "scores": scores,
            "headline": outcome.headline,
            "seconds": outcome.seconds,
            "steps": outcome.items,
        }
    )


def _measured(logits: np.ndarray, accuracy: Accuracy, outcome: ProcedureOutcome, told: Predictions) -> dict[str, Score]:
    """The accuracy, and the headline score where it can be measured on the answers."""
    found = measured_score(outcome.headline, logits, told) if outcome.headline != ACCURACY else None
    return {ACCURACY: accuracy.score()} | ({outcome.headline: found} if found is not None else {})


def read_predictions(folder: RunFolder) -> Predictions | None:
    """What a run answered on the test part; None where it kept no answers, or they are damaged."""
    return Predictions.of(read_arrays(folder.predictions))


def compared(summary: Summary, own: Predictions | None, alone: Predictions | None) -> Summary:
    """The summary with the share of the gap that was closed, or why there is none.

    Args:
        own: the answers of the student and of its teacher.
        alone: those of the student alone, where there is one: whether there is stands in the summary.
    """
    gap, gap_words = _gap(summary, own, alone)
    closed = GapClosed(value=gap.value, low=gap.low, high=gap.high) if gap is not None else None
    words = summary.words | {"gap": encode_text(gap_words)}
    return summary.model_copy(update={"gap_closed": closed, "words": words})


def ended(summary: Summary, state: FinalState, reason: Text, told: Text = NOTHING) -> Summary:
    """The summary of a run that has come to ``state``, with its sentence: ``told``, or one made of the scores."""
    known: dict[AccuracyRole, Reference | None] = {role: summary.reached(role) for role in ACCURACY_ROLES}
    told = told or sentence(state, known, summary.gap(), summary.told("gap"), reason, summary.scale)
    words = summary.words | {"reason": encode_text(reason), "sentence": encode_text(told)}
    return summary.model_copy(
        update={"state": state, "reason": str(reason), "sentence": str(told), "words": words},
    )


def _scores(accuracy: Mapping[AccuracyRole, Accuracy | None], outcome: Outcome) -> dict[str, dict[str, Score]]:
    """All that was measured of a classifier, by role and name."""
    known = {role: found for role, found in accuracy.items() if found is not None}
    scores: dict[str, dict[str, Score]] = {role: {ACCURACY: found.score()} for role, found in known.items()}
    if outcome.validation_accuracy is not None:
        scores["student"][VALIDATION_ACCURACY] = Score(value=outcome.validation_accuracy)
    return scores


def _gap(summary: Summary, own: Predictions | None, alone: Predictions | None) -> tuple[Gap | None, Text]:
    if "teacher" not in summary.titles:
        return None, NOTHING
    if summary.accuracy.get("teacher") is None:
        return None, OTHER_CLASSES
    if "alone" not in summary.references:
        return None, NO_ALONE
    if own is None or own.teacher is None or alone is None:
        return None, ALONE_GONE
    labels = own.labels
    if not np.array_equal(labels, alone.labels):
        return gap_closed(np.zeros(0), np.zeros(0), np.zeros(0))
    of_each = [contributions(summary.headline, logits, own) for logits in (own.student, alone.student, own.teacher)]
    known = [found for found in of_each if found is not None]
    if len(known) < len(of_each):
        return None, text(
            "No share of the gap is given: the score {score} is no mean over examples.", score=summary.headline
        )
    student, without, teacher = known
    return gap_closed(student, without, teacher, summary.scale)


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None
