"""How commands speak: JSON alone on standard output, or words; tables that stay readable in a pipe.

Who reads may leave at any time (``studio train FILE | head``), and what is written to may be full or closed: that stops
nothing that runs.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from typing import Any, Literal, TextIO

from studio.core.errors import os_reason
from studio.core.format import NBSP
from studio.core.printable import one_line, printable

#: Letters of a cell of a table.
WIDEST = 400


def write_json(value: Any) -> None:
    """One JSON document on standard output."""
    _write("stdout", json.dumps(value, indent=2, allow_nan=False))


def write_json_line(value: Any) -> None:
    """One JSON document on a line of standard output, at once."""
    _write("stdout", json.dumps(value, allow_nan=False))


def write_out(words: str) -> None:
    """A line on standard output."""
    _write("stdout", plain(words))


def write_err(words: str) -> None:
    """A line on standard error."""
    _write("stderr", plain(words))


def _write(name: Literal["stdout", "stderr"], line: str) -> None:
    """Write a line; where that is refused, nothing more is written there, and standard error says so once."""
    stream: TextIO | None = getattr(sys, name)
    if stream is None:  # closed before the program began
        return
    try:
        stream.write(line + "\n")
        stream.flush()
    except (OSError, ValueError) as refused:
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - for what comes, and at exit
        if name == "stdout" and not isinstance(refused, BrokenPipeError):
            reason = os_reason(refused) if isinstance(refused, OSError) else str(refused)
            write_err(f"Standard output cannot be written to: {reason}.")


def plain(words: str) -> str:
    """What a terminal may be given: nothing in it is obeyed, and spaces can be searched for, since it breaks its lines anywhere."""
    return printable(words.replace(NBSP, " "))


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Columns padded to their widest cell; the last one runs free. A cell is one line, whatever it holds."""
    lines = [[one_line(cell, WIDEST) for cell in row] for row in (head, *rows)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head))]
    padded = ("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
    return "\n".join(line.rstrip() for line in padded)
