"""What Qt's layouts need told besides what stands in them."""

from __future__ import annotations

from PySide6.QtWidgets import QLayout


def forget_places(layout: QLayout) -> None:
    """Give up the places of all widgets directly in a layout, to place them anew; the widgets stay.

    ``takeAt`` leaves to Python items that are never deleted. A widget goes on telling such an item when its size changes,
    and not the one of its new place, which then keeps the height the widget had when it was first asked.
    """
    for index in reversed(range(layout.count())):
        item = layout.itemAt(index)
        widget = item.widget() if item is not None else None
        if widget is not None:
            layout.removeWidget(widget)  # deletes the item
        else:
            layout.takeAt(index)
