"""A person who presses everything: one random event after the other, only such as mouse, keyboard and menus can cause.

What is modal or pops up takes the events for itself, as it does from a person; a click goes to what is on top at its place.
File dialogs never leave the folder they are given.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QAction, QInputMethodEvent, QMouseEvent, QWheelEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLineEdit,
    QMenu,
    QMenuBar,
    QTabBar,
    QTableView,
    QWidget,
)

from studio.gui.shell.window import Window

#: Typed letter by letter: numbers in all their forms, words, and what is none of ours.
TEXTS = (
    "0.25",
    "2,5",
    "1e-3",
    "-1",
    "1e308",
    "nan",
    "12",
    "kd",
    "relu",
    "Ünïcödé",
    "<b>bold</b>",
    "{name}",
    " ",
    "🐟",
    "1 000",
)
KEYS = (
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backtab,
    Qt.Key.Key_Return,
    Qt.Key.Key_Escape,
    Qt.Key.Key_Space,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_Delete,
    Qt.Key.Key_F2,
    Qt.Key.Key_A,
)
MODIFIERS = (Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier)
NONE = Qt.KeyboardModifier.NoModifier
LEFT, RIGHT, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.NoButton
#: What a person aims at; all else is hit by chance.
AIMS = (QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QAbstractSlider, QTabBar, QMenuBar, QAbstractItemView)
SIZES = (QSize(1024, 700), QSize(1280, 800), QSize(1440, 900), QSize(1920, 1080), QSize(900, 620))
#: Whoever does not find out of a dialog after so many events presses Escape.
PATIENCE = 60


class RandomPerson:
    """Causes one event a call.

    Args:
        folder: the only place file dialogs may show.
        trains: whether something trains.
    """

    def __init__(self, seed: int, window: Window, folder: Path, trains: Callable[[], bool]) -> None:
        self._random = random.Random(seed)
        self._window, self._folder, self._trains = window, folder, trains
        self._caught, self._trained = 0, 0
        self._ways: dict[Callable[[QWidget], str], int] = {
            self._click_something: 40,
            self._click_anywhere: 12,
            self._double_click: 4,
            self._right_click: 4,
            self._type: 10,
            self._press_key: 14,
            self._scroll: 6,
            self._move: 6,
            self._drag: 4,
            self._resize: 2,
            self._close_window: 2,
            self._choose_action: 4,
        }

    def act(self) -> str:
        """Cause one event; returns what it was."""
        self._keep_in_folder()
        stuck = self._leave_what_lasts()
        if stuck:
            return stuck
        target = self._target()
        way = self._random.choices(list(self._ways), list(self._ways.values()))[0]
        return way(target)

    # --- where ------------------------------------------------------------------------------------------------------

    def _target(self) -> QWidget:
        """The window that takes events now: what pops up, what is modal, else any that is open."""
        above = _above()
        if above is not None:
            return above
        shown = [one for one in QApplication.topLevelWidgets() if one.isVisible() and one.windowHandle() is not None]
        if not self._window.isVisible():
            self._window.show()
        others = [one for one in shown if one is not self._window and one.windowType() != Qt.WindowType.ToolTip]
        return self._random.choice(others) if others and self._random.random() < 0.2 else self._window

    def _leave_what_lasts(self) -> str:
        """Escape from what has been in the way for long, and stop what has trained for long."""
        above = _above()
        self._caught = self._caught + 1 if above is not None else 0
        self._trained = self._trained + 1 if self._trains() else 0
        if above is not None and self._caught > PATIENCE:
            self._caught = 0
            words = f"Escape from {_name(above)}"
            _key(above, Qt.Key.Key_Escape)
            return words
        if above is None and self._trained > 10 * PATIENCE:
            self._trained = 0
            for name in ("clear_queue", "stop"):
                self._window.actions_[name].trigger()
            return "stop"
        return ""

    def _keep_in_folder(self) -> None:
        """No dialog shows another folder: what it may remove or write over there is none of ours."""
        for dialog in QApplication.topLevelWidgets():
            if not isinstance(dialog, QFileDialog) or not dialog.isVisible():
                continue
            place = Path(dialog.directory().absolutePath()).resolve()
            if not place.is_relative_to(self._folder.resolve()):
                dialog.setDirectory(str(self._folder))

    def _something(self, target: QWidget) -> tuple[QWidget, QPoint]:
        """A part that can be aimed at, in sight and enabled, and a place on it."""
        found = [one for one in _in_sight(target) if isinstance(one, AIMS)]
        self._random.shuffle(found)
        for one in found[:20]:
            place = self._place_on(one)
            on_top = target.childAt(one.mapTo(target, place))
            if on_top is one or (on_top is not None and one.isAncestorOf(on_top)):
                return one, place
        return target, self._place_on(target)

    def _place_on(self, widget: QWidget) -> QPoint:
        if isinstance(widget, QAbstractItemView) and (model := widget.model()) is not None and model.rowCount():
            columns = widget.horizontalHeader().count() if isinstance(widget, QTableView) else 1
            row, column = self._random.randrange(model.rowCount()), self._random.randrange(max(1, columns))
            place = widget.visualRect(model.index(row, column)).center()
            return widget.viewport().mapTo(widget, place) if widget.viewport().rect().contains(place) else place
        rect = widget.rect()
        return QPoint(
            self._random.randint(0, max(0, rect.width() - 1)), self._random.randint(0, max(0, rect.height() - 1))
        )

    # --- the mouse --------------------------------------------------------------------------------------------------

    def _click_something(self, target: QWidget) -> str:
        part, place = self._something(target)
        return self._press_and_release(target, part.mapTo(target, place), LEFT, f"click {_name(part)}")

    def _click_anywhere(self, target: QWidget) -> str:
        place = self._place_on(target)
        return self._press_and_release(target, place, LEFT, f"click {_name(target.childAt(place) or target)}")

    def _right_click(self, target: QWidget) -> str:
        part, place = self._something(target)
        if isinstance(target, QFileDialog):  # its menu removes files
            return "nothing"
        return self._press_and_release(target, part.mapTo(target, place), RIGHT, f"right click {_name(part)}")

    def _double_click(self, target: QWidget) -> str:
        part, place = self._something(target)
        at = part.mapTo(target, place)
        words = self._press_and_release(target, at, LEFT, f"double click {_name(part)}")
        if _above() in (None, target):  # the first of the two may have opened something
            _mouse(target, QEvent.Type.MouseButtonDblClick, at, LEFT, LEFT)
            _mouse(target, QEvent.Type.MouseButtonRelease, at, LEFT, NO_BUTTON)
        return words

    def _press_and_release(self, target: QWidget, at: QPoint, button: Qt.MouseButton, words: str) -> str:
        words = f"{words} at {at.x()},{at.y()} of {_name(target)}"  # a click may be the end of what it hits
        _mouse(target, QEvent.Type.MouseMove, at, NO_BUTTON, NO_BUTTON)
        _mouse(target, QEvent.Type.MouseButtonPress, at, button, button)
        _mouse(target, QEvent.Type.MouseButtonRelease, at, button, NO_BUTTON)
        return words

    def _move(self, target: QWidget) -> str:
        at = self._place_on(target)
        words = f"move to {at.x()},{at.y()} of {_name(target)}"
        _mouse(target, QEvent.Type.MouseMove, at, NO_BUTTON, NO_BUTTON)
        return words

    def _drag(self, target: QWidget) -> str:
        part, place = self._something(target)
        begin, end = part.mapTo(target, place), self._place_on(target)
        if isinstance(target, QFileDialog):  # a file that is dropped is moved
            return "nothing"
        words = f"drag {_name(part)} to {end.x()},{end.y()} of {_name(target)}"
        _mouse(target, QEvent.Type.MouseButtonPress, begin, LEFT, LEFT)
        for share in (0.3, 0.7, 1.0):
            between = begin + (end - begin) * share
            _mouse(target, QEvent.Type.MouseMove, between, NO_BUTTON, LEFT)
        _mouse(target, QEvent.Type.MouseButtonRelease, end, LEFT, NO_BUTTON)
        return words

    def _scroll(self, target: QWidget) -> str:
        at = self._place_on(target)
        by = QPoint(0, self._random.choice((-240, -120, 120, 240)))
        words = f"scroll {by.y()} at {at.x()},{at.y()} of {_name(target)}"
        handle = target.windowHandle()
        if handle is not None:
            where = QPointF(at), QPointF(target.mapToGlobal(at))
            event = QWheelEvent(*where, QPoint(), by, NO_BUTTON, NONE, Qt.ScrollPhase.NoScrollPhase, False)
            QApplication.sendEvent(handle, event)
        return words

    # --- the keyboard -----------------------------------------------------------------------------------------------

    def _type(self, target: QWidget) -> str:
        focus, text = _focus(target), self._random.choice(TEXTS)
        words = f"type {text!r} into {_name(focus)}"
        for letter in text:
            if _reached(target) is None:
                break
            if letter.isascii():
                _key(target, ord(letter))
            else:  # no key of this keyboard
                composed = QInputMethodEvent("", [])
                composed.setCommitString(letter)
                QApplication.sendEvent(_focus(target), composed)
        return words

    def _press_key(self, target: QWidget) -> str:
        focus, key = _focus(target), self._random.choice(KEYS)
        if isinstance(target, QFileDialog) and key == Qt.Key.Key_Delete:
            return "nothing"
        modifier = self._random.choice(MODIFIERS) if self._random.random() < 0.2 else NONE
        words = f"press {modifier.name} {key.name} in {_name(focus)}"
        _key(target, key, modifier)
        return words

    # --- window and menus -------------------------------------------------------------------------------------------

    def _resize(self, target: QWidget) -> str:
        size = self._random.choice(SIZES)
        if target is self._window and not target.isFullScreen():
            target.resize(size)
        return f"resize to {size.width()}x{size.height()}"

    def _close_window(self, _target: QWidget) -> str:
        """The cross of a frame, of one that stands beside the main window."""
        beside = [
            one
            for one in QApplication.topLevelWidgets()
            if one.isVisible() and one.windowType() == Qt.WindowType.Window
        ]
        others = [one for one in beside if one is not self._window]
        if _above() is not None or not others:
            return "nothing"
        other = self._random.choice(others)
        words = f"close {_name(other)}"
        other.close()
        return words

    def _choose_action(self, target: QWidget) -> str:
        """Something of a menu, as by its shortcut; the menus themselves are opened by clicks."""
        if target is not self._window:
            return self._click_something(target)
        actions: list[QAction] = [one for one in target.actions() if one.isEnabled() and one.objectName() != "quit"]
        action = self._random.choice(actions)
        words = f"choose {action.objectName() or action.text()}"
        action.trigger()
        return words


def _in_sight(widget: QWidget) -> Iterator[QWidget]:
    """What is shown and enabled within it, whole branches of what is hidden left out: most of a window is."""
    for child in widget.children():
        if isinstance(child, QWidget) and not child.isWindow() and not child.isHidden() and child.isEnabled():
            yield child
            yield from _in_sight(child)


def _above() -> QWidget | None:
    """What pops up, else what is modal: nothing else can be reached."""
    return QApplication.activePopupWidget() or QApplication.activeModalWidget()


def _mouse(target: QWidget, kind: QEvent.Type, at: QPoint, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
    if (handle := _reached(target)) is not None:
        event = QMouseEvent(kind, QPointF(at), QPointF(at), QPointF(target.mapToGlobal(at)), button, held, NONE)
        QApplication.sendEvent(handle, event)


def _key(target: QWidget, key: Qt.Key | int, modifier: Qt.KeyboardModifier = NONE) -> None:
    """Press and release a key, or what writes a letter, of which the number is given; each goes where the focus then is."""
    for does in (QTest.KeyAction.Press, QTest.KeyAction.Release):  # the press may be the end of what it goes to
        if _reached(target) is not None:
            QTest.keyEvent(does, _focus(target), key, modifier)


def _focus(target: QWidget) -> QWidget:
    focus = QApplication.focusWidget()
    return focus if focus is not None and focus.window() is target else target


def _reached(target: QWidget) -> QWindow | None:
    """What takes the events of a window, where they still reach it.

    The window may be gone: of one that Qt made itself the object in Python does not know, so it is looked for.
    """
    if target not in QApplication.topLevelWidgets() or _above() not in (None, target) or not target.isVisible():
        return None
    return target.windowHandle()


def _name(widget: QWidget) -> str:
    words = widget.accessibleName() or widget.objectName()
    if isinstance(widget, QAbstractButton):
        words = words or widget.text()
    if isinstance(widget, QMenu):
        words = words or widget.title()
    return f"{type(widget).__name__}({words[:40]!r})" if words else type(widget).__name__
