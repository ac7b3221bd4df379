"""Which classes a teacher names that is there already, as far as that is known before it is used."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from studio.core.errors import StudioError
from studio.core.prefixed_key import PrefixedKey
from studio.data.class_names import same_class
from studio.insight.network_and_data_info import DataInfo
from studio.models.files import NETWORK, kind_of, read_model
from studio.networks.files import read_classes
from studio.networks.foreign.answers import teacher_answers
from studio.networks.foreign.outline import outline_of
from studio.networks.foreign.recognise import is_foreign
from studio.networks.zoo.published_weights import published_weights
from studio.runs.store.workspace import Workspace


@dataclass(frozen=True)
class NamedTeacher:
    """A teacher as an experiment or a draft names it: its table's ``key``, ``source`` and ``classes``."""

    key: str
    source: str
    classes: str = ""


def known_classes(teacher: NamedTeacher, workspace: Workspace, data: DataInfo) -> tuple[str, ...]:
    """The classes it names; empty where it is trained first or made of several, or the data decide and were not read.

    Raises:
        StudioError: its weights cannot be read, are those of another network, or nobody says what they answer.
    """
    source = PrefixedKey.parse(teacher.source)
    if source.kind == "pretrained":
        return tuple(map(same_class, published_weights(teacher.key).classes))
    if source.kind == "run":
        return _classes_in(workspace.run(source.name).places.student)
    if source.kind != "file":
        return ()
    file = Path(source.name)
    if not is_foreign(file):
        return _classes_in(file)
    if data.shape is None or data.classes is None:
        return ()
    names = class_names(data, data.classes)
    return teacher_answers(outline_of(file), teacher.key, teacher.classes, data.shape, names, file).names


def class_names(data: DataInfo, count: int) -> tuple[str, ...]:
    """Those of the ``count`` classes of the data; numbers where they were not read yet."""
    return data.names or tuple(map(str, range(count)))


def _classes_in(file: Path) -> tuple[str, ...]:
    """Those of a network that a run has written, or of a model of another kind."""
    kind = kind_of(file)
    return read_classes(file) if kind == NETWORK else read_model(file, kind).classes


def names_other_classes(teacher: NamedTeacher, workspace: Workspace, data: DataInfo) -> bool:
    """Whether a teacher that is there already is known to name other classes than the data."""
    try:
        known = known_classes(teacher, workspace, data)
    except StudioError:
        return False  # said where the teacher is used
    if not known:
        return False
    if not data.names:
        return data.classes is not None and data.classes != len(known)
    return set(known) != set(data.names)
