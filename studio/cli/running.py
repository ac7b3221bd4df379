"""What training and going on have in common: a listener, Ctrl-C that stops and keeps, and the closing words."""

from __future__ import annotations

import signal
from argparse import Namespace
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

from studio.cli.entry import Exit
from studio.cli.listeners import listener
from studio.cli.output import write_err, write_out
from studio.core.errors import NotWritten, StudioError
from studio.core.message import paragraph, text
from studio.events import Listener
from studio.experiment import Experiment
from studio.runs.results.seed_group import SeedGroup
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from studio.runs.timing.estimate import Parts, forecast
from studio.runs.timing.time_left import TimeLeft
from studio.training.control import Control


@dataclass(frozen=True)
class Launch:
    """One run to do: ``begin`` does it; ``experiment`` is what it trains, and ``run`` the run it goes on with."""

    begin: Callable[[Listener, Control], RunInfo]
    experiment: Experiment
    run: str = ""


def carry_out(chosen: Namespace, works: Sequence[Launch]) -> int:
    """Do all of ``works`` in turn with somebody listening; says what each reached and returns the exit code.

    Once one is stopped, those after it are not begun.
    """
    control, time_left, workspace = Control(), TimeLeft(), Workspace()
    workspace.sweep()
    plans: list[Parts] = (
        [()] * len(works)
        if chosen.json
        else forecast([work.experiment for work in works], workspace.runs(), workspace.cache)
    )
    ended: list[RunInfo] = []
    with _stopped_by_signals(control), listener(time_left, as_json=chosen.json) as listen:
        try:
            for number, work in enumerate(works, start=1):
                if len(works) > 1:
                    write_err(f"Run {number} of {len(works)}")
                time_left.start_job(work.run)
                time_left.expect(plans[number - 1])
                time_left.expect_later(plans[number:])
                ended.append(work.begin(listen, control))
                if control.stopping:
                    break
        except NotWritten as refused:
            write_err(str(refused))
            if "resume" in refused.offers:
                write_err("“studio resume last” goes on with the run.")
            return refused.exit_code
        except StudioError as error:
            if error.step:
                go_on = text("“studio resume last” goes on from {step}.", step=error.step)
                error.remedy = paragraph(remedy=error.remedy, go_on=go_on)
            raise
        finally:
            _write_results(chosen, ended, several=len(works) > 1)
    if len(ended) < len(works):
        write_err(f"{len(works) - len(ended)} of {len(works)} runs were not begun.")
    return Exit.STOPPED if ended[-1].state == "stopped" else Exit.DONE


def _write_results(chosen: Namespace, ended: Sequence[RunInfo], *, several: bool) -> None:
    write = write_err if chosen.json else write_out
    for info in ended:
        write(f"{info.name}: {info.sentence}" if several else str(info.sentence))
        write(f"Run {info.id} in {info.folder}")
        if info.resumable:
            write(go_on_line(info))
    for group in {info.group: None for info in ended if info.splits > 1}:
        if (together := SeedGroup.of(info for info in reversed(ended) if info.group == group)) is not None:
            write(str(together.sentence))


def go_on_line(info: RunInfo) -> str:
    """What to type to go on with a run that has not come to its end."""
    return f"“studio resume {info.id}” goes on with it."


@contextmanager
def _stopped_by_signals(control: Control) -> Iterator[None]:
    """Ctrl-C (or a polite kill) ends the run after its step and keeps what was learnt; a second one ends it at once."""

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        if control.stopping:
            raise KeyboardInterrupt
        control.stop()
        write_err("\nStopping after this step; what was learnt is kept.")

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
