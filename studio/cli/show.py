"""``studio show RUN``: what one run is and what it reached."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator

from studio.cli.entry import Exit
from studio.cli.output import write_json, write_out
from studio.cli.running import go_on_line
from studio.core.format import count, duration, percent
from studio.core.printable import one_line
from studio.core.scan_text import scan_lines
from studio.core.score_scale import ScoreScale
from studio.runs.files.history import Reference
from studio.runs.results.agreement_text import HOW, agreement_lines
from studio.runs.results.json_export import agreement_json, as_json, experiment_tables
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace


def run(chosen: Namespace) -> int:
    """Show the run that was named."""
    info = Workspace().run(chosen.run)
    if chosen.json:
        write_json(as_json(info) | {"agreement": agreement_json(info), "experiment": experiment_tables(info)})
    else:
        for name, value in _facts(info):
            write_out(f"{name:<12}{value}")
        write_out(f"\n{info.sentence}" if info.sentence else "")
        if info.resumable:
            write_out(go_on_line(info))
    return Exit.DONE


def _facts(info: RunInfo) -> Iterator[tuple[str, str]]:
    yield "Run", info.id
    yield "Name", one_line(info.name)
    yield "Folder", str(info.folder)
    yield "Begun", info.created.astimezone().strftime("%Y-%m-%d %H:%M")
    yield "State", f"{info.state} ({info.reason})" if info.reason else info.state
    if info.problem:
        return
    yield "Method", info.method_title
    yield "Data", info.dataset_title
    if info.teacher:
        yield "Teacher", _network(info.teacher_title, info, "teacher", info.teacher_reference)
    yield "Student", _network(info.student_title, info, "student", info.reached)
    if info.alone_reference is not None:
        yield "Alone", _reached(info.alone_reference, info.scale)
    if info.gap is not None:
        gap = info.gap
        yield "Gap closed", f"{percent(gap.value, 0)} ({gap.interval_words})"
    yield from _agreement(info)
    yield "Seed", str(info.seed)
    yield "Time", duration(info.seconds)
    if info.scan is not None:
        for line in scan_lines(info.scan):
            yield str(line.label), str(line.words)
    if info.tags:
        yield "Tags", ", ".join(info.tags)
    if info.notes:
        yield "Notes", info.notes


def _agreement(info: RunInfo) -> Iterator[tuple[str, str]]:
    lines = agreement_lines(info.places)
    if lines:
        yield "Agreement", HOW
    for moment, words in lines:
        yield "", f"{moment}: {words}"


def _network(title: str, info: RunInfo, role: str, reached: Reference | None) -> str:
    parts = [title]
    if role in info.parameters:
        parts.append(f"{count(info.parameters[role])} parameters, {count(info.macs.get(role))} multiplications")
    if reached is not None:
        parts.append(_reached(reached, info.scale))
    return ", ".join(parts)


def _reached(reference: Reference, scale: ScoreScale) -> str:
    value = str(scale.told(reference.value))
    if reference.low is None or reference.high is None:
        return value
    return f"{value} (95 % interval: {scale.range_words(reference.low, reference.high)})"
