"""A part in a process of its own: what breaks the device for one, or never comes back, costs the others nothing."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection

from tests.device.report import Line, Report, Request

#: Seconds beyond its limit for what a part cannot break off, and for the start of its process.
GRACE = 20.0


@dataclass(frozen=True)
class Part:
    """One subject.

    Attributes:
        module: whose ``run_part`` does it.
        limit: seconds it may take on a graphics card, its start not among them.
    """

    module: str
    limit: float


def lines_of(part: Part, request: Request) -> Iterator[Line]:
    """What a part says, as it says it, until it has ended or was ended."""
    context = multiprocessing.get_context("spawn")  # a process that was forked cannot use a card its parent has used
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_run, args=(part.module, request, there))
    end = time.monotonic() + request.limit + GRACE
    process.start()
    there.close()
    try:
        while here.poll(max(0.0, end - time.monotonic())):
            try:
                yield here.recv()
            except EOFError:
                process.join()
                if process.exitcode:
                    yield Line("failed", f"FAILED: the process of the part ended by itself ({process.exitcode})")
                return
        yield Line("left out", f"left out: what was not there {GRACE:.0f} s after the limit of {request.limit:.0f} s")
    finally:
        process.kill()
        process.join()
        here.close()


def _run(module: str, request: Request, connection: Connection) -> None:
    report = Report(connection.send, request.limit)
    try:
        import_module(module).run_part(report, request)
    except Exception as error:  # noqa: BLE001 - whatever it is, the other parts are run
        report.failed("the part broke off", error)
    finally:
        connection.close()
