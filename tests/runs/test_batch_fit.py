"""Steps of so few examples that batch normalisation cannot work by them, or hardly: said before anything is trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studio.core.errors import StudioError
from studio.events import Event, Notice, StageStarted
from studio.experiment import validated
from studio.insight.network_and_data_info import network_info
from studio.networks.normalised_values import values_in_step
from studio.runs.launch import launch
from studio.runs.store.workspace import Workspace
from tests.training.small_runs import small

#: Its last maps of digits (8 x 8) have one place.
SMALL_MAPS = "mobilenet-v1-0.25"


def asked(batch: int, student: str = SMALL_MAPS, **changes: Any) -> dict[str, Any]:
    training = {"steps": 1, "batch_size": batch, "device": "cpu"}
    data = {"key": "digits", "per_class": 2}
    return small("none", dataset=data, student={"key": student}, training=training, **changes).model_dump()


@pytest.mark.parametrize(
    ("key", "side", "values"),
    [(SMALL_MAPS, 8, 1), (SMALL_MAPS, 64, 4), ("wrn-10-1", 16, 16), ("resnet-8", 8, 4), ("fitnet-1", 8, 0)],
)
def test_values_are_counted_at_every_batch_norm(key: str, side: int, values: int) -> None:
    assert values_in_step(network_info(key, (3, side, side), 2), 1) == values


def test_a_step_of_one_value_is_refused_before_anything_is_trained(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    with pytest.raises(StudioError, match=r"cannot learn in steps of one example.*for example 16") as caught:
        launch(validated(asked(1)), workspace)
    assert caught.value.place == "training.batch_size"
    assert not workspace.runs()


def test_a_teacher_that_is_trained_first_is_looked_at_too(tmp_path: Path) -> None:
    values = asked(1, "mlp-8")
    values |= {"method": {"key": "kd"}, "teacher": {"key": SMALL_MAPS}}
    with pytest.raises(StudioError, match="cannot learn in steps of one example"):
        launch(validated(values), Workspace(tmp_path))


def test_a_step_of_two_values_is_warned_of_before_it_begins(tmp_path: Path) -> None:
    heard: list[Event] = []
    launch(validated(asked(2)), Workspace(tmp_path), heard.append)
    (said,) = (event for event in heard if isinstance(event, Notice) and event.level == "warning")
    assert "batch norm goes by 2 values" in str(said.what)
    assert heard.index(said) < next(place for place, event in enumerate(heard) if isinstance(event, StageStarted))
