"""``studio export RUN --to FILE``: writes what a run has learnt as one file that answers alone, a tree to be read, a report."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from studio.cli.entry import Exit
from studio.cli.output import write_json, write_out
from studio.core.errors import StudioError
from studio.core.format import byte_size
from studio.runs.comparison.report_sections import write_report_beside
from studio.runs.exports.network_file import export_network
from studio.runs.exports.tree_text import FORMATS, export_tree
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace

#: How the name of a report ends.
REPORTS = (".html", ".htm")


def run(chosen: Namespace) -> int:
    """Write the file, and say what it is."""
    workspace = Workspace()
    info = workspace.run(chosen.run)
    if chosen.to.suffix.lower() in REPORTS:
        return _report(chosen, info, workspace)
    if chosen.compare:
        raise StudioError(
            "Runs are compared in a report, and {path} is none.", "", "Let its name end with .html.", path=chosen.to
        )
    export = export_tree if chosen.to.suffix.lower() in FORMATS else export_network
    file = export(info, chosen.to)
    size = file.stat().st_size
    if chosen.json:
        write_json({"id": info.id, "file": str(file.absolute()), "bytes": size, "network": info.student})
    else:
        write_out(f"{info.student_title} is written to {file}, {byte_size(size)}.")
    return Exit.DONE


def _report(chosen: Namespace, info: RunInfo, workspace: Workspace) -> int:
    others = [workspace.run(name) for name in chosen.compare]
    file: Path = chosen.to
    write_report_beside(file, info, others, workspace.runs())
    size = file.stat().st_size
    if chosen.json:
        compared = [other.id for other in others]
        write_json({"id": info.id, "file": str(file.absolute()), "bytes": size, "compared_with": compared})
    else:
        write_out(f"The report of {info.name} is written to {file}, {byte_size(size)}.")
    return Exit.DONE
