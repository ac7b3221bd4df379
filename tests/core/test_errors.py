"""Every error is one paragraph that can be translated sentence by sentence, whoever foresaw it."""

from __future__ import annotations

import pytest

from studio.core.errors import Invalid, NotWritten, RunFailed, StudioError, paragraph_of, unexpected, unexpected_in_run
from studio.core.message import Text, paragraph
from studio.events import Notice

ERROR = StudioError(
    "The file {path} is gone.", "The disk says: {reason}.", "Bring it back.", path="a.txt", reason="{x}"
)
SEVERAL = Invalid(
    "{file} cannot be used:",
    [StudioError("It is missing.", "", "Add it.", place="student.key"), StudioError("It is empty.")],
    file="a.toml",
)


def fail(error: Exception) -> None:
    raise error


def raised(error: Exception) -> Exception:
    """The same, with a traceback."""
    with pytest.raises(type(error)) as caught:
        fail(error)
    return caught.value


def test_what_why_and_remedy_are_one_paragraph_of_sentences() -> None:
    words = ERROR.paragraph()
    assert words.template == "{what} {why} {remedy}"
    assert words.values["why"] == ERROR.why
    assert str(words) == str(ERROR) == "The file a.txt is gone. The disk says: {x}. Bring it back."


def test_what_is_empty_is_left_out() -> None:
    assert StudioError("It failed.", "", "Try again.").paragraph() == Text(
        "{what} {remedy}", {"what": Text("It failed."), "remedy": Text("Try again.")}
    )
    assert not paragraph(what=Text(""))


def test_several_problems_are_a_line_each_with_their_places() -> None:
    assert str(SEVERAL.paragraph()).splitlines() == [
        "a.toml cannot be used:",
        "student.key: It is missing. Add it.",
        "It is empty.",
    ]
    assert str(SEVERAL).splitlines()[1:] == ["  student.key: It is missing. Add it.", "  It is empty."]


def test_several_problems_inside_another_error_keep_their_sentences() -> None:
    outer = StudioError("The run cannot go on.", SEVERAL.paragraph())
    assert str(outer).startswith("The run cannot go on. a.toml cannot be used:\nstudent.key: It is missing.")


def test_a_notice_is_a_paragraph_as_an_error_is() -> None:
    notice = Notice(what=Text("The disk is full."), remedy=Text("Free {n} bytes.", {"n": 3}))
    assert str(notice.paragraph()) == "The disk is full. Free 3 bytes."
    assert notice.paragraph().template == "{what} {remedy}"


def test_an_error_nobody_foresaw_is_told_by_its_kind_and_words() -> None:
    assert str(paragraph_of(KeyError("a"))) == "Something went wrong inside the studio. KeyError: 'a'"
    assert paragraph_of(ERROR) == ERROR.paragraph()


def test_an_error_nobody_foresaw_brings_its_traceback_as_a_note() -> None:
    told = unexpected(raised(ValueError("out of range")))
    assert str(told) == (
        "Something went wrong inside the studio. ValueError: out of range The details below help whoever mends it."
    )
    assert "in fail" in told.__notes__[0]
    assert unexpected(ERROR) is ERROR


@pytest.mark.parametrize(("message", "shown"), [("", "two\nlines"), ("two", "two")])
def test_a_run_that_an_error_of_the_program_ends_has_failed(message: str, shown: str) -> None:
    told = unexpected_in_run(raised(RuntimeError("two\nlines")), message)
    assert isinstance(told, RunFailed)
    assert not isinstance(told, NotWritten)
    assert str(told.why) == f"RuntimeError: {shown}"
    assert "two\nlines" in told.__notes__[0]
