"""A teacher made of weights that another program has saved."""

from __future__ import annotations

from pathlib import Path

from studio.data.base import Dataset
from studio.experiment import TeacherChoice
from studio.networks.base import Input, Network
from studio.networks.foreign.answers import teacher_answers
from studio.networks.foreign.fitting import network_of_weights
from studio.networks.foreign.state_reader import read_weights


def foreign_teacher(choice: TeacherChoice, file: Path, dataset: Dataset) -> Network:
    """The network of ``choice`` with the weights in ``file``.

    It reads pictures as its publisher says, where its classes are the publisher's; else as the data are.

    Raises:
        StudioError: as :func:`studio.networks.foreign.answers.teacher_answers`.
    """
    weights = read_weights(file)
    answers = teacher_answers(weights, choice.key, choice.classes, dataset.shape, dataset.classes, file)
    own = Input(dataset.shape, dataset.mean, dataset.std, dataset.encoding)
    source = answers.published.input_for(dataset.shape[0]) if answers.published is not None else own
    return network_of_weights(weights, choice.key, source, answers.names, file)
