"""What weights of another program answer: which classes they name, and what pictures those were learnt from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studio import catalog
from studio.core.errors import StudioError
from studio.networks.base import NetworkFamily
from studio.networks.foreign.fitting import answers_of, refuse_other_layers
from studio.networks.foreign.state_reader import ForeignWeights
from studio.networks.zoo.published_weights import PublishedWeights


@dataclass(frozen=True)
class KnownAnswers:
    """The classes of weights.

    Attributes:
        names: in the order of the logits.
        published: what their publisher says, where the classes are the publisher's: they read pictures as it says.
    """

    names: tuple[str, ...]
    published: PublishedWeights | None = None


def teacher_answers(
    weights: ForeignWeights, key: str, asked: str, shape: tuple[int, ...], classes: tuple[str, ...], path: Path
) -> KnownAnswers:
    """What a teacher with these weights answers.

    Its classes are those a person wrote down, those the file names, those its publisher names, or those of the data, in
    this order, where there are as many as it answers for.

    Args:
        weights: of the network ``key``; their values are not looked at.
        asked: names a person wrote down, with commas between them.
        shape: of the data.
        classes: of the data.
        path: of the file, for a refusal.

    Raises:
        StudioError: they are not the weights of this network, or nobody says what it answers.
    """
    count = answers_of(weights, key, shape)
    if not count:
        refuse_other_layers(weights, key, shape, len(classes), path)
    written = tuple(name.strip() for name in asked.split(",") if name.strip())
    if written and len(written) != count:
        raise StudioError(
            "The names given for the teacher's classes are not as many as it answers for.",
            "They are {asked}, and it answers for {count}.",
            "Write one name for each, in the order of its answers, or leave them out.",
            place="teacher.classes",
            asked=len(written),
            count=count,
        )
    answers = _named(weights, key, written, classes, count)
    published = answers.published if answers is not None else None
    reads = published.input_for(shape[0]).shape if published is not None else shape
    refuse_other_layers(weights, key, reads, count, path)
    if answers is None:
        raise _not_known(weights, classes, count)
    return answers


def _named(
    weights: ForeignWeights, key: str, written: tuple[str, ...], classes: tuple[str, ...], count: int
) -> KnownAnswers | None:
    """The first that names as many classes as there are answers; None where nobody does."""
    for named in (written, weights.classes):
        if len(named) == count:
            return KnownAnswers(named)
    if len(classes) == count:
        return KnownAnswers(classes)
    family: NetworkFamily = catalog.find("network", key)
    published = family.published(key)
    if published is not None and len(published.classes) == count:
        return KnownAnswers(published.classes, published)
    return None


def _not_known(weights: ForeignWeights, classes: tuple[str, ...], count: int) -> StudioError:
    why = "The file names {named} classes" if weights.classes else "The file names no classes"
    return StudioError(
        "What the teacher answers is not known.",
        why + ", the data have {data}, and it answers for {count}.",
        "Write their names, in the order of its answers, under “{setting}”.",
        place="teacher.classes",
        named=len(weights.classes),
        data=len(classes),
        count=count,
        setting="Class names",
    )


def start_classes(
    weights: ForeignWeights, key: str, shape: tuple[int, ...], classes: tuple[str, ...], path: Path
) -> tuple[str, ...]:
    """The classes of weights that a student is to begin with: the file's, else the data's where there are as many.

    Returns:
        Numbers in the place of names that nobody says; there are not as many as the data have classes.

    Raises:
        StudioError: they are not the weights of this network.
    """
    count = answers_of(weights, key, shape)
    refuse_other_layers(weights, key, shape, count or len(classes), path)
    for named in (weights.classes, classes):
        if len(named) == count:
            return named
    return tuple(map(str, range(count)))
