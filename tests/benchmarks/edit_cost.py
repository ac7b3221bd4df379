"""How long is an edit of the draft answered, with many runs in the workspace?

python tests/benchmarks/edit_cost.py               (1,000 runs)
python tests/benchmarks/edit_cost.py --runs 10000

A small run is trained with its references and copied under other ids until there are as many runs as asked for. Then settings
are changed one after the other, and what the panel asks for after each edit is asked: cards, problems and estimate. Printed
are the medians and the worst of a hundred edits, the parts by themselves, and how often the workspace was listed.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from studio import catalog
from studio.experiment import validated
from studio.gui.presenters.draft_presenter import DraftPresenter
from studio.runs.launch import launch
from studio.runs.store.workspace import Workspace

DRAFT: dict[str, Any] = {
    "dataset": {"key": "digits", "per_class": 10},
    "teacher": {"key": "cnn-16", "epochs": 2},
    "student": {"key": "cnn-4"},
    "method": {"key": "kd"},
    "training": {"epochs": 3, "device": "cpu"},
    "references": {"alone": True},
}


def fill(workspace: Workspace, count: int) -> None:
    """One run with its references, and copies of it under other ids."""
    info = launch(validated(DRAFT), workspace)
    originals = [workspace.folder(run) for run in (info.id, *info.references.values())]
    for number in range(count - len(originals)):
        original = originals[number % len(originals)]
        copy = workspace.run_folder / f"{original.id[:-4]}{number:06x}"
        shutil.copytree(original.path, copy, ignore=shutil.ignore_patterns("snapshots", "checkpoints", "lock"))
        labels = json.loads((copy / "labels.json").read_text(encoding="utf-8"))
        (copy / "labels.json").write_text(json.dumps({**labels, "name": f"run {number}"}), encoding="utf-8")


def timed(act: Callable[[], object]) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - began)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--runs", type=int, default=1000)
    asked = arguments.parse_args()
    catalog.load()
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Workspace(Path(scratch))
        fill(workspace, asked.runs)
        print(f"{len(workspace.runs())} runs; listed in {timed(workspace.runs):.0f} ms")
        presenter = DraftPresenter(workspace)
        listed = 0
        runs = workspace.runs

        def counted() -> Any:
            nonlocal listed
            listed += 1
            return runs()

        workspace.runs = counted  # type: ignore[method-assign]  # counts the calls
        times = []
        for number in range(100):
            draft = {**DRAFT, "training": {**DRAFT["training"], "epochs": 10 + number}, "seeds": [0]}
            times.append(timed(partial(presenter.describe, draft)))
        print(
            f"an edit: median {statistics.median(times):.0f} ms, worst {max(times):.0f} ms, listed {listed / 100:.1f} times"
        )


if __name__ == "__main__":
    main()
