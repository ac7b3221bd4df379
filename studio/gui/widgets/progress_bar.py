"""A progress bar that is painted when everything else is."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar


class ProgressBar(QProgressBar):
    """Qt's own paints at once whatever of the window has changed, words whose place was not found yet among it."""

    def show_value(self, value: int) -> None:
        """Show another value with the next painting."""
        if value != self.value():
            self.setUpdatesEnabled(False)  # or setValue repaints
            self.setValue(value)
            self.setUpdatesEnabled(True)
