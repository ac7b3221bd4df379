"""The log of a workspace: where errors nobody foresaw leave their traceback, whoever met them."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import sys
import threading
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

#: Every part of the program logs below this name; libraries log where they like.
logger = logging.getLogger("studio")

FOLDER, FILE, CRASHES = "logs", "studio.log", "crashes.log"
#: Bytes of one file, and how many older ones are kept beside it.
MAX_BYTES, OLDER = 1_000_000, 3
_FORMAT = "%(asctime)s %(levelname)s process %(process)d, %(threadName)s, %(name)s: %(message)s"


def log_file(workspace: Path) -> Path:
    """Where the log of a workspace is; not there before something was written."""
    return workspace / FOLDER / FILE


def start_log(workspace: Path) -> None:
    """Log to ``WORKSPACE/logs``; called again, to another workspace. Nothing is made on disk before there is something to write.

    From now on exceptions that nobody catches, in any thread and in destructors, are logged before they go on as they did.
    """
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()
    handler = _WorkspaceHandler(log_file(workspace))
    handler.setFormatter(logging.Formatter(_FORMAT))
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    _hooks.install()


def log_crashes(workspace: Path) -> None:
    """Have the tracebacks of all threads written to ``logs/crashes.log`` when the process dies in compiled code.

    The file must be open beforehand, so this makes it: for the window, which lives long and calls much compiled code.
    """
    with contextlib.suppress(OSError):
        folder = workspace / FOLDER
        folder.mkdir(parents=True, exist_ok=True)
        _hooks.open_crashes(folder / CRASHES)


class _WorkspaceHandler(RotatingFileHandler):
    """Makes its folder when there is something to write. A log must never be what fails."""

    def __init__(self, file: Path) -> None:
        super().__init__(file, maxBytes=MAX_BYTES, backupCount=OLDER, encoding="utf-8", delay=True, errors="replace")

    def _open(self) -> TextIOWrapper:
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the standard library's name
        """A full disk or a folder without rights: the program goes on without a log."""


class _Hooks:
    """The hooks of the interpreter, each calling the one that was there before."""

    def __init__(self) -> None:
        self._installed = False
        self._crashes: TextIOWrapper | None = None

    def install(self) -> None:
        if self._installed:
            return
        self._installed = True
        before_main, before_thread, before_unraisable = sys.excepthook, threading.excepthook, sys.unraisablehook

        def uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            if issubclass(kind, Exception):
                logger.error("Nobody caught an error.", exc_info=(kind, error, trace))
            before_main(kind, error, trace)

        def uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
            if arguments.exc_value is not None and issubclass(arguments.exc_type, Exception):
                trace = (arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
                logger.error("Nobody caught an error in a thread.", exc_info=trace)
            before_thread(arguments)

        def unraisable(arguments: sys.UnraisableHookArgs) -> None:
            if arguments.exc_value is not None:
                trace = (arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
                logger.error("An error could not be raised: %s", arguments.err_msg or "ignored", exc_info=trace)
            before_unraisable(arguments)

        sys.excepthook, threading.excepthook, sys.unraisablehook = uncaught, uncaught_in_thread, unraisable

    def open_crashes(self, file: Path) -> None:
        before, self._crashes = self._crashes, file.open("a", encoding="utf-8")
        faulthandler.enable(self._crashes)
        if before is not None:
            before.close()


_hooks = _Hooks()
