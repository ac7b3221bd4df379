"""What compressing an ensemble into one network came to, read from a run's folder as plain values, for a background job."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from studio.core.arrays import Arrays, read_arrays
from studio.core.format import setting_number
from studio.core.message import Text
from studio.gui.presenters.column_samples import ColumnSamples, column_samples
from studio.runs.files.chain import Chain, read_chain
from studio.runs.files.folder import RunFolder, read_document
from studio.runs.files.summary import Summary

if TYPE_CHECKING:
    from studio.runs.run_info import RunInfo

#: The models that are compared, in the order they are shown.
Compared = Literal["ensemble", "student", "best", "alone"]
#: Steps of the chain, and the names of scores of the library.
TEACHER, CASES, STUDENT, ALONE = "teacher", "cases", "student", "alone"
SQUARED_ERROR, OF_BEST = "squared error", "{} of the best single learner"
#: Bytes of a number a network has learnt; members that are shown.
FLOAT, MOST_MEMBERS = 4, 200


@dataclass(frozen=True)
class ComparedModel:
    """One of the four models. What is not known is None.

    Attributes:
        squared_error: Σ_k (p_k − y_k)², the mean over the rows for testing.
        accuracy: the share of them that it answers rightly.
        size: bytes of what answering needs.
        milliseconds: for one row.
    """

    key: Compared
    squared_error: float | None = None
    accuracy: float | None = None
    size: int | None = None
    milliseconds: float | None = None


@dataclass(frozen=True)
class LibraryMember:
    """A learner of the library that was chosen.

    Attributes:
        settings: what it was fitted with, in words.
        weight: in the mean of the answers; the weights of all are 1 together.
        squared_error: its own, on the rows for testing.
    """

    kind: Text
    settings: Text
    weight: float
    squared_error: float


@dataclass(frozen=True, eq=False)
class Compression:
    """A chain of model compression, as far as it has come.

    Attributes:
        models: those that were measured.
        members: that were chosen, by weight; ``library`` says out of how many.
        cases: rows that the student learnt from.
        units: hidden units of the student, all layers together.
        to_ensemble: mean squared difference of the answers of student and ensemble on the rows for testing.
        samples: made-up rows beside true ones, column by column.
    """

    models: tuple[ComparedModel, ...]
    members: tuple[LibraryMember, ...] = ()
    library: int = 0
    cases: int | None = None
    units: int | None = None
    to_ensemble: float | None = None
    samples: ColumnSamples | None = None

    def model(self, key: Compared) -> ComparedModel:
        """One of the four; with nothing known where it was not measured."""
        return next((model for model in self.models if model.key == key), ComparedModel(key))

    @property
    def kept(self) -> float | None:
        """(best single − student) / (best single − ensemble) in squared error; None where the ensemble gains nothing."""
        ensemble, student, best = (self.model(key).squared_error for key in ("ensemble", "student", "best"))
        if ensemble is None or student is None or best is None or best <= ensemble:
            return None
        return (best - student) / (best - ensemble)


def read_compression(info: RunInfo) -> Compression | None:
    """What a chain of model compression has come to; None where a run is none, or its library is not done."""
    chain = read_chain(info.places)
    if chain is None or any(chain.step(role) is None for role in (TEACHER, CASES)):
        return None
    steps = {step.role: RunFolder(info.folder.parent / step.run) for step in chain.steps}
    library, student = _arrays(steps.get(TEACHER)), _arrays(steps.get(STUDENT))
    hidden, cases = student.get("hidden", np.empty(0)), student.get("cases", np.empty(0))
    return Compression(
        models=_models(chain, steps, library),
        members=_members(library),
        library=len(np.atleast_1d(library.get("weights", np.empty(0)))),
        cases=int(cases.item()) if cases.size == 1 and cases.dtype.kind in "iu" else None,
        units=int(hidden.sum()) if hidden.size and hidden.dtype.kind in "iu" else None,
        to_ensemble=_apart(steps.get(TEACHER), steps.get(STUDENT)),
        samples=_samples(_arrays(steps[CASES])),
    )


def _arrays(folder: RunFolder | None) -> Arrays:
    return read_arrays(folder.arrays) if folder is not None else {}


def _models(chain: Chain, steps: dict[str, RunFolder], library: Arrays) -> tuple[ComparedModel, ...]:
    found = []
    sizes = _numbers(library, "bytes")
    weights = _numbers(library, "weights")
    teacher = chain.step(TEACHER)
    summary = _summary(steps.get(TEACHER))
    if teacher is not None:
        scores = {name: score.value for name, score in teacher.scores.items()}
        chosen = sizes[weights > 0] if len(sizes) == len(weights) else sizes
        accuracy = teacher.accuracy.value if teacher.accuracy is not None else None
        found.append(
            ComparedModel(
                "ensemble", scores.get(SQUARED_ERROR), accuracy, int(chosen.sum()) if len(chosen) else None,
                summary.latency_ms.get("student"),
            )
        )  # fmt: skip
        if OF_BEST.format(SQUARED_ERROR) in scores:
            best = int(library["best"].item()) if library.get("best", np.empty(0)).size == 1 else -1
            found.append(
                ComparedModel(
                    "best", scores[OF_BEST.format(SQUARED_ERROR)], scores.get(OF_BEST.format("accuracy")),
                    int(sizes[best]) if 0 <= best < len(sizes) else None, scores.get(OF_BEST.format("milliseconds")),
                )
            )  # fmt: skip
    for key, role in (("student", STUDENT), ("alone", ALONE)):
        step, summary = chain.step(role), _summary(steps.get(role))
        if step is None:
            continue
        error = step.scores.get(SQUARED_ERROR)
        numbers = summary.parameters.get("student")
        found.append(
            ComparedModel(
                "student" if key == "student" else "alone",
                error.value if error is not None else None,
                step.accuracy.value if step.accuracy is not None else None,
                FLOAT * numbers if numbers is not None else None,
                summary.latency_ms.get("student"),
            )
        )
    order: tuple[Compared, ...] = ("ensemble", "student", "best", "alone")
    return tuple(sorted(found, key=lambda model: order.index(model.key)))


def _summary(folder: RunFolder | None) -> Summary:
    return (read_document(folder.summary, Summary) if folder is not None else None) or Summary()


def _numbers(arrays: Arrays, name: str) -> np.ndarray:
    """An array of numbers; empty where there is none, or one that cannot be drawn."""
    found = arrays.get(name, np.empty(0))
    usable = found.ndim == 1 and found.dtype.kind in "iuf" and bool(np.isfinite(found).all())
    return found if usable else np.empty(0)


def _members(library: Arrays) -> tuple[LibraryMember, ...]:
    from studio.models.classic_kinds import KINDS

    weights, errors = _numbers(library, "weights"), _numbers(library, "squared_error")
    kinds, settings = library.get("kinds", np.empty(0)), library.get("settings", np.empty(0))
    if not len(weights) == len(errors) == np.size(kinds) or np.size(settings) not in (0, len(weights)):
        return ()
    order = [place for place in np.argsort(-weights, kind="stable") if weights[place] > 0][:MOST_MEMBERS]
    return tuple(
        LibraryMember(
            Text(KINDS[str(kinds[place])].title) if str(kinds[place]) in KINDS else Text(str(kinds[place])),
            _settings_words(str(settings[place])) if np.size(settings) else Text(""),
            float(weights[place]),
            float(errors[place]),
        )
        for place in order
    )


def _settings_words(written: str) -> Text:
    """``{"units": 64, "alpha": 0.01}`` as ``units 64, alpha 0.01``: the library's own names of settings, to be looked up."""
    try:
        settings = json.loads(written)
    except ValueError:
        return Text("")
    if not isinstance(settings, dict):
        return Text("")
    return Text(", ".join(f"{name} {_value(value)}" for name, value in settings.items()))


def _value(value: object) -> str:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return setting_number(float(value)) if number else str(value)  # type: ignore[arg-type]


def _apart(teacher: RunFolder | None, student: RunFolder | None) -> float | None:
    """How far the answers to the rows for testing are apart: the mean over them of Σ_k (p_k − q_k)²."""
    if teacher is None or student is None:
        return None
    answers = [read_arrays(folder.predictions).get("student", np.empty(0)) for folder in (teacher, student)]
    if any(one.ndim != 2 or one.dtype.kind != "f" or not one.size for one in answers):
        return None
    if answers[0].shape != answers[1].shape:
        return None
    first, second = (np.exp(one - one.max(1, keepdims=True)) for one in answers)
    apart = first / first.sum(1, keepdims=True) - second / second.sum(1, keepdims=True)
    distance = float((apart**2).sum(1).mean())
    return distance if np.isfinite(distance) else None


def _samples(arrays: Arrays) -> ColumnSamples | None:
    """Made-up rows beside true ones, both as they stand in the table."""
    from studio.data.table_encoding import TableEncoding
    from studio.models.tree_columns import TreeColumn

    made, true, written = (arrays.get(name, np.empty(0)) for name in ("cases", "true_rows", "encoding"))
    if written.size != 1 or written.dtype.kind != "U":
        return None
    try:
        encoding = TableEncoding.from_json(str(written))
    except ValueError:
        return None
    columns = tuple(
        TreeColumn(each.column.name, each.column.categories, low=each.low, high=each.high) for each in encoding.columns
    )
    if made.ndim != 2 or true.ndim != 2 or not made.shape[1] == true.shape[1] == len(columns):
        return None
    low = np.array([0.0 if column.nominal else column.low for column in columns])
    span = np.array([1.0 if column.nominal else column.high - column.low for column in columns])
    return column_samples(columns, low + span * true.astype(float), low + span * made.astype(float))
