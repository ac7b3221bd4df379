"""The models that questions are about: read from files, or asked between two steps where they train in this process."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import TimeoutError as NotYet
from pathlib import Path
from typing import TypeVar

import numpy as np

from studio.core.errors import StoppedEarly, StudioError
from studio.core.message import Text, text
from studio.core.workers import InTurn
from studio.models.base import Model
from studio.models.kept_recipes import kept_as_recipes
from studio.networks.base import Network
from studio.networks.network_model import NetworkModel
from studio.networks.table_input import read_encoding
from studio.runs.inspect.asked_model import AskedModel, Seat
from studio.runs.inspect.loaded_data import Stopping, never
from studio.runs.inspect.loaded_models import LoadedModels
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from studio.training.control import Control
from studio.training.questions import NetworkQuestion, NotAnswering

T = TypeVar("T")

#: Seconds between two looks whether a question to a running network was taken back, and after which it is given up.
LOOK, PATIENCE = 0.02, 60.0


class AskedNetworks:
    """Finds them, and keeps the last few that were read. For one thread.

    Args:
        workspace: where the runs are.
        control: gives the control of what trains in this process, None where nothing does.
    """

    def __init__(self, workspace: Workspace, control: Callable[[], Control | None]) -> None:
        self._workspace = workspace
        self._control = control
        self._loaded = LoadedModels()

    def model(self, asked: AskedModel, example: np.ndarray, encoding: str = "", stopping: Stopping = never) -> Model:
        """A model as its file has it, that reads such examples. One that is kept as recipes is fitted.

        Args:
            encoding: of a table how its columns became numbers.

        Raises:
            StudioError: it is not there, or was made for other data.
            StoppedEarly: ``stopping()`` turned true; what was fitted until then stays so for the next question.
        """
        model = self._loaded.model(self._file(asked), example.shape)
        for kept in kept_as_recipes(model):
            for _ in kept.fit_members(InTurn()):
                if stopping():
                    raise StoppedEarly("Another question was asked meanwhile.")
        if isinstance(model, NetworkModel):
            read_encoding(model.network, encoding)
            _check_fits(model.network.source.shape, example.shape)
        return model

    def network(self, asked: AskedModel, example: np.ndarray) -> Network:
        """One that can be looked into.

        Raises:
            StudioError: as :meth:`model`, or it is no network.
        """
        model = self.model(asked, example)
        if not isinstance(model, NetworkModel):
            raise StudioError("{model} has no layers to look at.", "", "Ask a network.", model=model.describe())
        return model.network

    def network_if_any(self, asked: AskedModel | None, example: np.ndarray) -> Network | None:
        """One to stand beside another; None where there is none, or not yet."""
        if asked is None:
            return None
        try:
            return self.network(asked, example)
        except StudioError:
            return None

    def _file(self, asked: AskedModel) -> Path:
        if asked.file is not None:
            return asked.file
        info = self._workspace.run(asked.run)
        if asked.role == "teacher":
            return info.places.teacher
        if not info.places.student.is_file():
            raise StudioError(
                "{name} cannot be asked yet.",
                "It has not begun to learn, or learns in another window.",
                "Ask again when its run has ended.",
                name=info.name,
            )
        return info.places.student

    def ask_live(self, info: RunInfo, ask: Callable[[Network], T], stopping: Stopping) -> T | None:
        """The answer of a network that trains in this process; None where this one does not."""
        control = self._control()
        if control is None:
            return None
        answer = control.ask(NetworkQuestion(info.folder, "student", ask))
        began = time.monotonic()
        while True:
            try:
                return answer.result(LOOK)
            except NotAnswering:
                return None
            except NotYet:
                if stopping() or time.monotonic() - began > PATIENCE:
                    answer.cancel()
                    raise StoppedEarly("The question was taken back.") from None


def seats_of(info: RunInfo, infos: list[RunInfo]) -> dict[Seat, AskedModel]:
    """Who can be asked side by side."""
    seats: dict[Seat, AskedModel] = {"student": AskedModel(info.id)}
    teacher, alone = _reference(info, "teacher", infos), _reference(info, "alone", infos)
    if info.places.teacher.is_file():
        seats["teacher"] = AskedModel(info.id, "teacher")
    elif teacher:
        seats["teacher"] = AskedModel(teacher)
    if alone:
        seats["alone"] = AskedModel(alone)
    return seats


def _reference(info: RunInfo, role: str, infos: list[RunInfo]) -> str:
    """The run of a reference: as it was recorded, or while it trains for this one."""
    if role in info.references:
        return info.references[role]
    return next((one.id for one in infos if one.parent == info.id and one.role == role), "")


def _check_fits(expected: tuple[int, ...], given: tuple[int, ...]) -> None:
    """Refuse what a network cannot read at all."""
    if len(expected) != len(given) or expected[0] != given[0]:
        raise StudioError(
            "This network was made for other data.",
            "It reads {expected}; these are {given}.",
            "Choose a network that learnt from data like these.",
            expected=_said(expected),
            given=_said(given),
        )


def _said(shape: tuple[int, ...]) -> Text:
    if len(shape) == 1:
        return text("{n} numbers", n=shape[0])
    return text("pictures in colour") if shape[0] == 3 else text("pictures of {n} channel", n=shape[0])
