"""A comparison as plain JSON values, for other tools."""

from __future__ import annotations

from typing import Any

from studio.runs.comparison.comparison_text import remarks, sentence
from studio.runs.comparison.run_comparison import ComparedSide, RunComparison
from studio.runs.statistics.difference import Difference


def comparison_json(told: RunComparison) -> dict[str, Any]:
    """Everything but the pictures; gains are how much better the first is, of accuracies fractions; unknown is null."""
    learnt, settings, curves = told.learnt, told.settings, told.curves
    return {
        "sentence": str(sentence(told.better_first)),
        "remarks": [str(remark) for remark in remarks(told)],
        "score": {"name": told.scale.name, "unit": told.scale.unit, "better": told.scale.better},
        "first": _side(told.first),
        "second": _side(told.second),
        "by_seed": told.by_seed,
        "gain": told.gain,
        "gains": list(told.gains),
        "over_seeds": _interval(told.over_seeds),
        "over_pictures": _interval(told.over_pictures),
        "settings": None
        if settings is None
        else {
            "same": settings.same,
            "differing": [
                {"part": line.part, "label": line.label, "first": line.first, "second": line.second}
                for line in settings.lines
            ],
        },
        "learnt": None
        if learnt is None
        else {
            "pictures": learnt.n,
            "both": learnt.both,
            "first_only": learnt.first_only,
            "second_only": learnt.second_only,
            "neither": learnt.neither,
            "classes": list(learnt.classes),
            "gain_by_class": learnt.gain_by_class.tolist(),
            "first_cases": learnt.first_cases.tolist(),
            "second_cases": learnt.second_cases.tolist(),
        },
        "curves": None
        if curves is None
        else {
            "epochs": curves.epochs.tolist(),
            "first": curves.first.tolist(),
            "second": curves.second.tolist(),
            "low": None if curves.low is None else curves.low.tolist(),
            "high": None if curves.high is None else curves.high.tolist(),
            "sure_from": curves.sure_from,
        },
    }


def _side(side: ComparedSide) -> dict[str, Any]:
    return {
        "name": side.name,
        "runs": [run.id for run in side.runs],
        "seeds": [run.seed for run in side.runs],
        "scores": list(side.scores),
        "mean": side.mean,
        "deviation": side.deviation,
    }


def _interval(difference: Difference | None) -> dict[str, float] | None:
    return None if difference is None else {"value": difference.value, "low": difference.low, "high": difference.high}
