"""Questions to networks that train: answered between steps, while paused, and without a trace in the numbers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest
import torch

from studio import catalog
from studio.events import EpochDone, Event, Terms
from studio.experiment import Experiment
from studio.insight.asked_inside import asked_inside, asked_places
from studio.insight.single_answer import SingleAnswer, answer_of_network
from studio.insight.snapshot_parts.base import SnapshotArrays
from studio.networks.base import Network
from studio.training.control import Control
from studio.training.questions import NetworkQuestion, NotAnswering
from studio.training.session import Places, run_session
from tests.training.small_runs import small

catalog.load()
PICTURE = np.full((1, 8, 8), 100, np.uint8)


def ask(network: Network) -> SingleAnswer:
    return answer_of_network(network, PICTURE, "grad_cam")


def explain(network: Network) -> SnapshotArrays:
    at = asked_places(network, None)
    pictures = np.stack([PICTURE, 255 - PICTURE])
    return asked_inside("student", network, pictures, at.student, at.inner_student, network.classes)


def trained(experiment: Experiment, place: Path, listen: Callable[[Event], None], control: Control) -> torch.Tensor:
    """All weights of the student in the end, one after the other."""
    from studio.networks.files import load_network

    place.mkdir()
    run_session(experiment, Places(place, place.parent / "cache"), listen, control)
    state = load_network(place / "student.safetensors").state_dict()
    return torch.cat([value.flatten().double() for value in state.values()])


def test_a_run_that_is_asked_learns_bit_for_bit_the_same(tmp_path: Path) -> None:
    experiment = small("none", student={"key": "cnn-4"}, training={"epochs": 2})
    quiet = trained(experiment, tmp_path / "quiet", lambda _event: None, Control())
    control, answers, explained = Control(), list[Future[SingleAnswer]](), list[Future[SnapshotArrays]]()
    folder = tmp_path / "asked"

    def listen(event: Event) -> None:
        if isinstance(event, Terms | EpochDone):
            answers.append(control.ask(NetworkQuestion(folder, "student", ask)))
            explained.append(control.ask(NetworkQuestion(folder, "student", explain)))

    asked = trained(experiment, folder, listen, control)
    assert torch.equal(quiet, asked)
    assert len(answers) > 2
    given = [answer.result(0) for answer in answers if answer.exception(0) is None]
    assert given
    assert all(one.probabilities.sum() == pytest.approx(1, abs=1e-5) for one in given)
    assert {one.classes for one in given} == {tuple("0123456789")}
    maps = [answer.result(0) for answer in explained if answer.exception(0) is None]
    assert all(one["grad_cam/student/group1"].shape == (2, 8, 8) for one in maps)


def test_a_paused_run_answers(tmp_path: Path) -> None:
    control, begun = Control(), threading.Event()
    folder = tmp_path / "run"
    folder.mkdir()

    def listen(event: Event) -> None:
        if isinstance(event, Terms) and not begun.is_set():
            control.pause()
            begun.set()

    experiment = small("none", student={"key": "cnn-4"}, training={"epochs": 50})
    thread = threading.Thread(
        target=run_session, args=(experiment, Places(folder, tmp_path / "cache"), listen, control), daemon=True
    )
    thread.start()
    try:
        assert begun.wait(60)
        answer = control.ask(NetworkQuestion(folder, "student", ask)).result(30)
        assert answer.probabilities.shape == (10,)
        with pytest.raises(NotAnswering):  # that run has no teacher, and this is another run
            control.ask(NetworkQuestion(folder, "teacher", ask)).result(30)
        with pytest.raises(NotAnswering):
            control.ask(NetworkQuestion(tmp_path / "other", "student", ask)).result(30)
    finally:
        control.stop()
        thread.join(60)
    assert not thread.is_alive()


def test_where_nothing_trains_nobody_answers() -> None:
    with pytest.raises(NotAnswering):
        Control().ask(NetworkQuestion(Path("nowhere"), "student", ask)).result(1)
