"""What the pages of the choosers are called, and what their buttons and fields say."""

from __future__ import annotations

from studio.core.message import Text
from studio.gui.presenters.draft_info import Step
from studio.gui.text.say import say

_WORDS: dict[Step, dict[str, Text]] = {
    "data": {
        "title": Text("Choose the data"),
        "use": Text("Use these data"),
        "find": Text("Find data"),
        "list": Text("Data"),
    },
    "teacher": {
        "title": Text("Choose a teacher and a student"),
        "use": Text("Use this teacher"),
        "find": Text("Find a network, or type its name: wrn-28-10"),
        "list": Text("Networks"),
    },
    "student": {
        "title": Text("Choose a teacher and a student"),
        "use": Text("Use this student"),
        "find": Text("Find a network, or type its name: wrn-16-2"),
        "list": Text("Networks"),
    },
    "method": {
        "title": Text("Choose a method"),
        "use": Text("Use this method"),
        "find": Text("Find a method or paper"),
        "list": Text("Methods"),
    },
}


def chooser_words(step: Step) -> dict[str, str]:
    """Title of the page, words of the button that uses a choice, of the search, and the name of the list."""
    return {name: say(words) for name, words in _WORDS[step].items()}
