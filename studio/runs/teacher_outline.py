"""The network of a teacher that is there already, known from what its file says of it: none of its weights is read."""

from __future__ import annotations

from pathlib import Path

from studio.core.errors import told_of
from studio.core.prefixed_key import PrefixedKey
from studio.insight.network_and_data_info import DataInfo
from studio.models.files import NETWORK, kind_of
from studio.networks.base import Network
from studio.networks.build import outline_network
from studio.networks.files import read_outline
from studio.networks.foreign.answers import teacher_answers
from studio.networks.foreign.outline import outline_of
from studio.networks.foreign.recognise import is_foreign
from studio.networks.other_input import refuse_other_input
from studio.networks.table_input import refuse_other_columns
from studio.runs.store.workspace import Workspace
from studio.runs.teacher_classes import NamedTeacher, class_names


def teacher_outline(teacher: NamedTeacher, workspace: Workspace, data: DataInfo) -> Network | None:
    """The network of a run or of a file on torch's meta device.

    Returns:
        None where it is trained first, published or made of several, where what teaches is no network, and where the data
        decide and were not read yet.

    Raises:
        StudioError: the file cannot be used, or its weights are those of another network.
    """
    source = PrefixedKey.parse(teacher.source)
    if source.kind not in ("run", "file"):
        return None
    with told_of("teacher.source"):
        file = workspace.run(source.name).places.student if source.kind == "run" else Path(source.name)
        if source.kind == "run" or not is_foreign(file):
            return read_outline(file) if kind_of(file) == NETWORK else None
    if data.shape is None or data.classes is None:
        return None
    names = class_names(data, data.classes)
    answers = teacher_answers(outline_of(file), teacher.key, teacher.classes, data.shape, names, file)
    shape = answers.published.input_for(data.shape[0]).shape if answers.published is not None else data.shape
    return outline_network(teacher.key, shape, answers.names)


def refuse_strange_teacher(outline: Network, data: DataInfo) -> None:
    """Refuse a teacher that cannot read the data, as far as they are known.

    Raises:
        StudioError: says what it was made for, and what the data are.
    """
    if data.shape is not None:
        refuse_other_input(outline, data.shape)
    if data.columns:
        refuse_other_columns(outline, data.columns)
