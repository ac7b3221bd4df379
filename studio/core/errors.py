"""The only errors a person is shown: what happened, why, and what to do."""

from __future__ import annotations

from studio.core.message import NOTHING, Text


class StudioError(Exception):
    """Something that was asked cannot be done, said so that a person can act on it.

    Args:
        what: one sentence, what happened. A template: ``"The file {path} cannot be read."``
        why: one sentence, the cause, as a template or with values of its own. May be empty.
        remedy: one sentence, what to do. May be empty.
        place: where in a file or form: a dotted key, a path, ``line 3``.
        offers: names of ready remedies the window may put on a button, e.g. ``"halve_batch"``.
        **values: fill the templates.
    """

    exit_code = 2

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
        sentences = [str(part) for part in (self.what, self.why, self.remedy) if part]
        return " ".join(sentences)


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
        lines = [f"  {p.place}: {p}" if p.place else f"  {p}" for p in self.problems]
        return "\n".join([str(self.what), *lines])
