"""The experiment being put together: plain nested values with undo, turned into an Experiment when it is to run."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from studio.core import paths
from studio.core.suited_setting import SuitedSetting
from studio.gui.experiment.edit_history import Edit, EditHistory
from studio.gui.presenters.draft_info import TABLE, Step, Values
from studio.gui.presenters.opened_settings import OPENED
from studio.gui.presenters.suited_settings import FITTED, refitted, with_fitted

if TYPE_CHECKING:
    from studio.experiment import Experiment

Tables = dict[str, Any]
SEEDS = "seeds"


class ExperimentDraft(QObject):
    """What the panels edit.

    Its values are shaped as an experiment file, with ``seeds`` (a list) in place of ``seed``; what is absent has its
    default. Nothing here knows the models: a draft may be wrong, :meth:`experiments` says so.

    Signals:
        changed: follows every edit, undo and redo.
        completing: its values are about to be used or replaced; who edits it puts in what is being typed.
    """

    changed = Signal()
    completing = Signal()

    def __init__(self, values: Values | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._values: Tables = _with_seeds(values or {})
        self.edits = EditHistory(self.show_values, self)
        self.edits.moving.connect(self.complete)

    # --- reading ------------------------------------------------------------------------------------------------------

    @property
    def values(self) -> Tables:
        """A copy of all values, safe to hand to a worker."""
        return copy.deepcopy(self._values)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been picked yet."""
        return not any(table in self._values for table in TABLE.values())

    def get(self, path: str, default: Any = None) -> Any:
        """The value at a dotted path, or ``default`` where there is none."""
        return copy.deepcopy(paths.get(self._values, path, default))

    def key(self, step: Step) -> str:
        """What was picked for a step; "" for nothing."""
        return str(self.get(f"{TABLE[step]}.key", ""))

    @property
    def seeds(self) -> list[int]:
        """The seeds to run, at least one."""
        seeds = self.get(SEEDS, [0])
        return [int(seed) for seed in seeds] if isinstance(seeds, list) and seeds else [0]

    @property
    def beside(self) -> Tables:
        """What it holds besides the experiment to tell what was changed by hand; given back to it by :meth:`load`."""
        return {name: copy.deepcopy(self._values[name]) for name in (OPENED, FITTED) if name in self._values}

    @property
    def drawn_seeds(self) -> list[int]:
        """The seeds of the runs it stands for: those of all splits of the data."""
        from studio.experiment import split_seeds

        splits = self.get("dataset.splits", 1)
        return split_seeds(self.seeds, splits if isinstance(splits, int) and splits > 0 else 1)

    # --- editing ------------------------------------------------------------------------------------------------------

    def complete(self) -> None:
        """Have what is being typed put in, as somebody is about to use the values."""
        self.completing.emit()

    def set(self, path: str, value: Any, words: str = "") -> None:
        """Give a value; several of one path in a row are undone together."""
        after = self.values
        paths.put(after, path, copy.deepcopy(value))
        self._push(words or self.tr("change {path}").format(path=path), after, path)

    def put_back(self, path: str, words: str = "") -> None:
        """Take a value away, so that its default is in force."""
        after = self.values
        paths.remove(after, path)
        self._push(words or self.tr("put back {path}").format(path=path), after, path)

    def pick(
        self,
        step: Step,
        key: str,
        table: Mapping[str, Any] | None = None,
        words: str = "",
        suited: Mapping[str, float] | None = None,
        together: Mapping[Step, Mapping[str, Any]] | None = None,
    ) -> None:
        """Fill the table of a step anew: its key and, in ``table``, what else was chosen for it. One step of undo.

        A method that makes its student from the teacher brings that student with it, and takes it away again. ``suited``
        tells, by path, the settings that ``table`` was filled with because they suit what was picked. ``together`` are the
        tables of other steps that were chosen with it.
        """
        from studio.gui.presenters.made_student import STUDENT_BEFORE, with_fitting_student

        self.complete()
        after = self.values
        for other, chosen in (together or {}).items():
            after[TABLE[other]] = copy.deepcopy(dict(chosen))
        after[TABLE[step]] = {"key": key, **(table or {})}
        if step == "method":
            after = with_fitting_student(after, self._values)
        elif step == "student" or "student" in (together or {}):
            after.pop(STUDENT_BEFORE, None)
        after = with_fitted(after, self._values, suited or {}, of_method=step == "method")
        self._push(words or self.tr("choose {key}").format(key=key), after, "")

    def refit(self, suited: Mapping[str, SuitedSetting]) -> None:
        """Let what the window filled in follow what was picked; it is part of the last edit, and undone with it."""
        after = refitted(self._values, suited)
        if after != self._values:
            self.edits.amend(after)

    def load(self, values: Values, words: str = "") -> None:
        """Replace everything, as one step of undo.

        What was changed by hand is told by the values as they are now, unless they bring their own ``beside``.
        """
        self.complete()
        made = _with_seeds(values)
        made.setdefault(OPENED, copy.deepcopy(made))
        self._push(words or self.tr("open an experiment"), made, "")

    def load_experiment(
        self, experiment: Experiment, words: str = "", beside: Values | None = None, changes: Experiment | None = None
    ) -> None:
        """Replace everything by an experiment: of the gallery, a file or an earlier run.

        Args:
            words: what it is called where it can be undone.
            beside: what it was loaded with before.
            changes: the experiment that it is a change of; what differs is marked as changed.
        """
        opened = {OPENED: _with_seeds(_dumped(changes))} if changes is not None else {}
        self.load({**_dumped(experiment), **opened, **(beside or {})}, words)

    def show_values(self, values: Values) -> None:
        """Put values in force without a step of undo; the history of edits calls this."""
        self._values = copy.deepcopy(dict(values))
        self.changed.emit()

    def _push(self, words: str, after: Tables, place: str) -> None:
        if after != self._values:
            self.edits.push(Edit(words, self.values, after, place))

    # --- running ------------------------------------------------------------------------------------------------------

    def experiments(self) -> list[Experiment]:
        """One validated experiment for each seed, on each split of the data.

        Raises:
            Invalid: with every problem, each with its dotted place.
        """
        from studio.experiment import each_split, validated
        from studio.gui.presenters.made_student import STUDENT_BEFORE

        self.complete()
        values = self.values
        seeds = values.pop(SEEDS, None)
        for beside in (STUDENT_BEFORE, FITTED, OPENED):
            values.pop(beside, None)
        if seeds is None or isinstance(seeds, list):
            made = [validated({**values, "seed": seed}) for seed in seeds or [0]]
            of_splits = {split.seed: split for experiment in made for split in each_split(experiment)}
            return list(of_splits.values()) if made[0].dataset.splits > 1 else made
        return [validated({**values, "seed": seeds})]  # what was typed is no list; it says so


def _dumped(experiment: Experiment) -> Tables:
    return experiment.model_dump(mode="json", exclude_defaults=True)


def _with_seeds(values: Values) -> Tables:
    made: Tables = copy.deepcopy(dict(values))
    seed = made.pop("seed", None)
    if seed is not None and SEEDS not in made:
        made[SEEDS] = [seed]
    made.pop("schema_version", None)
    return made
