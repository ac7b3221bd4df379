"""Snapshots from their files, in the names that are used today."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from studio.core.arrays import read_arrays

#: Version 0.1.0 kept agreement read in one of several ways, ``how``; this is the one all runs are read in today.
_FITTED = 2
_OF_ONE_WAY = ("agreement", "chance", "channels", "how")


def read_snapshot(file: Path) -> dict[str, np.ndarray]:
    """The arrays of a snapshot; empty where its file is missing or damaged.

    What version 0.1.0 read behind a method's connector or channel by channel stands under ``own/``, where it is read
    today; there is then nothing to compare with other runs.
    """
    arrays = read_arrays(file)
    for name in [name for name in arrays if name.startswith("how/")]:
        group = name.removeprefix("how/")
        if f"own/{name}" in arrays or arrays[name].size != 1 or arrays[name].item() == _FITTED:
            continue
        for kind in _OF_ONE_WAY:
            if f"{kind}/{group}" in arrays:
                arrays[f"own/{kind}/{group}"] = arrays.pop(f"{kind}/{group}")
        if f"firing/{group}" in arrays:
            arrays[f"own/firing/{group}"] = arrays[f"firing/{group}"]
    return arrays
