"""The network of a run as one ``.safetensors`` file that answers alone: weights and what it takes to rebuild it, no code.

The file of an ensemble holds all of its members, that of a chain the model that counts. It is read back by
:func:`studio.networks.files.load_network`, and by the studio as a teacher from a file.
"""

from __future__ import annotations

from pathlib import Path

from studio.core.errors import NotWritten, StudioError, os_reason
from studio.core.files import write_export
from studio.models.files import load_model
from studio.runs.files.digests import is_intact
from studio.runs.run_info import RunInfo

SUFFIX = ".safetensors"


def export_network(info: RunInfo, path: Path) -> Path:
    """Write what a run has learnt to ``path``, byte for byte as the run keeps it.

    Args:
        path: of the new file; without a suffix it gets its own.

    Returns:
        The file.

    Raises:
        StudioError: another kind of file is asked for, or the run has kept no network that can be read.
        NotWritten: it cannot be written there; an older file of that name is intact.
    """
    target = path.with_name(path.name + SUFFIX) if not path.suffix else path
    if target.suffix.lower() != SUFFIX:
        raise StudioError(
            "A network cannot be written as {suffix}.",
            "",
            "Name a file that ends in .safetensors.",
            suffix=target.suffix,
        )
    kept = kept_model(info)
    load_model(kept)  # what nobody could read back is not handed out
    write_export(target, kept.read_bytes(), not_written)
    return target


def kept_model(info: RunInfo) -> Path:
    """The file of what a run has learnt, as it was recorded.

    Raises:
        StudioError: there is none, or it is damaged.
    """
    kept = info.places.student
    if not kept.is_file():
        raise StudioError(
            "The run {run} has no network to write.",
            "It kept no student.",
            "Choose a run that has finished.",
            run=info.id,
        )
    if not is_intact(kept, info.files):
        raise StudioError(
            "The network of the run {run} cannot be written.",
            "Its file is damaged: it is not what was recorded when the run ended.",
            "Train that run again.",
            run=info.id,
        )
    return kept


def not_written(path: Path, _size: int, error: OSError) -> NotWritten:
    """Why what a run has learnt cannot be written."""
    return NotWritten(
        "It cannot be written to {path}.",
        "{reason}.",
        "Choose another place.",
        path=path,
        reason=os_reason(error),
    )
