"""``studio``: reads the command line, opens the door that was asked for, and turns its end into an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from enum import IntEnum
from importlib import import_module
from typing import TextIO

from studio.cli.arguments import parser
from studio.cli.output import write_err
from studio.core.errors import StudioError, paragraph_of
from studio.core.log import logger, start_log
from studio.runs.files.workspace_path import workspace_path

#: Set to anything, it shows where an error came from.
DEBUG = "STUDIO_DEBUG"


class Exit(IntEnum):
    """Exit codes. What was asked and cannot be ends with 2, as a wrong command line does."""

    DONE = 0
    FAILED = 1
    CANNOT = 2
    STOPPED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code.

    Args:
        argv: without the program's name; None takes those of the process.
    """
    # Two threads waste each other's time spinning on a busy machine; torch reads this once, when it is imported.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    for stream in (sys.stdout, sys.stderr):
        _show_what_it_can(stream)
    try:
        chosen = parser().parse_args(argv)
    except SystemExit as end:  # --help, --version, or a wrong command line
        return int(end.code or 0)
    if chosen.workspace is not None:
        os.environ["STUDIO_WORKSPACE"] = str(
            chosen.workspace.absolute()
        )  # the window and its workers look there as well
    start_log(workspace_path(None))
    try:
        return int(import_module(f"studio.cli.{chosen.door}").run(chosen))
    except KeyboardInterrupt:
        write_err("\nStopped.")
        return Exit.STOPPED
    except BrokenPipeError:  # the reader of our output has had enough
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for what is flushed at exit
        return Exit.DONE
    except StudioError as error:
        write_err(str(error))
        _show_details(error)
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - a person reads words, whatever it was
        logger.error("The command %s failed.", chosen.door, exc_info=error)
        write_err(str(paragraph_of(error)))
        write_err(f"Set {DEBUG}=1 and try again to see the details.")
        _show_details(error)
        return Exit.FAILED


def _show_details(error: Exception) -> None:
    """For who mends the program: where the error came from."""
    if os.environ.get(DEBUG):
        write_err("".join(traceback.format_exception(error)).rstrip())


def _show_what_it_can(stream: TextIO) -> None:
    """A terminal without “ or ± shows a question mark instead of ending the program."""
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace")
