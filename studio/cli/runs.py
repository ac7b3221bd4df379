"""``studio runs``: all runs; those a person asked for before those trained for them, each the newest first."""

from __future__ import annotations

import gc
from argparse import Namespace

from studio.cli.entry import Exit
from studio.cli.output import table, write_json, write_out
from studio.core.format import UNKNOWN, count, duration, percent
from studio.runs.results.json_export import as_json
from studio.runs.results.role_text import ALONE
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace

HEAD = ("RUN", "METHOD", "DATA", "STUDENT", "SEED", "ACCURACY", "GAP CLOSED", "PARAMETERS", "TIME", "STATE")

#: Roles of runs that were trained to be compared with.
REFERENCES = ("teacher", ALONE)

#: Letters of a title in a column.
WIDEST = 40


def run(chosen: Namespace) -> int:
    """List the runs."""
    gc.disable()  # ten thousand runs are read, told and done with: looking for garbage meanwhile takes longer
    workspace = Workspace()
    infos = workspace.runs()
    if chosen.json:
        write_json([as_json(info) for info in infos])
    elif infos:
        write_out(table(HEAD, [row(info) for info in infos]))
    else:
        write_out(f"There are no runs yet in {workspace.path}. “studio demo” makes the first one.")
    return Exit.DONE


def row(info: RunInfo) -> tuple[str, ...]:
    """A run as a line under :data:`HEAD`."""
    return (
        info.id,
        *(shorten(title) for title in (_method(info), info.dataset_title, info.student_title)),
        str(info.seed),
        info.scale.labelled(info.scale.words(info.score)),
        percent(info.gap.value, 0) if info.gap is not None else UNKNOWN,
        count(info.parameters.get("student")),
        duration(info.seconds),
        str(info.problem) if info.problem else _state(info),
    )


def shorten(words: str) -> str:
    """Words that leave the other columns their room."""
    return words if len(words) <= WIDEST else words[: WIDEST - 1] + "…"


def _method(info: RunInfo) -> str:
    """How it learnt; of a network that others are compared with, what it is to them."""
    return f"Reference: {info.role}" if info.role in REFERENCES else info.method_title


def _state(info: RunInfo) -> str:
    if info.state in ("running", "interrupted"):
        return f"{info.state} at {percent(info.progress, 0)}"
    return "stopped early" if info.state == "early_stop" else info.state
