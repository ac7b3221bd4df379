"""How commands speak: JSON alone on standard output, or words; tables that stay readable in a pipe."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from studio.core.format import NBSP


def write_json(value: Any) -> None:
    """One JSON document on standard output."""
    sys.stdout.write(json.dumps(value, indent=2, allow_nan=False) + "\n")


def write_out(words: str) -> None:
    """A line on standard output."""
    sys.stdout.write(plain(words) + "\n")


def write_err(words: str) -> None:
    """A line on standard error."""
    sys.stderr.write(plain(words) + "\n")
    sys.stderr.flush()


def plain(words: str) -> str:
    """With spaces that can be searched for: a terminal breaks its lines anywhere."""
    return words.replace(NBSP, " ")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns padded to their widest cell; the last one runs free."""
    lines = [list(head), *map(list, rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "\n".join(line.rstrip() for line in padded)
