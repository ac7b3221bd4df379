"""Which classes networks take for which others, on the test part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby

import numpy as np

from studio.core.data_kinds import Capabilities, capabilities
from studio.core.errors import StudioError
from studio.runs.comparison.class_similarity import mean_answers, similarity_order
from studio.runs.files.folder import RunFolder
from studio.runs.references import ENDED_WELL
from studio.runs.results.summarise import read_predictions
from studio.runs.run_info import RunInfo, read_history


@dataclass(frozen=True, eq=False)
class AnswersOfNetwork:
    """What one network answered.

    Attributes:
        role: "student", "teacher" or "alone".
        answers: (N,) int64, the class of the largest logit.
        sureness: (N,) the probability of that class.
        matrix: (K, K) int64, pictures of the class of the row that were taken for that of the column.
    """

    role: str
    answers: np.ndarray
    sureness: np.ndarray
    matrix: np.ndarray


@dataclass(frozen=True)
class ClassBand:
    """Neighbouring classes, in the order they are shown in, that belong together: places ``begin`` to ``end``, exclusive."""

    name: str
    begin: int
    end: int


@dataclass(frozen=True, eq=False)
class RunAnswers:
    """What the networks of a run answered to its N test pictures of K classes.

    Attributes:
        labels: (N,) int64.
        classes: (K,) their names.
        networks: the student, then the teacher and the student alone as far as they are known.
        order: (K,) the classes so that those that are mistaken for each other stand side by side.
        bands: stretches of ``order`` that the dataset knows to belong together; none of most datasets.
        examples: what they are.
    """

    labels: np.ndarray
    classes: tuple[str, ...]
    networks: tuple[AnswersOfNetwork, ...]
    order: np.ndarray
    bands: tuple[ClassBand, ...] = ()
    examples: Capabilities = field(default_factory=lambda: capabilities("pictures"))

    def network(self, role: str) -> AnswersOfNetwork | None:
        """The network in this role."""
        return next((told for told in self.networks if told.role == role), None)

    @cached_property
    def class_sizes(self) -> np.ndarray:
        """(K,) pictures of each class."""
        return np.bincount(self.labels, minlength=len(self.classes))

    def cases(self, role: str, label: int, answer: int) -> np.ndarray:
        """Rows of the class ``label`` that the network took for ``answer``, those it was surest of first."""
        told = self.network(role)
        if told is None:
            return np.zeros(0, np.int64)
        found = np.flatnonzero((self.labels == label) & (told.answers == answer))
        cases: np.ndarray = found[np.argsort(-told.sureness[found], kind="stable")]
        return cases

    def parted_cases(self, first: str, second: str, label: int, answer: int) -> np.ndarray:
        """Rows of ``label`` that exactly one of two networks took for ``answer``: those of ``first`` before the others."""
        ours, theirs = self.cases(first, label, answer), self.cases(second, label, answer)
        return np.concatenate([ours[~np.isin(ours, theirs)], theirs[~np.isin(theirs, ours)]])

    def gain_by_class(self, first: str, second: str) -> np.ndarray:
        """(K,) pictures of each class that ``first`` answers rightly more than ``second``."""
        ours, theirs = self.network(first), self.network(second)
        assert ours is not None
        assert theirs is not None
        gained: np.ndarray = np.diag(ours.matrix) - np.diag(theirs.matrix)
        return gained


def confusion(labels: np.ndarray, answers: np.ndarray, classes: int) -> np.ndarray:
    """(K, K) int64: rows are labels, columns answers.

    >>> confusion(np.array([0, 0, 1]), np.array([0, 1, 1]), 2)
    array([[1, 1],
           [0, 1]])
    """
    counts = np.bincount(labels * classes + answers, minlength=classes * classes)
    return np.asarray(counts.reshape(classes, classes))


def mix_ups(matrix: np.ndarray, most: int = 50) -> list[tuple[int, int, int]]:
    """The mistakes that were made most often: label, answer, how often."""
    wrong = matrix.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(-np.abs(wrong), axis=None, kind="stable")[:most]
    return [
        (int(i), int(j), int(wrong[i, j]))
        for i, j in zip(*np.unravel_index(order, wrong.shape), strict=True)
        if wrong[i, j]
    ]


def read_answers(info: RunInfo) -> RunAnswers:
    """What the networks of an ended run answered: its student, its teacher, and the student alone.

    Raises:
        StudioError: it has not ended, or kept no answers.
    """
    told = read_predictions(info.places) if info.state in ENDED_WELL else None
    if told is None:
        raise StudioError(
            "The answers of this run are not there.",
            "They are kept when a run has come to its end."
            if info.state not in ENDED_WELL
            else "It kept none, or their file is damaged.",
            "Wait until it has ended, or tick another run." if info.state not in ENDED_WELL else "Train it again.",
        )
    history = read_history(info)
    logits = {"student": told.student}
    if told.teacher is not None:
        logits["teacher"] = told.teacher
    alone = info.references.get("alone")
    other = read_predictions(RunFolder(info.folder.parent / alone)) if alone else None
    if other is not None and np.array_equal(other.labels, told.labels) and other.student.shape == told.student.shape:
        logits["alone"] = other.student
    k = told.student.shape[1]
    classes = (*history.classes, *(str(n) for n in range(len(history.classes), k)))[:k]
    return make_answers(told.labels, classes, logits, class_groups(info.dataset), capabilities(history.examples))


def make_answers(
    labels: np.ndarray,
    classes: tuple[str, ...],
    logits: Mapping[str, np.ndarray],
    groups: Mapping[str, Sequence[str]] | None = None,
    examples: Capabilities | None = None,
) -> RunAnswers:
    """From the logits (N, K) of each role; ``groups`` are the names of classes that belong together, by what they are."""
    k = len(classes)
    networks = []
    profiles = []
    for role, values in logits.items():
        answers = values.argmax(1)
        shifted = np.exp(values.astype(np.float64) - values.max(1, keepdims=True))
        networks.append(AnswersOfNetwork(role, answers, 1 / shifted.sum(1), confusion(labels, answers, k)))
        profiles.append(mean_answers(shifted / shifted.sum(1, keepdims=True), labels, k))
    of_class = _group_numbers(classes, groups or {})
    order = similarity_order(np.mean(profiles, axis=0), of_class)
    return RunAnswers(
        labels,
        classes,
        tuple(networks),
        order,
        _bands(order, of_class, list(groups or {})),
        examples or capabilities("pictures"),
    )


def class_groups(dataset: str) -> Mapping[str, Sequence[str]]:
    """The classes of a dataset that belong together; none where it knows none, or is not known."""
    from studio import catalog

    try:
        found: Mapping[str, Sequence[str]] = catalog.find("dataset", dataset).class_groups
    except StudioError:
        return {}
    return found


def _group_numbers(classes: tuple[str, ...], groups: Mapping[str, Sequence[str]]) -> np.ndarray | None:
    """(K,) the number of the group of each class; None where not every class has one."""
    number = {name: i for i, names in enumerate(groups.values()) for name in names}
    return np.array([number[name] for name in classes]) if classes and all(name in number for name in classes) else None


def _bands(order: np.ndarray, of_class: np.ndarray | None, names: list[str]) -> tuple[ClassBand, ...]:
    if of_class is None:
        return ()
    bands, begin = [], 0
    for group, members in groupby(of_class[order].tolist()):
        end = begin + len(list(members))
        bands.append(ClassBand(names[group], begin, end))
        begin = end
    return tuple(bands)
