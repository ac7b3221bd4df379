"""The one door for questions to what runs have learnt and are learning. Every call takes a moment: ask from a worker."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import TimeoutError as NotYet
from pathlib import Path

import numpy as np

from studio.core.errors import StoppedEarly, StudioError
from studio.core.message import Text, text
from studio.core.score_scale import ACCURACY
from studio.data.own_file import checked, read_own
from studio.insight.single_answer import SingleAnswer, answer_of_model, answer_of_network, likeness
from studio.models.base import Model
from studio.networks.network_model import NetworkModel
from studio.networks.table_input import read_encoding
from studio.runs.files.history import Reference
from studio.runs.inspect.asked_model import AskedModel, Cell, Example, ModelAnswer, NamedModel, RunOverview, Seat
from studio.runs.inspect.differences import DifferingPictures, difference_sets
from studio.runs.inspect.loaded_data import InspectedData, LoadedData, Stopping, never
from studio.runs.inspect.loaded_models import LoadedModels
from studio.runs.results.summarise import read_predictions
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from studio.training.control import Control
from studio.training.questions import NetworkQuestion, NotAnswering

#: Seconds between two looks whether a question to a running network was taken back, and after which it is given up.
LOOK, PATIENCE = 0.02, 60.0
#: Runs that are offered beside the one in question.
OFFERED = 40


class Inspector:
    """Reads networks and data when they are first needed, and keeps the last few. For one thread.

    Nothing it is asked is kept, and nothing changes a number of a run that trains meanwhile.

    Args:
        workspace: where the runs are.
        control: gives the control of what trains in this process, None where nothing does.
    """

    def __init__(self, workspace: Workspace, control: Callable[[], Control | None] = lambda: None) -> None:
        self._workspace = workspace
        self._control = control
        self._models = LoadedModels()
        self._parts = LoadedData(workspace.cache)

    def overview(self, run: str, stopping: Stopping = never) -> RunOverview:
        """What can be asked about a run.

        Raises:
            StudioError: the run or its data are not there.
        """
        info, infos = self._workspace.run(run), self._workspace.runs()
        part = self._part(info.id, stopping)
        seats: dict[Seat, AskedModel] = {"student": AskedModel(info.id)}
        teacher, alone = self._reference(info, "teacher", infos), self._reference(info, "alone", infos)
        if info.places.teacher.is_file():
            seats["teacher"] = AskedModel(info.id, "teacher")
        elif teacher:
            seats["teacher"] = AskedModel(teacher)
        if alone:
            seats["alone"] = AskedModel(alone)
        others = (
            NamedModel(AskedModel(other.id), f"{other.method_title}, seed {other.seed}")
            for other in infos
            if other.id != info.id and other.tested_on == info.tested_on and other.places.student.is_file()
        )
        listed = tuple(one for one, _ in zip(others, range(OFFERED), strict=False))
        return RunOverview(
            info.id, part.classes, part.kind, part.shape, len(part), seats, listed, part.fields, part.cloud
        )

    def test_example(self, run: str, row: int, stopping: Stopping = never) -> Example:
        """An example of the test part of a run, ``row`` from 0; raises StudioError."""
        return self._part(run, stopping).example(row)

    def file_example(self, run: str, path: Path, stopping: Stopping = never) -> Example:
        """What the networks of a run see of the picture in a file.

        Raises:
            StudioError: it is no picture that can be read; else as :meth:`own_example`.
        """
        return self.own_example(run, read_own(path), path.name, stopping)

    def own_example(self, run: str, picture: np.ndarray, name: str, stopping: Stopping = never) -> Example:
        """What the networks of a run see of a person's own picture, uint8 (H, W, 4): red, green, blue, opacity.

        Args:
            name: what it is called where it is refused.

        Raises:
            StudioError: the data of the run are no pictures, or there is nothing to see in this one.
        """
        checked(picture, name)
        part = self._part(run, stopping)
        if not part.source.offers.has_maps:
            raise StudioError("This run does not learn from pictures.", "", "Try a run that does.")
        return part.own(picture)

    def filled_example(self, run: str, cells: Sequence[Cell], stopping: Stopping = never) -> Example:
        """A point in the plane, or a row of the table that a run learns from.

        Raises:
            StudioError: the data of the run have no such examples.
        """
        part = self._part(run, stopping)
        if part.source.offers.has_maps:
            raise StudioError("This run learns from pictures.", "", "Give it a picture.")
        return part.filled_in(cells)

    def answer(self, asked: AskedModel, run: str, example: Example, stopping: Stopping = never) -> ModelAnswer:
        """What a model answers to an example of the data of ``run``. One that trains answers between its steps.

        Raises:
            StudioError: it is not there, or cannot read such an example.
            StoppedEarly: ``stopping()`` turned true meanwhile.
        """
        if stopping():
            raise StoppedEarly("Another question was asked meanwhile.")
        if asked.file is not None:
            return self._of_file(asked, run, example, None)
        info = self._workspace.run(asked.run)
        if asked.role == "teacher":
            return self._of_file(asked, run, example, info.teacher_accuracy)
        if info.state == "running" and (live := self._ask_live(info, example, stopping)) is not None:
            title = text("{network}, as it is at this step", network=info.student_title or info.student)
            return ModelAnswer(asked, title, live, live=True)
        return self._of_file(asked, run, example, info.reached if info.headline == ACCURACY else None)

    @staticmethod
    def alike(answers: Mapping[Seat, ModelAnswer | StudioError]) -> dict[Seat, float]:
        """By seat the cosine of its last map and the teacher's, where both are there and of one size."""
        found: dict[Seat, float] = {}
        maps = {seat: answer.last_map for seat, answer in answers.items() if isinstance(answer, ModelAnswer)}
        teacher = maps.get("teacher")
        for seat, own in maps.items():
            value = likeness(own, teacher) if own is not None and teacher is not None and seat != "teacher" else None
            if value is not None:
                found[seat] = value
        return found

    def differences(self, run: str, stopping: Stopping = never) -> DifferingPictures | None:
        """The test pictures on which the networks of a run differ most; None while it has not ended.

        Raises:
            StudioError: the run or its data are not there.
        """
        info = self._workspace.run(run)
        own = read_predictions(info.places)
        if own is None:
            return None
        part = self._part(info.id, stopping)
        alone = info.references.get("alone")
        found = difference_sets(own, read_predictions(self._workspace.folder(alone)) if alone else None)
        if len(own.labels) != len(part):
            return None
        rows = sorted({int(row) for one in found for row in one.rows})
        return DifferingPictures(len(own.labels), found, dict(zip(rows, part.inputs(np.array(rows)), strict=True)))

    def _part(self, run: str, stopping: Stopping = never) -> InspectedData:
        return self._parts.of(run, lambda: self._workspace.run(run).experiment, stopping)

    def _reference(self, info: RunInfo, role: str, infos: list[RunInfo]) -> str:
        """The run of a reference: as it was recorded, or while it trains for this one."""
        if role in info.references:
            return info.references[role]
        return next((one.id for one in infos if one.parent == info.id and one.role == role), "")

    def _of_file(self, asked: AskedModel, run: str, example: Example, score: Reference | None) -> ModelAnswer:
        model = self._models.model(self._file(asked))
        part = self._part(run)
        _check_fits(model, example, part)
        if isinstance(model, NetworkModel):
            answer = answer_of_network(model.network, example.values)
        else:
            answer = answer_of_model(model, example.values)
        return ModelAnswer(asked, model.describe(), answer, score)

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

    def _ask_live(self, info: RunInfo, example: Example, stopping: Stopping) -> SingleAnswer | None:
        """The answer of a network that trains in this process; None where this one does not."""
        control = self._control()
        if control is None:
            return None
        answer = control.ask(NetworkQuestion(info.folder, "student", example.values))
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


def _check_fits(model: Model, example: Example, part: InspectedData) -> None:
    """Have a network read rows as these were encoded, and refuse what it cannot read at all."""
    if not isinstance(model, NetworkModel):
        return
    network = model.network
    read_encoding(network, part.encoding)
    expected, given = network.source.shape, example.values.shape
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
