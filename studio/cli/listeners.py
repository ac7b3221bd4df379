"""Who listens to a run in the terminal: a bar, plain lines where there is no terminal, or JSON, an event a line."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TaskProgressColumn, TextColumn

from studio import events
from studio.cli.output import plain, write_err, write_json_line
from studio.core.format import about, duration, percent
from studio.core.printable import one_line
from studio.core.scan_text import scan_lines
from studio.events import EpochDone, Event, Notice, Phase, RunEnded, RunStarted, Snapshot
from studio.runs.files.event_codec import as_values
from studio.runs.timing.time_left import TimeLeft

#: Seconds between lines where output is no terminal.
LINE_EVERY = 10.0


class Bar:
    """Phases as lines, and a bar with what runs, the last accuracy and the time left; on standard error.

    Bar and time are of all that was asked for, its references included, where ``time_left`` was told what to expect.
    """

    def __init__(self, console: Console, time_left: TimeLeft) -> None:
        self._time_left = time_left
        self._said = _Said()
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[accuracy]}"),
            TextColumn("{task.fields[left]}"),
            console=console,
            auto_refresh=False,
            transient=True,
        )
        self._task: TaskID | None = None

    def __enter__(self) -> Bar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def __call__(self, event: Event) -> None:
        """Show one event."""
        self._time_left.handle_event(event)
        match event:
            case Phase() if event.run == self._time_left.asked:
                self._print(str(event.words))
            case Notice() | events.PicturesScanned():
                for words in self._said.new(event):
                    self._print(words)
            case RunStarted():
                self._drop()
                self._task = self._progress.add_task(one_line(event.name), total=1.0, accuracy="", left="")
            case EpochDone() if event.test_accuracy is not None:
                self._update(accuracy=f"test {percent(event.test_accuracy)}")
                return  # a small network ends hundreds of epochs a second; the next progress shows it
            case events.Progress():
                if self._task is None:
                    self._task = self._progress.add_task("", total=None, accuracy="", left="")
                whole = self._time_left.fraction if self._time_left.has_begun(event.run) else None
                done = whole if whole is not None else event.fraction or 0.0
                self._update(description=str(event.words), completed=done, left=_left(self._time_left, event))
            case RunEnded():
                self._drop()
            case _:
                return
        self._progress.refresh()

    def _print(self, words: str) -> None:
        self._progress.console.print(plain(words), highlight=False, markup=False)

    def _update(self, completed: float | None = None, **words: str) -> None:
        if self._task is not None:
            shown: dict[str, Any] = {name: plain(text) for name, text in words.items()}
            self._progress.update(self._task, total=1.0, completed=completed, **shown)

    def _drop(self) -> None:
        if self._task is not None:
            self._progress.remove_task(self._task)
            self._task = None


class Lines:
    """The same in plain lines, for logs."""

    def __init__(self, time_left: TimeLeft) -> None:
        self._time_left = time_left
        self._said = _Said()
        self._last_line_at = 0.0
        self._accuracy: float | None = None

    def __enter__(self) -> Lines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def __call__(self, event: Event) -> None:
        """Write one event, if it is time for it."""
        self._time_left.handle_event(event)
        match event:
            case Phase() if event.run == self._time_left.asked:
                self._line(str(event.words))
            case Notice() | events.PicturesScanned():
                for words in self._said.new(event):
                    self._line(words)
            case RunStarted():
                self._accuracy = None
                self._line(one_line(event.name))
            case EpochDone() if event.test_accuracy is not None:
                self._accuracy = event.test_accuracy
            case events.Progress() if time.monotonic() - self._last_line_at >= LINE_EVERY:
                self._line(self._so_far(event))

    def _so_far(self, event: events.Progress) -> str:
        parts = [str(event.words)]
        if event.fraction is not None:
            parts.append(percent(event.fraction, 0))
        if self._accuracy is not None:
            parts.append(f"test {percent(self._accuracy)}")
        if left := _left(self._time_left, event):
            parts.append(left)
        return ", ".join(parts)

    def _line(self, words: str) -> None:
        self._last_line_at = time.monotonic()
        write_err(words)


class JsonLines:
    """One event a line on standard output; who reads them may leave at any time."""

    def __enter__(self) -> JsonLines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        return None

    def __call__(self, event: Event) -> None:
        """Write one event; of a snapshot the name of its file."""
        if isinstance(event, Snapshot) and not event.file:
            return
        line = {"run": event.run, "time": round(time.time(), 3), "kind": event.kind, **as_values(event)}
        write_json_line(line)


def listener(time_left: TimeLeft, *, as_json: bool) -> Bar | Lines | JsonLines:
    """The listener for this terminal, a context. ``time_left`` follows what it is told."""
    if as_json:
        return JsonLines()
    console = Console(stderr=True)
    return Bar(console, time_left) if console.is_terminal else Lines(time_left)


def _left(time_left: TimeLeft, event: events.Progress) -> str:
    """The time left for all that was asked for, else for the part that runs."""
    whole = time_left.seconds if time_left.has_begun(event.run) else None
    if whole is not None:
        return f"about {about(whole)} left"
    return f"{duration(event.seconds_left)} left for this part" if event.seconds_left is not None else ""


class _Said:
    """What of the data was said already: a run and each of its references look at the same."""

    def __init__(self) -> None:
        self._words: set[str] = set()

    def new(self, event: Notice | events.PicturesScanned) -> list[str]:
        """The lines of an event; those of a scan, which warnings leave out, once."""
        if isinstance(event, Notice):
            words = [_notice_text(event)]
            if event.level == "info":
                return words
        else:
            words = [f"{line.label}: {line.words}" for line in scan_lines(event.scan) if not line.warns]
        fresh = [line for line in words if line not in self._words]
        self._words.update(fresh)
        return fresh


def _notice_text(notice: Notice) -> str:
    words = str(notice.paragraph())
    return words if notice.level == "info" else f"{notice.level.capitalize()}: {words}"
