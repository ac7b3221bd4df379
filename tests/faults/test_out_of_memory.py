"""A device without memory left: the batch is named, and what would help is offered."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio.core.errors import OutOfMemory
from studio.events import Event, RunEnded
from studio.experiment import Experiment, validated
from studio.training.control import Control
from studio.training.session import Places, run_session
from studio.training.stage_loop import StageLoop


def experiment(batch: int, precision: str = "exact") -> Experiment:
    return validated(
        {
            "dataset": {"key": "digits", "per_class": 2},
            "teacher": {"key": "cnn-4"},
            "student": {"key": "cnn-4"},
            "method": {"key": "none"},
            "training": {"epochs": 1, "batch_size": batch, "device": "cpu", "precision": precision},
        }
    )


@pytest.fixture(params=[torch.OutOfMemoryError("CUDA out of memory."), MemoryError()], ids=["device", "processor"])
def _full(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    def step(_loop: StageLoop, _step: int) -> None:
        raise request.param

    monkeypatch.setattr(StageLoop, "step", step)


@pytest.fixture(autouse=True)
def units(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Whether the processor has units for 16 bit; it has, unless a test says otherwise."""
    has = [True]
    monkeypatch.setattr("studio.training.error_messages.has_bf16_units", lambda _device: has[0])
    return has


@pytest.mark.usefixtures("_full")
def test_it_names_the_batch_and_offers_half_of_it(tmp_path: Path) -> None:
    told: list[Event] = []
    with pytest.raises(OutOfMemory, match="at a batch of 16 pictures") as caught:
        run_session(experiment(16), Places(tmp_path, tmp_path / "cache"), told.append, Control())
    assert "Halve the batch to 8" in str(caught.value.remedy)
    assert caught.value.offers[0] == "halve_batch"
    assert isinstance(told[-1], RunEnded)
    assert told[-1].state == "failed"


@pytest.mark.usefixtures("_full")
def test_a_batch_of_one_cannot_be_halved(tmp_path: Path) -> None:
    with pytest.raises(OutOfMemory) as caught:
        run_session(experiment(1), Places(tmp_path, tmp_path / "cache"), lambda _event: None, Control())
    assert caught.value.offers == ("fast_precision",)
    assert "Halve" not in str(caught.value)


@pytest.mark.usefixtures("_full")
@pytest.mark.parametrize(("precision", "has"), [("fast", True), ("exact", False)], ids=["is on", "is not to be had"])
def test_fast_precision_is_offered_only_where_it_helps(
    tmp_path: Path, units: list[bool], precision: str, has: bool
) -> None:
    units[0] = has
    with pytest.raises(OutOfMemory) as caught:
        run_session(experiment(16, precision), Places(tmp_path, tmp_path / "cache"), lambda _event: None, Control())
    assert caught.value.offers == ("halve_batch",)
    assert "fast precision" not in str(caught.value)
