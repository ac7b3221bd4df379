"""Lets Python forget the items of Qt's layouts, which it would otherwise know for longer than Qt does.

A layout that already holds widgets and is put into another one makes PySide wrap each of its items, and keep the wrappers
as long as the layout. When a widget goes, Qt deletes its item alone, and the wrapper stays known by an address at which
something else comes to lie: PySide then takes a window for a layout's item, and in time the process dies.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from PySide6.QtWidgets import QBoxLayout, QGridLayout, QLayout
from shiboken6 import invalidate


def forget_layout_items() -> None:
    """From now on no layout that is put into another leaves wrappers of its items behind. More than once is as once."""
    for kind in (QBoxLayout, QGridLayout):
        if not hasattr(kind.addLayout, "__wrapped__"):
            kind.addLayout = _forgetful(kind.addLayout)  # type: ignore[method-assign]


def _forgetful(add_layout: Callable[..., None]) -> Callable[..., None]:
    @wraps(add_layout)
    def add(outer: QLayout, inner: QLayout, *args: Any, **kwargs: Any) -> None:
        add_layout(outer, inner, *args, **kwargs)
        _forget_items(inner)

    return add


def _forget_items(layout: QLayout) -> None:
    """Those of Qt's own layouts; a layout written in Python holds on to its items by the wrappers alone."""
    if type(layout).__module__.partition(".")[0] != "PySide6":
        return
    for number in range(layout.count()):
        item = layout.itemAt(number)
        if isinstance(item, QLayout):
            _forget_items(item)
        elif item is not None:
            invalidate(item)
