"""The only errors a person is shown: what happened, why, and what to do."""

from __future__ import annotations

import contextlib
import traceback
from collections.abc import Iterator
from typing import TypeVar

from studio.core.log import logger
from studio.core.message import NOTHING, Text, paragraph

E = TypeVar("E", bound="StudioError")


class StudioError(Exception):
    """Something that was asked cannot be done, said so that a person can act on it.

    Args:
        what: one sentence, what happened. A template: ``"The file {path} cannot be read."``
        why: one sentence, the cause, as a template or with values of its own. May be empty.
        remedy: one sentence, what to do. May be empty.
        place: where in a file or form: a dotted key, a path, ``line 3``.
        offers: names of ready remedies the window may put on a button, e.g. ``"halve_batch"``.
        **values: fill the templates.

    Attributes:
        step: of a chain of trainings the role of the step that could not be taken: the chain goes on from there.
    """

    exit_code = 2
    step: str = ""

    def __init__(
        self,
        what: str,
        why: str | Text = "",
        remedy: str = "",
        *,
        place: str = "",
        offers: tuple[str, ...] = (),
        **values: object,
    ) -> None:
        self.what = Text(what, values)
        self.why = why if isinstance(why, Text) else Text(why, values) if why else NOTHING
        self.remedy = Text(remedy, values) if remedy else NOTHING
        self.place = place
        self.offers = offers
        super().__init__(str(self))

    def __str__(self) -> str:
        return str(self.paragraph())

    def paragraph(self) -> Text:
        """What happened, why and what to do, in one; the window translates it sentence by sentence."""
        return paragraph(what=self.what, why=self.why, remedy=self.remedy)


@contextlib.contextmanager
def told_of(place: str) -> Iterator[None]:
    """What is refused within is said of this place: who refuses it serves several and cannot know which.

    Args:
        place: as :attr:`StudioError.place`.
    """
    try:
        yield
    except StudioError as error:
        error.place = place
        raise


class RunFailed(StudioError):
    """A run that had begun could not go on. What was reached before is kept."""

    exit_code = 1


class StoppedEarly(RunFailed):
    """A person stopped the run before there was a student to keep."""


class NotWritten(RunFailed):
    """Writing was refused: rights have changed, a drive is gone. What was on disk before is intact."""


class DiskFull(NotWritten):
    """Writing was refused for want of space."""


class OutOfMemory(RunFailed):
    """The device has no memory left for a step."""


class NotANumber(RunFailed):
    """The loss became infinite or not a number."""


class Invalid(StudioError):
    """Several things are wrong with one input; all of them are told at once.

    Args:
        what: one sentence naming the input.
        problems: a :class:`StudioError` each, with its place.
    """

    def __init__(self, what: str, problems: list[StudioError], **values: object) -> None:
        self.problems = tuple(problems)
        super().__init__(what, "", "", place="", offers=(), **values)

    def __str__(self) -> str:
        return str(self.paragraph()).replace("\n", "\n  ")

    def paragraph(self) -> Text:
        """Its first sentence, and below it a line for every problem with its place."""
        template, values = "{what}", dict[str, object](what=self.what)
        for n, problem in enumerate(self.problems, start=1):
            values |= {f"place{n}": problem.place, f"problem{n}": problem.paragraph()}
            template += f"\n{{place{n}}}: {{problem{n}}}" if problem.place else f"\n{{problem{n}}}"
        return Text(template, values)


# --- errors that nobody foresaw ---------------------------------------------------------------------------------------


def paragraph_of(error: BaseException) -> Text:
    """Any error in one paragraph; of one that nobody foresaw its kind and its own words."""
    if isinstance(error, StudioError):
        return error.paragraph()
    values = {"kind": type(error).__name__, "message": str(error)}
    return Text("Something went wrong inside the studio. {kind}: {message}", values)


def unexpected(error: BaseException) -> StudioError:
    """Any error said to a person; one that can be said already as it is. Its ``__notes__`` keep the traceback."""
    if isinstance(error, StudioError):
        return error
    return with_traceback(
        StudioError(
            "Something went wrong inside the studio.",
            "{kind}: {message}",
            "The details below help whoever mends it.",
            kind=type(error).__name__,
            message=str(error),
        ),
        error,
    )


def unexpected_in_run(error: BaseException, message: str = "") -> RunFailed:
    """An error of the program that ended a run. Its ``__notes__`` keep the traceback for a report.

    Args:
        message: the words of the error; its own if empty.
    """
    return with_traceback(
        RunFailed(
            "The run ended because of an error in the program.",
            "{kind}: {message}",
            "Please report it with these words; what was reached is kept.",
            kind=type(error).__name__,
            message=message or str(error),
        ),
        error,
    )


def with_traceback(said: E, error: BaseException) -> E:
    """What is said of an error, with its traceback as a note, and in the log."""
    said.add_note("".join(traceback.format_exception(error)))
    logger.error("%s", said.what, exc_info=error)
    return said


def os_reason(error: OSError) -> str:
    """Why the system refused, in its own words."""
    return error.strerror or str(error)
