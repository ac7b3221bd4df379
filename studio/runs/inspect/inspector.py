"""The one door for questions to what runs have learnt and are learning. Every call takes a moment: ask from a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from studio.core.answer_time import AnswerTime
from studio.core.errors import StoppedEarly, StudioError
from studio.core.message import text
from studio.core.score_scale import ACCURACY
from studio.data.own_file import checked, read_own
from studio.insight.asked_inside import AskedPlaces, asked_inside, asked_places, own_places
from studio.insight.single_answer import (
    answer_of_model,
    answer_of_network,
    seconds_of_model,
    seconds_of_network,
    times_in_turn,
)
from studio.insight.snapshot_parts.base import SnapshotArrays
from studio.networks.base import Network
from studio.networks.network_model import NetworkModel
from studio.runs.files.history import Reference
from studio.runs.inspect.asked_model import (
    AskedModel,
    Cell,
    Example,
    MapWish,
    ModelAnswer,
    NamedModel,
    RunInside,
    RunOverview,
)
from studio.runs.inspect.asked_networks import AskedNetworks, seats_of
from studio.runs.inspect.differences import DifferingPictures, difference_sets
from studio.runs.inspect.loaded_data import InspectedData, LoadedData, Stopping, never
from studio.runs.results.summarise import read_predictions
from studio.runs.store.workspace import Workspace
from studio.training.control import Control

#: The maps that are read where nobody wishes others.
AT_ENDS = MapWish()
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
        self._models = AskedNetworks(workspace, control)
        self._parts = LoadedData(workspace.cache)

    def overview(self, run: str, stopping: Stopping = never) -> RunOverview:
        """What can be asked about a run.

        Raises:
            StudioError: the run or its data are not there.
        """
        info, infos = self._workspace.run(run), self._workspace.runs()
        part = self._part(info.id, stopping)
        others = (
            NamedModel(AskedModel(other.id), f"{other.method_title}, seed {other.seed}")
            for other in infos
            if other.id != info.id and other.tested_on == info.tested_on and other.places.student.is_file()
        )
        listed = tuple(one for one, _ in zip(others, range(OFFERED), strict=False))
        return RunOverview(
            info.id,
            part.classes,
            part.kind,
            part.shape,
            len(part),
            seats_of(info, infos),
            listed,
            part.fields,
            part.cloud,
        )

    def test_example(self, run: str, row: int, stopping: Stopping = never) -> Example:
        """An example of the test part of a run, ``row`` from 0; raises StudioError."""
        return self._part(run, stopping).example(row)

    def file_example(self, run: str, path: Path, stopping: Stopping = never) -> Example:
        """What the networks of a run see of the picture in a file.

        Raises:
            StudioError: it is no picture that can be read; else as :meth:`own_example`.
        """
        picture = read_own(path)
        return replace(self.own_example(run, picture, path.name, stopping), given=picture)

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

    def answer(
        self, asked: AskedModel, run: str, example: Example, stopping: Stopping = never, wish: MapWish = AT_ENDS
    ) -> ModelAnswer:
        """What a model answers to an example of the data of ``run``. One that trains answers between its steps.

        Args:
            wish: which maps are wanted beside the answer.

        Raises:
            StudioError: it is not there, or cannot read such an example.
            StoppedEarly: ``stopping()`` turned true meanwhile.
        """
        if stopping():
            raise StoppedEarly("Another question was asked meanwhile.")
        if asked.file is not None:
            return self._of_file(asked, run, example, wish, None, stopping)
        info = self._workspace.run(asked.run)
        if asked.role == "teacher":
            return self._of_file(asked, run, example, wish, info.teacher_accuracy, stopping)
        ask = partial(answer_of_network, example=example.values, kind=wish.kind, tap=wish.tap)
        if info.state == "running" and (live := self._models.ask_live(info, ask, stopping)) is not None:
            title = text("{network}, as it is at this step", network=info.student_title or info.student)
            return ModelAnswer(asked, title, live, live=True)
        reached = info.reached if info.headline == ACCURACY else None
        return self._of_file(asked, run, example, wish, reached, stopping)

    def times(
        self, asked: Sequence[AskedModel], run: str, example: Example, stopping: Stopping = never
    ) -> list[AnswerTime]:
        """What one answer of each takes, measured in turn; of models that stand in files and have just answered.

        Raises:
            StudioError: one of them is not there any more.
            StoppedEarly: ``stopping()`` turned true while one was read again.
        """
        answering: list[Callable[[], float]] = []
        for one in asked:
            model = self._models.model(one, example.values, self._part(run).encoding, stopping)
            if isinstance(model, NetworkModel):
                answering.append(partial(seconds_of_network, model.network, example.values))
            else:
                answering.append(partial(seconds_of_model, model, example.values))
        return times_in_turn(answering, stopping)

    def inside(self, run: str, pictures: np.ndarray, stopping: Stopping = never) -> RunInside:
        """What the networks of a run answer to a few pictures, and all their maps of them; one that trains between its steps.

        Args:
            pictures: as its data have them, uint8 (P, C, H, W).

        Raises:
            StudioError: the student is not there, cannot read them, or is no network.
            StoppedEarly: ``stopping()`` turned true meanwhile.
        """
        info, part = self._workspace.run(run), self._part(run, stopping)
        seats = seats_of(info, self._workspace.runs())
        teacher = self._models.network_if_any(seats.get("teacher"), pictures[0])
        alone = self._models.network_if_any(seats.get("alone"), pictures[0])
        if stopping():
            raise StoppedEarly("Another question was asked meanwhile.")

        def look(network: Network) -> tuple[AskedPlaces, SnapshotArrays]:
            at = asked_places(network, teacher)
            return at, asked_inside("student", network, pictures, at.student, at.inner_student, part.classes)

        live = self._models.ask_live(info, look, stopping) if info.state == "running" else None
        at, arrays = live or look(self._models.network(seats["student"], pictures[0]))
        if teacher is not None and not stopping():
            arrays |= asked_inside("teacher", teacher, pictures, at.teacher, at.inner_teacher, part.classes)
        beside: SnapshotArrays = {}
        if alone is not None and not stopping():
            beside = asked_inside("student", alone, pictures, *own_places(alone, at), part.classes)
        if stopping():
            raise StoppedEarly("Another question was asked meanwhile.")
        return RunInside(arrays, beside, live is not None)

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
        inputs = dict(zip(rows, part.inputs(np.array(rows)), strict=True))
        words = {row: part.words(row) for row in rows} if part.table is not None else {}
        return DifferingPictures(len(own.labels), found, inputs, words)

    def _part(self, run: str, stopping: Stopping = never) -> InspectedData:
        return self._parts.of(run, lambda: self._workspace.run(run).experiment, stopping)

    def _of_file(
        self, asked: AskedModel, run: str, example: Example, wish: MapWish, score: Reference | None, stopping: Stopping
    ) -> ModelAnswer:
        model = self._models.model(asked, example.values, self._part(run).encoding, stopping)
        if isinstance(model, NetworkModel):
            answer = answer_of_network(model.network, example.values, wish.kind, wish.tap)
        else:
            answer = answer_of_model(model, example.values)
        return ModelAnswer(asked, model.describe(), answer, score)
