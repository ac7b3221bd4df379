"""The order in which the keyboard goes through a window: that of the eye, not that in which widgets were made.

Qt goes by the latter. A form whose rows are made anew for another method would come last, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QLayout, QScrollArea, QWidget


def tab_stops(areas: Iterable[QWidget]) -> list[QWidget]:
    """Where Tab stops in these parts of a window, one part after the other."""
    return [widget for area in areas for widget in _in_order(area) if _is_stop(widget)]


def next_stop(stops: list[QWidget], focus: QWidget | None, forward: bool) -> QWidget | None:
    """The stop after the one that has the focus, or before it; round the end. None where there are no stops.

    What has the focus may be inside of a stop, or none: then it goes on from the first, or the last.
    """
    if not stops:
        return None
    place = next((number for number, stop in enumerate(stops) if stop is focus), None)
    if place is None and focus is not None:
        place = next((number for number, stop in enumerate(stops) if stop.isAncestorOf(focus)), None)
    if place is None:
        return stops[0 if forward else -1]
    return stops[(place + (1 if forward else -1)) % len(stops)]


def reveal(widget: QWidget) -> None:
    """Scroll every area a widget lies in, so that it can be seen."""
    above: QObject | None = widget.parent()
    while isinstance(above, QWidget):
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(widget, 8, 8)
        above = above.parent()


def _is_stop(widget: QWidget) -> bool:
    takes_tab = bool(widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value)
    return takes_tab and widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None


def _in_order(widget: QWidget) -> Iterator[QWidget]:
    """A widget, then what is in it: by its layout, and after that by place."""
    yield widget
    layout = widget.layout()
    placed = list(_of_layout(layout)) if layout is not None else []
    known = set(placed)
    rest = [child for child in widget.children() if isinstance(child, QWidget) and child not in known]
    rest.sort(key=lambda child: (child.y(), child.x()))
    for child in (*placed, *rest):
        if child.isVisible() and not child.isWindow():
            yield from _in_order(child)


def _of_layout(layout: QLayout) -> Iterator[QWidget]:
    """The widgets a layout places, in its order, those of the layouts in it included.

    It is asked where each stands, never for the item that it stands in: PySide keeps what ``itemAt`` gave for as long as
    the layout lives, longer than Qt keeps the item, and takes whatever comes to lie there next for a layout's item.
    """
    holder = layout.parentWidget()
    placed: dict[int, QWidget | QLayout] = {}
    for each in (*(holder.children() if holder is not None else ()), *layout.children()):
        if isinstance(each, QWidget | QLayout):
            placed[layout.indexOf(each)] = each
    for number in sorted(placed.keys() - {-1}):
        one = placed[number]
        if isinstance(one, QLayout):
            yield from _of_layout(one)
        else:
            yield one
