"""Tells the studio's own network files from those of other programs."""

from __future__ import annotations

from pathlib import Path

from studio.core.bounded_read import UnreadableFile
from studio.core.safetensors_header import BadHeader, read_header
from studio.models.files import MODEL_FORMAT_NAME, NETWORK_FORMAT_NAME

#: What names of files with weights of other programs end in.
SUFFIXES = (".pth", ".pt", ".pt7", ".tar", ".bin", ".ckpt", ".safetensors")


def is_foreign(file: Path) -> bool:
    """Whether ``file`` may hold weights that another program has saved: it says of no studio that it wrote it.

    A file that cannot be read is none of them: who reads it as the studio's own says what is wrong.
    """
    if file.suffix.lower() not in SUFFIXES:
        return False
    try:
        written = read_header(file).metadata.get("format", "")
    except BadHeader:
        return file.suffix.lower() != ".safetensors"
    except (UnreadableFile, OSError):
        return False
    return not written.startswith((NETWORK_FORMAT_NAME, MODEL_FORMAT_NAME))
