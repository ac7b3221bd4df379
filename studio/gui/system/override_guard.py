"""Python's overrides of the virtual functions of Qt, guarded: an exception in one of them is reported, and Qt gets an answer.

Qt calls them from compiled code, through which no exception can go. PySide prints some; on Python 3.11 one that was raised
in C (``[][0]``, ``1 / 0``, ``int("x")``) ends the process. Slots need no guard: PySide calls those in another way.
"""

from __future__ import annotations

import contextlib
import functools
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any, Final, Self

from PySide6.QtCore import QModelIndex, QObject, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QAbstractSpinBox, QGraphicsLayoutItem

from studio.core.log import logger

Override = Callable[..., Any]
#: Virtual functions that graphics items and plots of other libraries override, besides those named ``...Event``.
_VIRTUAL: Final = frozenset(
    {"event", "eventFilter", "paint", "boundingRect", "shape", "itemChange", "sizeHint", "minimumSizeHint"}
)
#: An error that goes on happening is told again when it did not happen for so many seconds.
QUIET_SECONDS = 60.0
#: Named as methods of Qt that are not virtual: only Python calls them, and gets their exceptions.
NOT_VIRTUAL: Final = frozenset({"setText"})
_GUARDED = "__guarded_override__"
#: What every guarded object has from its making until the collector empties it.
_WHOLE: Final = "__whole__"


class GuardedOverrides:
    """Mixed into every class that overrides virtual functions of Qt, before its Qt base: guards all overrides it has.

    Python's collector may empty an object before what Qt holds of it is gone, and Qt asks it meanwhile, say for its size
    while the widgets beside it are deleted. What then fails is no fault: Qt gets the plain answer, and nothing is reported.

    Example:
        >>> from PySide6.QtCore import QObject
        >>> class Watcher(GuardedOverrides, QObject):
        ...     def eventFilter(self, watched, event):
        ...         return bool([][0])
        >>> is_guarded(Watcher.eventFilter)
        True
    """

    def __new__(cls, *args: Any, **named: Any) -> Self:
        made = super().__new__(cls, *args, **named)
        setattr(made, _WHOLE, True)
        return made

    def __init_subclass__(cls, **wishes: Any) -> None:
        super().__init_subclass__(**wishes)
        for name, function in overrides(cls).items():
            if not is_guarded(function):
                setattr(cls, name, guarded(cls, name, function))


def overrides(cls: type) -> dict[str, Override]:
    """What Qt may call of a class: name to function, as far as it is written in Python.

    Of classes of the studio it is every method named as one of Qt's; other libraries use such names for other things as
    well, so of their classes only what is virtual beyond doubt.
    """
    found: dict[str, Override] = {}
    names = _names_of_qt(cls) - NOT_VIRTUAL
    for base in cls.__mro__:
        if _is_qt(base):
            continue
        ours = not base.__module__.startswith("pyqtgraph")
        for name, function in vars(base).items():
            if name in names and isinstance(function, FunctionType) and (ours or _is_virtual(name)):
                found.setdefault(name, function)
    return found


def is_guarded(function: Override) -> bool:
    """Whether :func:`guarded` made it."""
    return hasattr(function, _GUARDED)


def guarded(owner: type, name: str, function: Override) -> Override:
    """``function``, which overrides ``name`` in ``owner``, with its exceptions reported instead of raised.

    Where it raises, it answers what :func:`plain_answer` says. What ends the program, say Ctrl-C, goes through. Either
    way no painter that it began outlives it: whoever keeps the error keeps the calls that failed, and what they held.
    """

    @functools.wraps(function)
    def override(*args: Any, **named: Any) -> Any:
        try:
            return function(*args, **named)
        except Exception as error:  # noqa: BLE001 - nothing may reach compiled code
            _end_painters(error, args)
            if not _is_emptied(args):
                reports.report(error, f"{owner.__name__}.{name}")
            _let_go(error)
        except BaseException as error:
            _end_painters(error, args)
            raise
        return plain_answer(owner, name, args)

    setattr(override, _GUARDED, True)
    return override


def _is_emptied(args: tuple[object, ...]) -> bool:
    """Whether the collector has emptied the object that was asked: guarded ones have at least their mark."""
    return bool(args) and getattr(args[0], "__dict__", None) == {}


def guard_library(package: str) -> None:
    """Guard the overrides of all classes of a library as far as they are loaded, in place."""
    for cls in classes_below(QObject.__mro__[-2]):
        if cls.__module__.partition(".")[0] != package:
            continue
        for name, function in overrides(cls).items():
            if not is_guarded(function):
                setattr(cls, name, guarded(cls, name, function))


# --- what is answered instead -----------------------------------------------------------------------------------------

#: What an override answers where it cannot; what is not listed answers None.
_ANSWERS: Final[dict[str, Callable[[], object]]] = {
    **dict.fromkeys(("event", "eventFilter", "viewportEvent", "editorEvent", "helpEvent", "focusNextPrevChild"), bool),
    **dict.fromkeys(("hasHeightForWidth", "setData", "canFetchMore", "lessThan", "isEmpty"), bool),
    **dict.fromkeys(("filterAcceptsRow", "filterAcceptsColumn"), lambda: True),
    **dict.fromkeys(("rowCount", "columnCount", "count"), int),
    **dict.fromkeys(("heightForWidth", "minimumHeightForWidth"), lambda: -1),
    **dict.fromkeys(("sizeHint", "minimumSizeHint", "minimumSize", "maximumSize"), QSize),
    "geometry": QRect,
    "boundingRect": QRectF,
    "shape": QPainterPath,
    "index": QModelIndex,
    "parent": QModelIndex,
    "flags": lambda: Qt.ItemFlag.NoItemFlags,
    "expandingDirections": lambda: Qt.Orientation(0),
    "stepEnabled": lambda: QAbstractSpinBox.StepEnabledFlag.StepNone,
    "valueFromText": float,
    "textFromValue": str,
    "displayText": str,
    "roleNames": dict,
    "mimeTypes": list,
}


def plain_answer(owner: type, name: str, args: tuple[object, ...] = ()) -> object:
    """What ``owner.name`` answers where it cannot: no size, no rows, not handled, as before."""
    if name == "itemChange":  # the value it was asked about, unchanged
        return args[-1] if args else None
    if name == "sizeHint" and issubclass(owner, QGraphicsLayoutItem):
        return QSizeF()
    answer = _ANSWERS.get(name)
    return None if answer is None else answer()


def _is_virtual(name: str) -> bool:
    return name.endswith("Event") or name in _VIRTUAL


# --- reporting --------------------------------------------------------------------------------------------------------


class OverrideReports:
    """Hands errors to ``sys.excepthook``, which shows and logs them; a painter that fails at every repaint only once.

    Two errors are of one kind when they have the same type and come from the same line.
    """

    def __init__(self) -> None:
        self._last: dict[tuple[type[Exception], str, int], float] = {}

    def report(self, error: Exception, where: str) -> None:
        """Report an error that was caught in the override ``where``. Never raises."""
        kind, now = _kind(error), time.monotonic()
        before, self._last[kind] = self._last.get(kind), now
        if before is not None and now - before < QUIET_SECONDS:
            return
        error.add_note(f"Qt had called {where}.")
        try:
            sys.excepthook(type(error), error, error.__traceback__)
        except Exception:  # noqa: BLE001 - a terminal that is gone must not end the window
            with contextlib.suppress(Exception):
                logger.exception("An error could not be reported.")

    def forget(self) -> None:
        """From now on every error is new."""
        self._last.clear()


reports: Final = OverrideReports()


def _kind(error: Exception) -> tuple[type[Exception], str, int]:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return type(error), "", 0
    return type(error), trace.tb_frame.f_code.co_filename, trace.tb_lineno


def _end_painters(error: BaseException, given: tuple[object, ...]) -> None:
    """End the painters that the failed calls began: one that outlives its paint event ends the process at the next.

    Args:
        given: what Qt called with; a painter among it is Qt's own, which paints with it after this.
    """
    for one in _chain(error):
        for frame, _ in traceback.walk_tb(one.__traceback__):
            for value in list(frame.f_locals.values()):
                if isinstance(value, QPainter) and all(value is not each for each in given):
                    with contextlib.suppress(RuntimeError):  # Qt has deleted it
                        value.end()


def _let_go(error: BaseException) -> None:
    """Free what the failed calls held."""
    for one in _chain(error):
        traceback.clear_frames(one.__traceback__)


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, and those that it came from."""
    known: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        one = waiting.pop()
        if one is not None and id(one) not in known:
            known.add(id(one))
            yield one
            waiting += [one.__cause__, one.__context__]


# --- classes of Qt ----------------------------------------------------------------------------------------------------


def _is_qt(cls: type) -> bool:
    return cls.__module__.startswith(("PySide6", "Shiboken")) or cls is object


def _names_of_qt(cls: type) -> set[str]:
    """The names of all methods that a class has from Qt; those of Python itself, such as ``__init__``, left out."""
    return {name for base in cls.__mro__ if _is_qt(base) for name in vars(base) if not name.startswith("_")}


def classes_below(root: type) -> list[type]:
    """All classes derived from ``root`` as far as they are loaded."""
    found: dict[type, None] = {}
    waiting: list[type] = [root]
    while waiting:
        below: list[type] = waiting.pop().__subclasses__()
        new = [cls for cls in below if cls not in found]
        found |= dict.fromkeys(new)
        waiting += new
    return list(found)
