"""What training and going on have in common: a listener, Ctrl-C that stops and keeps, and the closing words."""

from __future__ import annotations

import signal
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from studio.cli.entry import Exit
from studio.cli.listeners import listener
from studio.cli.output import remark, say
from studio.errors import DiskFull
from studio.events import Listener
from studio.runs.reading import RunInfo
from studio.training.control import Control

Work = Callable[[Listener, Control], RunInfo]


def carry_out(chosen: Namespace, work: Work) -> int:
    """Do ``work`` with somebody listening; says what was reached and returns the exit code."""
    control = Control()
    with _stopped_by_signals(control), listener(control, as_json=chosen.json) as listen:
        try:
            info = work(listen, control)
        except DiskFull:
            remark("Once there is space, “studio resume last” goes on with the run.")
            raise
    tell = remark if chosen.json else say
    tell(str(info.sentence))
    tell(f"Run {info.id} in {info.folder}")
    return Exit.STOPPED if info.state == "stopped" else Exit.DONE


@contextmanager
def _stopped_by_signals(control: Control) -> Iterator[None]:
    """Ctrl-C (or a polite kill) ends the run after its step and keeps what was learnt; a second one ends it at once."""

    def stop(number: int, frame: FrameType | None) -> None:
        del number, frame
        if control.stopping:
            raise KeyboardInterrupt
        control.stop()
        remark("\nStopping after this step; what was learnt is kept.")

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
