"""Lengths that follow the size of text: what holds words grows and shrinks with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from studio.gui.theme import state

Kept = TypeVar("Kept", bound=QWidget)


def scaled(pixels: float) -> int:
    """A length at the usual size of text as it is at the size in force, in whole pixels."""
    return round(pixels * state.text_scale())


class _LengthKeeper(QObject):
    """Lives with a widget and sets its lengths anew when the size of text changes."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.setObjectName("length keeper")
        self._lengths: dict[str, tuple[Callable[..., Any], tuple[float, ...]]] = {}
        self._scale = state.text_scale()
        state.notifier().changed.connect(self._refresh)

    def keep(self, setter: Callable[..., Any], pixels: tuple[float, ...]) -> None:
        """Set lengths now, and whenever they change."""
        self._lengths[setter.__name__] = (setter, pixels)
        setter(self.parent(), *map(scaled, pixels))

    def _refresh(self) -> None:
        if self._scale != state.text_scale():
            self._scale = state.text_scale()
            for setter, pixels in self._lengths.values():
                setter(self.parent(), *map(scaled, pixels))


def keep_length(widget: Kept, setter: Callable[..., Any], *pixels: float) -> None:
    """Give a widget a length that follows the size of text; called again with the same setter it exchanges it.

    Args:
        widget: whose length it is.
        setter: an unbound method of its class, such as ``QWidget.setFixedHeight``.
        pixels: what the setter takes, at the usual size of text.
    """
    keeper = widget.findChild(_LengthKeeper, "length keeper", Qt.FindChildOption.FindDirectChildrenOnly)
    if keeper is None:
        keeper = _LengthKeeper(widget)
    keeper.keep(setter, pixels)
