"""``studio export RUN --to FILE``: writes what a run has learnt as one file that answers alone; a tree also to be read."""

from __future__ import annotations

from argparse import Namespace

from studio.cli.entry import Exit
from studio.cli.output import write_json, write_out
from studio.core.format import byte_size
from studio.runs.exports.network_file import export_network
from studio.runs.exports.tree_text import FORMATS, export_tree
from studio.runs.store.workspace import Workspace


def run(chosen: Namespace) -> int:
    """Write the file, and say what it is."""
    info = Workspace().run(chosen.run)
    export = export_tree if chosen.to.suffix.lower() in FORMATS else export_network
    file = export(info, chosen.to)
    size = file.stat().st_size
    if chosen.json:
        write_json({"id": info.id, "file": str(file.absolute()), "bytes": size, "network": info.student})
    else:
        write_out(f"{info.student_title} is written to {file}, {byte_size(size)}.")
    return Exit.DONE
