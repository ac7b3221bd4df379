"""A teacher made of weights that another program has saved: once, then it is kept as a network of the studio's."""

from __future__ import annotations

from pathlib import Path

from studio.data.base import Dataset
from studio.experiment import TeacherChoice
from studio.networks.base import Input, Network
from studio.networks.files import save_network
from studio.networks.foreign.answers import teacher_answers
from studio.networks.foreign.fitting import network_of_weights
from studio.networks.foreign.recognise import is_foreign
from studio.networks.foreign.state_reader import read_weights
from studio.training.write_guard import WriteGuard


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


def as_own_file(choice: TeacherChoice, file: Path, dataset: Dataset, folder: Path, guard: WriteGuard) -> Path:
    """The file of a teacher as one of the studio's, so that it answers and can be gone on with though ``file`` be gone.

    Args:
        folder: of the run, where the network is kept that is made of what another program has saved.
        guard: writes it.

    Returns:
        ``file`` itself where the studio has written it.

    Raises:
        StudioError: as :func:`foreign_teacher`.
        NotWritten: there is no room.
    """
    if not is_foreign(file):
        return file
    network, kept = foreign_teacher(choice, file, dataset), folder / "teacher.safetensors"
    guard.write(lambda: save_network(network, kept))
    return kept
