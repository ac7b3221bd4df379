"""A teacher made of weights that another program has saved: which classes it names, and what its pictures were like."""

from __future__ import annotations

from pathlib import Path

from studio import catalog
from studio.core.errors import StudioError
from studio.data.base import Dataset
from studio.experiment import TeacherChoice
from studio.networks.base import Input, Network, NetworkFamily
from studio.networks.foreign.fitting import answers_of, network_of_weights
from studio.networks.foreign.state_reader import ForeignWeights, read_weights


def foreign_teacher(choice: TeacherChoice, file: Path, dataset: Dataset) -> Network:
    """The network of ``choice`` with the weights in ``file``.

    Its classes are those a person wrote down, those the file names, those its publisher names, or those of the data, in
    this order, where there are as many as it answers for. It reads pictures as its publisher says, where the classes are
    the publisher's; else as the data are.

    Raises:
        StudioError: they are not the weights of this network, or nobody says what it answers.
    """
    weights = read_weights(file)
    own = Input(dataset.shape, dataset.mean, dataset.std, dataset.encoding)
    count = answers_of(weights, choice.key, dataset.shape)
    if not count:  # what differs is told there
        return network_of_weights(weights, choice.key, own, dataset.classes, file)
    asked = tuple(name.strip() for name in choice.classes.split(",") if name.strip())
    if asked and len(asked) != count:
        raise StudioError(
            "The names given for the teacher's classes are not as many as it answers for.",
            "They are {asked}, and it answers for {count}.",
            "Write one name for each, in the order of its answers, or leave them out.",
            place="teacher.classes",
            asked=len(asked),
            count=count,
        )
    family: NetworkFamily = catalog.find("network", choice.key)
    for named in (asked, weights.classes):
        if len(named) == count:
            return network_of_weights(weights, choice.key, own, named, file)
    published = family.published(choice.key) if len(dataset.classes) != count else None
    if published is not None and len(published.classes) == count:
        source = published.input_for(dataset.shape[0])
        return network_of_weights(weights, choice.key, source, published.classes, file)
    return network_of_weights(weights, choice.key, own, _of_data(weights, dataset, count), file)


def _of_data(weights: ForeignWeights, dataset: Dataset, count: int) -> tuple[str, ...]:
    """The classes of the data, for weights that name none and answer for as many."""
    if len(dataset.classes) == count:
        return dataset.classes
    why = "The file names {named} classes" if weights.classes else "The file names no classes"
    raise StudioError(
        "What the teacher answers is not known.",
        why + ", the data have {data}, and it answers for {count}.",
        "Write their names, in the order of its answers, under “{setting}”.",
        place="teacher.classes",
        named=len(weights.classes),
        data=len(dataset.classes),
        count=count,
        setting="Class names",
    )
