"""One run as plain JSON values, for other tools."""

from __future__ import annotations

from typing import Any

from studio.core.bounded_read import UnreadableFile, read_toml
from studio.core.score_scale import ACCURACY
from studio.runs.files.event_codec import encode
from studio.runs.files.folder import MAX_DOCUMENT, read_document
from studio.runs.files.history import Reference
from studio.runs.files.summary import Summary
from studio.runs.run_info import RunInfo


def as_json(info: RunInfo) -> dict[str, Any]:
    """What a list of runs tells: accuracies as fractions, sentences in English, unknown values as null.

    ``headline`` is the score that counts, in its own unit; ``accuracy`` is the same where that is the accuracy.
    """
    gap = info.gap
    references = {
        "teacher": _reference(info.teacher_reference),
        "student": _reference(info.reached),
        "alone": _reference(info.alone_reference),
    }
    return {
        "id": info.id,
        "name": info.name,
        "folder": str(info.folder),
        "created": info.created.isoformat(),
        "state": info.state,
        "reason": str(info.reason),
        "sentence": str(info.sentence),
        "progress": info.progress,
        "method": info.method,
        "dataset": info.dataset,
        "teacher": info.teacher or None,
        "student": info.student,
        "seed": info.seed,
        "accuracy": references if info.headline == ACCURACY else dict.fromkeys(references),
        "headline": {"name": info.headline, "unit": info.unit, "better": info.better, **references},
        "gap_closed": {"value": gap.value, "low": gap.low, "high": gap.high} if gap is not None else None,
        "gap_words": str(info.gap_words),
        "parameters": dict(info.parameters),
        "macs": dict(info.macs),
        "latency_ms": dict(info.latency_ms),
        "seconds": info.seconds,
        "references": dict(info.references),
        "role": info.role,
        "parent": info.parent or None,
        "favourite": info.favourite,
        "tags": list(info.tags),
        "notes": info.notes,
        "problem": str(info.problem) or None,
    }


def agreement_json(info: RunInfo) -> dict[str, Any] | None:
    """By moment ("start", "copied", "end") the agreement of every group, as fractions; null where it was not measured."""
    summary = read_document(info.places.summary, Summary)
    if summary is None or not summary.agreement:
        return None
    told: dict[str, Any] = encode(summary.agreement)
    return told


def experiment_tables(info: RunInfo) -> dict[str, Any] | None:
    """The experiment file of a run as plain values; None where it is missing or damaged."""
    try:
        tables: dict[str, Any] = encode(read_toml(info.places.experiment, MAX_DOCUMENT))
    except UnreadableFile:
        return None
    return tables


def _reference(reference: Reference | None) -> dict[str, float | None] | None:
    if reference is None:
        return None
    return {"value": reference.value, "low": reference.low, "high": reference.high}
