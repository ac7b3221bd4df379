"""Tool tips show words as they are. Qt takes what looks like HTML for HTML, and fetches the pictures it names."""

from __future__ import annotations

from html import escape

from PySide6.QtGui import Qt

from studio.core.printable import printable

#: Letters of a tool tip; what is longer would cover the window.
LONGEST = 2000


def plain_tip(words: str) -> str:
    """What to give Qt so that a tool tip shows these words and nothing else, whoever wrote them."""
    shown = printable(words if len(words) <= LONGEST else words[: LONGEST - 1] + "…")
    if not Qt.mightBeRichText(shown):
        return shown
    lines = escape(shown).replace("\n", "<br>")
    return f'<qt><span style="white-space:pre-wrap">{lines}</span></qt>'
