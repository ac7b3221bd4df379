"""The disk fills up under a run of the real engine."""

from __future__ import annotations

import pytest

from studio.core.errors import DiskFull
from studio.events import Event, Notice, StateChanged
from studio.runs.launch import launch, resume
from studio.runs.run_info import read_events, read_history
from studio.runs.store.workspace import Workspace
from studio.training.control import Control
from tests.runs.fake_session import Told, experiment
from tests.runs.small_disk import SmallDisk

WISH = experiment("none", student={"key": "cnn-4"}, training={"epochs": 4, "batch_size": 50})


def test_a_watched_run_waits_for_space_and_misses_no_event(workspace: Workspace, small_disk: type[SmallDisk]) -> None:
    control, told = Control(interactive=True), Told()
    small_disk.left = 1_500

    def listen(event: Event) -> None:
        told(event)
        if isinstance(event, StateChanged) and event.state == "paused":
            small_disk.left = 1_000_000
            control.resume()

    info = launch(WISH, workspace, listen, control)
    assert info.state == "finished"
    assert "full" in str(next(event.what for event in told.of(Notice) if event.level == "error"))
    steps = [event.step for event in read_events(info.places) if event.kind == "snapshot"]
    assert steps == [0, 2, 4, 6, 8]
    assert read_history(info).test.x.tolist() == [2.0, 4.0, 6.0, 8.0]


def test_an_unwatched_run_ends_and_goes_on_when_there_is_space(
    workspace: Workspace, small_disk: type[SmallDisk]
) -> None:
    small_disk.left = 1_500
    with pytest.raises(DiskFull):
        launch(WISH, workspace)
    info = workspace.run("last")
    assert info.state == "interrupted"
    small_disk.left = 1_000_000
    assert resume(workspace, info.id).state == "finished"
