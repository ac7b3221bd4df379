"""``studio bin``: the deleted runs - listed, brought back, removed for good."""

from __future__ import annotations

from argparse import Namespace

from studio.cli.entry import Exit
from studio.cli.output import table, write_json, write_out
from studio.cli.runs import HEAD, row
from studio.core.format import byte_size
from studio.runs.results.json_export import as_json
from studio.runs.store.workspace import Workspace


def run(chosen: Namespace) -> int:
    """Do what was asked."""
    {"list": _list, "restore": _restore, "empty": _empty}[chosen.action](chosen, Workspace())
    return Exit.DONE


def _list(chosen: Namespace, workspace: Workspace) -> None:
    infos = workspace.deleted()
    if chosen.json:
        write_json([as_json(info) for info in infos])
    elif infos:
        write_out(table(HEAD, [row(info) for info in infos]))
    else:
        write_out("The bin is empty.")


def _restore(chosen: Namespace, workspace: Workspace) -> None:
    info = workspace.restore(chosen.run)
    if chosen.json:
        write_json(as_json(info))
    else:
        write_out(f"{info.id} is back among the runs.")


def _empty(chosen: Namespace, workspace: Workspace) -> None:
    runs, size = len(workspace.deleted()), workspace.size().bin
    workspace.empty_bin()
    if chosen.json:
        write_json({"removed": runs, "bytes": size})
    elif runs:
        write_out(f"Removed for good: {runs} {'run' if runs == 1 else 'runs'}, {byte_size(size)}.")
    else:
        write_out("The bin was empty.")
