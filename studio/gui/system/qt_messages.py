"""What Qt itself has to say goes to the log, and to the terminal as before."""

from __future__ import annotations

import contextlib
import logging
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

_logger = logging.getLogger("studio.qt")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def log_qt_messages() -> None:
    """From now on the messages of Qt are logged under the logger ``studio.qt``."""
    qInstallMessageHandler(_log)


def _log(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    _logger.log(_LEVELS.get(kind, logging.WARNING), "%s (%s)", message, context.category or "default")
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):  # a terminal that is gone; Qt cannot be told
            sys.stderr.write(message + "\n")
