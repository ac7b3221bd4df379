"""What the panels are told by somebody who looks nothing up: a short made-up catalogue, answered at once.

``tests/contracts`` holds it to what the real presenter answers. What is wrong with a draft it asks the experiment itself,
as the real one does; no network is built and no data are read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio.core import paths
from studio.core.errors import Invalid, StudioError
from studio.core.message import NOTHING, Text, text
from studio.core.table_preview import ColumnPreview, TablePreview
from studio.experiment import validated
from studio.gui.presenters.composer_info import ComposerInfo, DesignAspect, MethodAspects, MethodTable
from studio.gui.presenters.draft_info import (
    STEPS,
    TABLE,
    CardInfo,
    Choice,
    DraftInfo,
    Problem,
    Step,
    Values,
    saved_method_key,
)
from studio.gui.presenters.drawings import MethodShape, NetworkShape
from studio.gui.presenters.opened_settings import OPENED
from studio.gui.presenters.pair_info import PairInfo
from studio.gui.presenters.suited_settings import FITTED
from studio.runs.presets.presets import Preset
from studio.runs.store.saved_methods import SavedMethods

_SMALL_CNN = "Three convolutions.", "Small CNN"
NETWORKS = (
    Choice("cnn-8", "Small CNN 8", *_SMALL_CNN, drawing=NetworkShape(((8, 8), (4, 16)), "student")),
    Choice(
        "cnn-32",
        "Small CNN 32",
        *_SMALL_CNN,
        details=(("Parameters", "94,186"),),
        drawing=NetworkShape(((8, 32), (4, 64)), "teacher"),
    ),
    Choice("vgg-8", "VGG-8", "Plain.", "VGG", refusal=Text("It reads larger pictures.")),
)
#: Answers to its key, and is not listed.
UNLISTED = Choice("cnn-128", "Small CNN 128", "Three convolutions.", details=(("Parameters", "1,480,000"),))
METHODS = (
    Choice("none", "None", "The reference.", "The reference", extends=False),
    Choice("kd", "Soft targets", "Learn how sure.", "What it answers", "2015", "Hinton et al.", joins=True),
    Choice("at", "Attention transfer", "Copy where it looks.", "What it sees inside", joins=True),
    Choice("ab", "Activation boundary", "Copy boundaries.", "What it sees inside", refusal=Text("There is no ReLU.")),
)
DATA = (
    Choice("digits", "Digits", "Handwritten digits."),
    Choice("images", "Own pictures", "A folder for each class."),
    Choice("moons", "Two moons", "Two crescents."),
)
RUNS = (
    Choice("run:20260101-a", "Small CNN on digits", "97.6 %", network="cnn-128"),
    Choice("run:20260102-b", "On other data", "61 %", network="cnn-8", refusal=Text("It knows other classes.")),
)
PREVIEW = TablePreview(
    (Text("5 rows, 1 column to learn from, 2 classes."),),
    ("size", "kind"),
    (("1.5", "rose"), ("2.5", "iris")),
    (
        ColumnPreview("size", "numeric", 1, (2, 1, 1), Text("1.5 to 4")),
        ColumnPreview("kind", "class", 0, (3, 2), Text("iris, rose")),
    ),
    is_own=True,
)
UNPICKED: dict[Step, Text] = {step: text("Choose the {step}", step=step) for step in STEPS}


class FakePresenter:
    """See :class:`studio.gui.presenters.draft_info.Presenter`.

    Args:
        place: where saved methods are kept.

    Attributes:
        problems: told besides those that a draft has.
        error: raised instead of a description.
        failure: raised instead of a list of choices.
        asked: every draft that was described.
        looked_up: every key that was looked up.
        previewed: every draft whose table was asked for.
    """

    def __init__(self, place: Path) -> None:
        self.problems: tuple[Problem, ...] = ()
        self.error: StudioError | None = None
        self.failure: StudioError | None = None
        self.asked: list[Values] = []
        self.looked_up: list[str] = []
        self.previewed: list[Values] = []
        self._saved = SavedMethods(place)

    def describe(self, values: Values) -> DraftInfo:
        self.asked.append(values)
        if self.error is not None:
            raise self.error
        picked = {step: self._picked(step, values) for step in STEPS}
        problems = (*_wrong(values), *self._refusals(picked), *self.problems)
        cards = {step: _card(step, choice) for step, choice in picked.items()}
        if paths.get(values, "dataset.key") == "images" and not paths.get(values, "dataset.path"):
            cards["data"] = replace(cards["data"], note=Text("Choose a folder."), level="warning")
        estimate = NOTHING if problems or cards["data"].note else Text("About 30 s on this computer.")
        return DraftInfo(cards, problems, estimate, self._defaults(picked))

    def choices(self, step: Step, values: Values) -> list[Choice]:
        if self.failure is not None:
            raise self.failure
        return list(self._rows(step))

    def look_up(self, step: Step, key: str, values: Values) -> Choice | None:
        self.looked_up.append(key)
        if step not in ("teacher", "student"):
            return None
        return next((choice for choice in (*NETWORKS, UNLISTED) if choice.key == key), None)

    def teacher_runs(self, values: Values) -> list[Choice]:
        return list(RUNS)

    def pair(self, values: Values) -> PairInfo | None:
        """Nothing is known of pairs here."""
        return None

    def timed_pair(self, values: Values) -> PairInfo | None:
        return None

    def preview(self, values: Values) -> TablePreview | None:
        """A table of two columns, once a file is named."""
        self.previewed.append(values)
        path = paths.get(values, "dataset.path", None)
        return PREVIEW if path else None

    def preset_seconds(self, presets: Sequence[Preset]) -> Mapping[str, float]:
        return {preset.key: 30.0 for preset in presets}

    def knows_pace(self) -> bool:
        return True

    def compose(
        self, values: Values, table: MethodTable, picks: Sequence[tuple[DesignAspect, str]] = ()
    ) -> ComposerInfo | None:
        """Nothing here is made of parts."""
        return None

    def method_aspects(self) -> tuple[MethodAspects, ...]:
        return tuple(MethodAspects(method.key, method.title, ("there", "its", "its", "L2", "")) for method in METHODS)

    @property
    def saved_methods(self) -> SavedMethods:
        return self._saved

    def _rows(self, step: Step) -> tuple[Choice, ...]:
        if step == "method":
            saved = (
                Choice(saved_method_key(own.name), own.name, own.choice.title, "Yours", table=own.table, saved=True)
                for own in self._saved.all()
                if own.choice is not None
            )
            return (*saved, *METHODS)
        return DATA if step == "data" else NETWORKS

    def _picked(self, step: Step, values: Values) -> Choice | None:
        """The row of what is in force for a step; a teacher from a run has that run's network."""
        key = paths.get(values, f"{TABLE[step]}.key", "")
        if step == "teacher":
            source = paths.get(values, "teacher.source", "train")
            key = next((run.network for run in RUNS if run.key == source), key)
        rows = (*METHODS, *DATA) if step in ("method", "data") else (*NETWORKS, UNLISTED)
        return next((row for row in rows if row.key == key), None)

    @staticmethod
    def _refusals(picked: Mapping[Step, Choice | None]) -> list[Problem]:
        refused = [(step, choice) for step, choice in picked.items() if choice is not None and choice.refusal]
        return [Problem(f"{TABLE[step]}.key", choice.refusal) for step, choice in refused]

    @staticmethod
    def _defaults(picked: Mapping[Step, Choice | None]) -> dict[str, Any]:
        method, data = picked["method"], picked["data"]
        made: dict[str, Any] = {"method.task_weight": 0.1 if method.key == "kd" else 1.0} if method is not None else {}
        return made | ({"dataset.augmentation.pad": 0} if data is not None else {})


def _card(step: Step, choice: Choice | None) -> CardInfo:
    if choice is None:
        return CardInfo(UNPICKED[step], "")
    if step == "data":
        return CardInfo(choice.title, text("{n} labelled pictures to learn from", n=100), "100 pictures")
    if step == "method":
        return CardInfo(choice.title, choice.words, "", MethodShape("answers"), help_page=f"method-{choice.key}")
    drawing = replace(choice.drawing, role=step) if isinstance(choice.drawing, NetworkShape) else None
    return CardInfo(choice.title, text("{size} parameters", size="94 k"), "94 k", drawing, help_page="networks")


def _wrong(values: Values) -> list[Problem]:
    """What the experiment says of itself."""
    tables = {name: table for name, table in values.items() if name not in ("seeds", FITTED, OPENED)}
    seeds = values.get("seeds", [0])
    try:
        for seed in seeds or [0] if isinstance(seeds, list) else [seeds]:
            validated({**tables, "seed": seed})
    except Invalid as invalid:
        return [Problem({"seed": "seeds"}.get(one.place, one.place), _sentence(one)) for one in invalid.problems]
    return []


def _sentence(problem: StudioError) -> Text:
    for step, table in TABLE.items():
        if problem.place in (table, f"{table}.key") and not problem.why:
            return text("{what}.", what=UNPICKED[step])
    return problem.paragraph()
