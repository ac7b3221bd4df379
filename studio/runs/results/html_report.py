"""A run as one HTML file that needs nothing else: what was reached, what was picked, and the pictures of the views."""

from __future__ import annotations

import base64
import html
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from studio.core.files import write_whole
from studio.core.format import duration, percent, thousands
from studio.core.printable import printable
from studio.core.scan_text import scan_lines
from studio.core.score_scale import ACCURACY
from studio.runs.files.environment import Environment
from studio.runs.files.folder import read_document
from studio.runs.results.agreement_text import HOW, agreement_lines
from studio.runs.results.settings_text import settings_text
from studio.runs.run_info import RunInfo

_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; color: #1a1f26; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; } h3 { font-size: 1rem; margin: 1rem 0 .25rem; }
.reached { font-size: 1.2rem; } .small { color: #47505c; font-size: .9rem; }
table { border-collapse: collapse; } th, td { text-align: left; padding: .2rem 1.5rem .2rem 0; vertical-align: top; }
th { font-weight: 500; color: #47505c; } td { font-variant-numeric: tabular-nums; }
figure { margin: 1.5rem 0; } figure img { max-width: 100%; border: 1px solid #dce0e6; border-radius: 8px; }
figcaption { color: #47505c; font-size: .9rem; } pre { white-space: pre-wrap; background: #f6f7f9; padding: 1rem; border-radius: 8px; }
"""


def escape(words: str) -> str:
    """Words of anybody as HTML that shows them as they are."""
    return html.escape(printable(words))


@dataclass(frozen=True)
class Illustration:
    """A picture of a view: its question, how to read it, and the PNG file's bytes."""

    title: str
    words: str
    png: bytes


def write_report(
    path: Path, info: RunInfo, illustrations: Sequence[Illustration] = (), sections: Sequence[str] = ()
) -> None:
    """Write the report of a run.

    Args:
        sections: further parts, HTML already; they stand before the pictures.

    Raises:
        StudioError: the run's own files cannot be read.
        NotWritten: there is no space, or no right to write; an older file of this name is intact.
    """
    write_whole(path, report(info, illustrations, sections).encode())


def report(info: RunInfo, illustrations: Sequence[Illustration] = (), sections: Sequence[str] = ()) -> str:
    """The report of a run as HTML. Everything that people or strangers wrote is escaped."""
    parts = [
        f"<h1>{escape(info.name)}</h1>",
        f'<p class="reached">{escape(str(info.sentence))}</p>',
        table_html(_reached(info)),
        *_agreement(info),
        "<h2>What was picked</h2>",
    ]
    for paragraph in settings_text(info.experiment):
        parts += [
            f"<h3>{escape(paragraph.title)}</h3>",
            table_html([(line.label, line.value) for line in paragraph.lines]),
        ]
    if info.scan is not None:
        found = [(str(line.label), str(line.words)) for line in scan_lines(info.scan)]
        parts += ["<h2>What was found in the pictures</h2>", table_html(found)]
    if info.notes:
        parts += ["<h2>Notes</h2>", f"<p>{escape(info.notes)}</p>"]
    parts += sections
    parts += map(figure_html, illustrations)
    parts += ["<h2>What it ran on</h2>", table_html(_machine(info)), f'<p class="small">Run {escape(info.id)}</p>']
    return page_html(info.name, parts)


def page_html(title: str, parts: Sequence[str]) -> str:
    """A whole page of parts that are HTML already."""
    body = "\n".join(parts)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head><body>\n{body}\n</body></html>\n"
    )


def figure_html(picture: Illustration) -> str:
    """A picture with its question and how to read it."""
    data = base64.b64encode(picture.png).decode("ascii")
    return (
        f'<h2>{escape(picture.title)}</h2><figure><img src="data:image/png;base64,{data}" '
        f'alt="{escape(picture.title)}"><figcaption>{escape(picture.words)}</figcaption></figure>'
    )


def _reached(info: RunInfo) -> list[tuple[str, str]]:
    """What was reached, with 95 % intervals where known."""
    lines = [] if info.headline == ACCURACY else [("Score", f"{info.headline}, {info.better} is better")]
    for name, reference in (
        ("Student", info.reached),
        ("Teacher", info.teacher_reference),
        ("Student alone", info.alone_reference),
    ):
        if reference is not None:
            value = info.scale.words(reference.value)
            if reference.low is not None and reference.high is not None:
                value += f" ({info.scale.range_words(reference.low, reference.high)})"
            lines.append((name, value))
    if info.gap is not None:
        lines.append(("Gap closed", f"{percent(info.gap.value, 0)} ({info.gap.interval_words})"))
    for role in ("student", "teacher"):
        if role in info.parameters:
            macs = f"{thousands(info.macs[role])} multiplications for one input" if role in info.macs else ""
            lines.append((f"Size of the {role}", f"{thousands(info.parameters[role])} parameters, {macs}".rstrip(", ")))
    if info.seconds is not None:
        lines.append(("Time", f"{duration(info.seconds)}, {thousands(info.steps)} steps"))
    return lines


def _agreement(info: RunInfo) -> list[str]:
    """Which neurons fire together, group by group from the bottom, where that was measured."""
    lines = agreement_lines(info.places)
    if not lines:
        return []
    return [
        "<h2>Agreement with the teacher</h2>",
        table_html([(moment.capitalize(), words) for moment, words in lines]),
        f'<p class="small">Share of neurons that are on or off together, group by group from the bottom. {HOW}</p>',
    ]


def _machine(info: RunInfo) -> list[tuple[str, str]]:
    """What decides the numbers besides what was picked."""
    environment = read_document(info.places.environment, Environment)
    if environment is None:
        return []
    begun = environment.created.astimezone().strftime("%Y-%m-%d %H:%M")
    versions = ", ".join(f"{name} {version}" for name, version in environment.versions.items())
    lines = [
        ("Begun", begun),
        ("System", environment.platform),
        ("Processor", environment.processor),
        ("Computed on", environment.device),
        ("Threads", str(environment.threads or "")),
        ("Precision", environment.precision),
        ("Versions", versions),
    ]
    return [(name, value) for name, value in lines if value]


def table_html(lines: Sequence[tuple[str, str]]) -> str:
    """A row a line: its name and its value."""
    rows = "".join(f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in lines)
    return f"<table>{rows}</table>"
