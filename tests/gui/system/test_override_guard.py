"""No exception in an override of a virtual function of Qt ends the process; it is reported once, and Qt gets an answer."""

from __future__ import annotations

import ast
import gc
import importlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import FunctionType, TracebackType
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

import studio.gui
from studio.gui.system import override_guard
from studio.gui.system.override_guard import (
    GuardedOverrides,
    guard_library,
    guarded,
    is_guarded,
    overrides,
    plain_answer,
    reports,
)
from tests.gui.system.raising_overrides import classes_of_the_window, own_overrides

#: A widget's virtual functions are put into instances by name.
EVENT_SUFFIX = "Event"


@pytest.fixture(autouse=True)
def told(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[BaseException]]:
    """What is reported."""
    found: list[BaseException] = []

    def hook(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        found.append(error)

    reports.forget()
    monkeypatch.setattr(sys, "excepthook", hook)
    yield found
    reports.forget()


class Painted(GuardedOverrides, QWidget):
    """Fails in the middle of painting."""

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.drawText(5, 5, str(1 // self.objectName().count("a")))


# --- the whole window -------------------------------------------------------------------------------------------------


def test_every_override_of_the_window_is_guarded() -> None:
    escaped = [
        f"{cls.__name__}.{name}"
        for cls in classes_of_the_window()
        for name, function in overrides(cls).items()
        if not is_guarded(function)
    ]
    assert not escaped
    assert len([cls for cls in classes_of_the_window() if own_overrides(cls)]) > 40


def test_every_override_can_raise_in_c_and_the_process_lives() -> None:
    """Each in turn, called by Qt three times, is reported once."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.gui.system.raising_overrides"],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [line.split() for line in done.stdout.splitlines()]
    expected = {f"{cls.__name__}.{name}" for cls in classes_of_the_window() for name in own_overrides(cls)}
    assert {name for name, _, _ in lines} == expected
    never = [name for name, called, _ in lines if int(called) < 1]
    assert never == [], "Qt did not call these: is there a trigger in raising_overrides?"
    assert [name for name, _, reported in lines if int(reported) != 1] == []


def test_nothing_is_overridden_where_no_class_can_guard_it() -> None:
    """Neither in an instance (``widget.paintEvent = ...``) nor in a class made within a function."""
    found = []
    for file in Path(studio.gui.__path__[0]).rglob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            targets = node.targets if isinstance(node, ast.Assign) else []
            found += [
                f"{file.name}:{target.lineno}"
                for target in targets
                if isinstance(target, ast.Attribute) and target.attr.endswith(EVENT_SUFFIX)
            ]
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found += [f"{file.name}:{inner.lineno}" for inner in ast.walk(node) if isinstance(inner, ast.ClassDef)]
    assert found == []


def test_every_answer_has_the_type_qt_asks_for() -> None:
    get_signature: Any = importlib.import_module("shibokensupport.signature").get_signature  # it comes with PySide6
    wrong = []
    for cls in classes_of_the_window():
        for name in own_overrides(cls):
            base = next(base for base in cls.__mro__ if base.__module__.startswith("PySide6") and name in vars(base))
            signature = get_signature(vars(base)[name])
            kinds = signature if isinstance(signature, list) else [signature]
            kind = kinds[0].return_annotation
            answer = plain_answer(cls, name)
            if kind is not Any and isinstance(kind, type) and not isinstance(answer, kind):
                wrong.append(f"{cls.__name__}.{name}: {answer!r} is no {kind.__name__}")
    assert wrong == []


# --- one class --------------------------------------------------------------------------------------------------------


def test_a_painter_that_fails_is_told_once_and_paints_again_when_it_can(
    qtbot: QtBot, told: list[BaseException]
) -> None:
    """Its QPainter is let go: one that stays on its device ends the process at the next repaint."""
    widget = Painted()
    qtbot.addWidget(widget)
    for _ in range(20):
        widget.grab()
    assert [type(error) for error in told] == [ZeroDivisionError]
    assert "Qt had called Painted.paintEvent." in told[0].__notes__
    assert not widget.paintingActive()
    widget.setObjectName("a")
    widget.grab()
    assert len(told) == 1


def test_a_painter_that_somebody_keeps_is_ended(qtbot: QtBot, told: list[BaseException]) -> None:
    kept: list[QPainter] = []

    class Keeping(GuardedOverrides, QWidget):
        def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
            painter = QPainter(self)
            kept.append(painter)
            painter.no_such_method()  # type: ignore[attr-defined]  # the error names the painter, and keeps it

    widget = Keeping()
    qtbot.addWidget(widget)
    widget.grab()
    assert not kept[0].isActive()
    assert not widget.paintingActive()
    assert [type(error) for error in told] == [AttributeError]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_whatever_ends_painting_ends_the_painter_that_was_begun_and_not_the_one_that_was_given(
    error: type[BaseException], qapp: QApplication
) -> None:
    begun: list[QPainter] = []
    sheets = QPixmap(4, 4), QPixmap(4, 4)

    def paint(given: QPainter) -> None:
        def draw() -> None:
            begun.append(QPainter(sheets[1]))
            painter = begun[-1]
            assert painter.isActive()
            assert given.isActive()
            raise error

        draw()

    ours = QPainter(sheets[0])
    override = guarded(QObject, "paint", paint)
    with pytest.raises(error) if error is KeyboardInterrupt else nullcontext():
        override(ours)
    assert not begun[0].isActive()
    assert ours.isActive()
    ours.end()


def test_another_kind_of_error_is_told_as_well(qtbot: QtBot, told: list[BaseException]) -> None:
    class Two(GuardedOverrides, QWidget):
        def event(self, event: QEvent) -> bool:
            if event.type() == QEvent.Type.User:
                raise KeyError("one")
            return super().event(event) or bool(int(self.objectName() or 1))

    widget = Two()
    qtbot.addWidget(widget)
    QApplication.sendEvent(widget, QEvent(QEvent.Type.User))
    widget.setObjectName("none")
    QApplication.sendEvent(widget, QEvent(QEvent.Type.None_))
    assert [type(error) for error in told] == [KeyError, ValueError]


def test_an_error_that_had_stopped_is_told_again(told: list[BaseException], monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_watched: object) -> None:
        raise ValueError("odd")

    override = guarded(QObject, "eventFilter", fail)
    now = [0.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    for now[0] in (0.0, 30.0, 60.0, 90.0, 300.0):
        assert override(None) is False
    assert len(told) == 2


def test_what_the_collector_has_emptied_is_no_fault(told: list[BaseException], qtbot: QtBot) -> None:
    """Widgets that know each other end by the collector: it empties them first, and Qt asks some of them while it deletes."""
    asked = []

    class Sized(GuardedOverrides, QWidget):
        def __init__(self) -> None:
            self.wide = 20
            super().__init__()

        def event(self, event: QEvent) -> bool:
            asked.append("wide" in vars(self))
            return super().event(event) and self.wide > 0

    window = QWidget()
    column = QVBoxLayout(window)
    for _ in range(8):
        inner = Sized()
        inner.window_, inner.itself = window, inner  # type: ignore[attr-defined]
        column.addWidget(inner)
    window.show()
    qtbot.waitExposed(window)
    del window, column, inner
    gc.collect()
    QApplication.processEvents()
    assert False in asked, "none was asked after it had been emptied: this test shows nothing"
    assert not told


def test_a_reporter_that_fails_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken_hook(*_args: object) -> None:
        raise OSError("the terminal is gone")

    def fail() -> None:
        raise ValueError("odd")

    monkeypatch.setattr(sys, "excepthook", broken_hook)
    assert guarded(QObject, "count", fail)() == 0


def test_ctrl_c_goes_through() -> None:
    def interrupted() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        guarded(QObject, "paintEvent", interrupted)()


def test_overrides_of_a_mixin_are_guarded_too() -> None:
    class Mixin:
        def eventFilter(self, _watched: QObject, _event: QEvent) -> bool:  # noqa: N802 - Qt's name
            return bool([].pop())

    class Both(GuardedOverrides, Mixin, QObject):
        pass

    watched, watcher = QObject(), Both()
    watched.installEventFilter(watcher)
    QApplication.sendEvent(watched, QEvent(QEvent.Type.User))
    assert is_guarded(Both.eventFilter)
    assert not is_guarded(Mixin.eventFilter)


def test_a_library_is_guarded_in_place(qtbot: QtBot, told: list[BaseException]) -> None:
    """pyqtgraph's own items take part in every repaint, and do not derive from ours."""
    import pyqtgraph as pg

    guard_library("pyqtgraph")
    assert is_guarded(pg.AxisItem.paint)
    assert is_guarded(pg.ViewBox.itemChange)
    assert not is_guarded(pg.PlotCurveItem.setData)  # of that name, but not virtual: its callers get its errors
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    plot.getAxis("left").tickStrings = lambda values, *_: [str(int(f"{value} of them")) for value in values]
    plot.grab()
    assert [type(error) for error in told] == [ValueError]
    assert "Qt had called AxisItem.paint." in told[0].__notes__


def test_what_it_costs_is_one_call() -> None:
    """The function itself is called, with what Qt gives it, and its answer handed on."""
    asked = []

    def count(*args: object, **named: object) -> int:
        asked.append((args, named))
        return 3

    override = guarded(QObject, "rowCount", count)
    assert override(1, parent=2) == 3
    assert asked == [((1,), {"parent": 2})]
    assert isinstance(override, FunctionType)  # PySide takes nothing else for an override
    assert override_guard.is_guarded(override)
