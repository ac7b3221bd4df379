"""Words that are explained where they stand: found in a text in singular and plural, each once, with the text of the help."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.core import resources
from studio.gui.text.glossary import PAGE, Glossary, glossary, read_glossary

PAGE_TEXT = (
    "# Words\n\n## Batch\n\nSeen *together*.\n\n## Learning rate\n\nThe size\nof a [step](help:settings).\n\n"
    "## Rate\n\nA share. See\n[rates](help:rates).\n"
)


def found(text: str) -> list[tuple[str, str]]:
    """What stands in the text, and the word it is explained by."""
    return [(text[span.start : span.end], span.entry.word) for span in Glossary(PAGE_TEXT).spans(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Batches of one", [("Batches", "Batch")]),
        ("a batch, another batch", [("batch", "Batch")]),
        ("The LEARNING RATE falls", [("LEARNING RATE", "Learning rate")]),
        ("rates per batch", [("rates", "Rate"), ("batch", "Batch")]),
        ("batched, separate", []),
    ],
)
def test_a_word_is_found_where_it_stands_first(text: str, words: list[tuple[str, str]]) -> None:
    assert found(text) == words


def test_what_a_word_means_is_its_section_without_marks() -> None:
    assert [entry.text for entry in Glossary(PAGE_TEXT).entries] == [
        "Seen together.",
        "The size of a step.",
        "A share.",
    ]


def test_without_its_page_nothing_is_explained(tmp_path: Path) -> None:
    assert read_glossary(tmp_path / "nothing.md").spans("epoch") == []


@pytest.mark.parametrize(
    "word",
    [
        *["epoch", "batch", "seed", "loss", "channel", "group", "tap", "temperature", "gap", "agreement", "reference"],
        "learning rate",
    ],
)
def test_the_words_of_the_window_are_explained_by_the_help(word: str) -> None:
    entry = glossary().entry(word)
    assert entry is not None
    assert len(entry.text) < 400
    page = " ".join((resources.folder("help") / f"{PAGE}.md").read_text("utf-8").split())
    assert entry.text[:30] in page
