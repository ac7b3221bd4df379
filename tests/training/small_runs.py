"""Small real runs, and a list that understands what they say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from studio import catalog
from studio.events import Event
from studio.experiment import Experiment, validated
from studio.methods.base import AnyMethod
from studio.training.checkpoint_content import CheckpointContent
from studio.training.checkpoints import Checkpoints
from studio.training.control import Control
from studio.training.hooks import Hook
from studio.training.resume_point import ResumePoint
from studio.training.session import Outcome, Places, run_session


def small(method: str | dict[str, Any] = "kd", **changes: Any) -> Experiment:
    """A run of a second: digits, two little CNNs. ``method`` is a key or a table, ``changes`` are tables to merge."""
    values: dict[str, Any] = {
        "dataset": {"key": "digits", "per_class": 10},
        "teacher": {"key": "cnn-8"},
        "student": {"key": "cnn-4"},
        "method": {"key": method} if isinstance(method, str) else method,
        "training": {"epochs": 3, "batch_size": 32, "device": "cpu"},
    }
    if catalog.find(catalog.TEACHING, values["method"]["key"]).needs.made_from_teacher:
        values["student"] = {"key": "recast"}
    for table, content in changes.items():
        values[table] = {**values.get(table, {}), **content} if isinstance(content, dict) else content
    return validated(values)


#: Settings with which a method takes stages that it does not take of itself.
MORE_STAGES: dict[str, dict[str, object]] = {
    "fsp": {"stages": "one"},
    "svd": {"stages": "two"},
    "composed": {"stages": "two"},
    "at": {"kind": "full"},
}


def equally_wide(method: AnyMethod, settings: Mapping[str, object], **changes: Any) -> Experiment:
    """A small run in which every method can take part: the student is as wide as its teacher, or made from it."""
    student = {} if method.needs.made_from_teacher else {"student": {"key": "cnn-8"}}
    return small({"key": method.key, "settings": dict(settings)}, **student, **changes)


def newest(folder: Path) -> CheckpointContent | None:
    """The newest checkpoint of the run in ``folder`` that is whole."""
    return ResumePoint(Checkpoints(folder / "checkpoints")).content


class Told(list[Event]):
    """What a run said."""

    def of(self, kind: type) -> list[Any]:
        """The events of one kind, in order."""
        return [event for event in self if isinstance(event, kind)]


Run = Callable[..., tuple[Outcome, Told]]


def runs_in(place: Path, teacher: Path, cache: Path) -> Run:
    """What runs experiments, as the fixture ``run`` does, in fresh folders of ``place``."""
    count = iter(range(1000))

    def start(
        experiment: Experiment,
        *,
        folder: Path | None = None,
        control: Control | None = None,
        resume: bool = False,
        listen: Any = None,
        hooks: Sequence[Hook] = (),
    ) -> tuple[Outcome, Told]:
        folder = folder or place / f"run-{next(count)}"
        folder.mkdir(exist_ok=True)
        told = Told()

        def both(event: Event) -> None:
            told.append(event)
            if listen is not None:
                listen(event)

        places = Places(folder, cache, None if experiment.method.key == "none" else teacher)
        return run_session(experiment, places, both, control or Control(), resume=resume, hooks=hooks), told

    return start
