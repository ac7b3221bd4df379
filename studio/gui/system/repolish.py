"""Gives the widgets there are another style sheet: those that can be seen at once, the others when they are shown.

``QApplication.setStyleSheet`` polishes every widget once for each of its ancestors: 1,800 widgets took 1.4 seconds. Taking
the sheet away and setting it anew polishes each once, and passes over what has no mark of being polished; so the mark is
taken from what is hidden, which is polished anew when it is shown.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from studio.gui.system.override_guard import GuardedOverrides

_POLISHED = Qt.WidgetAttribute.WA_WState_Polished
_OWN_STYLE = Qt.WidgetAttribute.WA_SetStyle


def set_style_sheet(app: QApplication, sheet: str) -> None:
    """Set the style sheet of the application. What is hidden gets it when it is shown."""
    # Qt goes through a list of them that it makes first: none that Python owns may go meanwhile, dropped or as garbage
    widgets = app.allWidgets()
    if not app.styleSheet():
        app.setStyleSheet(sheet)
        return
    _keep_caches()
    shown: list[QWidget] = []
    hidden: list[QWidget] = []
    for widget in widgets:
        (shown if widget.isVisible() else hidden).append(widget)
    spared = [widget for widget in hidden if not widget.testAttribute(_OWN_STYLE)]
    told_once = [widget for widget in shown if not widget.testAttribute(_OWN_STYLE)]
    for widget in hidden:
        if widget.testAttribute(_POLISHED):
            widget.setAttribute(_POLISHED, False)
            if widget.isHidden():  # in itself, not by what it stands in
                widget.installEventFilter(_watcher())
    for widget in spared + told_once:  # nor need they be told that there is another style; the others only in the end
        widget.setAttribute(_OWN_STYLE, True)
    app.setStyleSheet("")
    for widget in told_once:
        if isValid(widget):
            widget.setAttribute(_OWN_STYLE, False)
    app.setStyleSheet(sheet)
    for widget in spared:
        if isValid(widget):  # some make parts of theirs anew for another style
            widget.setAttribute(_OWN_STYLE, False)


def catch_up(widget: QWidget) -> None:
    """Give a widget and all in it that is not hidden in itself the style sheet in force, where they have an earlier one.

    What is shown is seen to without being asked; this is for what is drawn without being shown.
    """
    if not widget.testAttribute(_POLISHED):
        widget.removeEventFilter(_watcher())
        widget.style().unpolish(widget)
        widget.style().polish(widget)
        widget.setAttribute(_POLISHED, True)
        widget.updateGeometry()
    for child in widget.children():
        if not isinstance(child, QWidget) or child.isWindow():
            continue
        if child.isHidden():
            child.installEventFilter(_watcher())
        else:
            catch_up(child)


class _Watcher(GuardedOverrides, QObject):
    """Sees hidden widgets being shown."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, QWidget):
            watched.removeEventFilter(self)
            catch_up(watched)
        return False


@lru_cache(maxsize=1)
def _watcher() -> _Watcher:
    return _Watcher()


@lru_cache(maxsize=1)
def _keep_caches() -> QWidget:
    """A widget with a sheet of its own, never shown: without one Qt forgets what hidden widgets looked like before a sheet."""
    widget = QWidget()
    widget.setStyleSheet("QWidget { }")
    return widget
