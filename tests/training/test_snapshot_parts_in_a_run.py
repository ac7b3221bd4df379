"""Whatever parts snapshots are made of, a run learns the same, to the last bit."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from studio.events import Snapshot
from studio.insight import snapshot_taker
from studio.insight.snapshot_parts import snapshot_parts
from studio.networks.files import load_network
from tests.training.small_runs import Run, small


@pytest.mark.parametrize("method", ["kd", "ab"])
def test_a_run_learns_the_same_with_all_parts_with_one_and_with_none(
    run: Run, tmp_path: Path, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = small(method, training={"epochs": 2})
    chosen = {
        "all": snapshot_parts(),
        "maps": tuple(part for part in snapshot_parts() if part.key in ("grad_cam", "inner_maps")),
        "none": (),
    }
    learnt, shown = {}, {}
    for name, parts in chosen.items():
        monkeypatch.setattr(snapshot_taker, "snapshot_parts", lambda parts=parts: parts)
        _, told = run(experiment, folder=tmp_path / name)
        learnt[name] = load_network(tmp_path / name / "student.safetensors").state_dict()
        shown[name] = [np.sort([*event.arrays]) for event in told.of(Snapshot)]
    assert any(array.startswith("inner/grad_cam/student/") for array in shown["maps"][-1])
    assert all(len(arrays) == 0 for arrays in shown["none"])
    for other in ("maps", "none"):
        assert all(torch.equal(learnt["all"][key], learnt[other][key]) for key in learnt["all"])
