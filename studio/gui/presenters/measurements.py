"""What every method reached on one small problem: written by ``tests/benchmarks/methods.py``, told by help and README."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from studio.core import resources
from studio.core.files import write_whole
from studio.events import KeyMoment

FILE = "measured.json"


class MeasuredProblem(BaseModel):
    """The problem all methods were measured on. Datasets, networks and methods stand here by their keys.

    ``alone`` is the student without a teacher, ``reference`` the method whose steps are the unit of cost.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    dataset: str
    per_class: int
    teacher: str
    teacher_accuracy: float
    student: str
    steps: int
    batch_size: int
    seeds: int
    alone: str
    reference: str


class MeasuredAgreement(BaseModel):
    """Means over seeds of the share of neurons that agree with the teacher's, from the lowest group to the highest.

    ``fitted`` is behind a map fitted the same way for all methods, ``own`` behind the method's connector or channel by
    channel; ``chance`` and ``own_chance`` are what luck alone would give.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    fitted: tuple[float, ...]
    chance: tuple[float, ...]
    own: tuple[float, ...]
    own_chance: tuple[float, ...]


class MeasuredMethod(BaseModel):
    """Means over the seeds of one method; accuracies and the share of the gap are fractions.

    ``deviation`` is the standard deviation of the accuracy. ``agreement`` stands by moment: "start", "copied" (where the
    method copies before it has labels), "end"; there is none without a teacher, as ``gap_closed`` is None. ``settings``
    are those that are not the default.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    accuracy: float
    deviation: float
    gap_closed: float | None
    agreement: dict[KeyMoment, MeasuredAgreement] = {}
    pictures_per_second: float | None
    cost: float | None
    settings: dict[str, int | float | bool | str] = {}


class Measurements(BaseModel):
    """The problem, and what each method reached on it, by key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    problem: MeasuredProblem
    methods: dict[str, MeasuredMethod]

    @property
    def ranked(self) -> dict[str, MeasuredMethod]:
        """The student alone, then all others from the largest share of the gap to the least."""
        return dict(sorted(self.methods.items(), key=lambda row: -_share(row[1])))

    def write(self, file: Path) -> None:
        """Write them, a line a method."""
        rows = ",\n".join(f'  "{key}": {row.model_dump_json()}' for key, row in self.ranked.items())
        whole = f'{{\n "problem": {self.problem.model_dump_json()},\n "methods": {{\n{rows}\n }}\n}}\n'
        write_whole(file, whole.encode())


def measurements_file() -> Path:
    """Where they are kept, beside the help pages."""
    return resources.folder("help") / FILE


def read_measurements() -> Measurements:
    """Those that ship with the program."""
    return Measurements.model_validate_json(measurements_file().read_bytes())


def _share(row: MeasuredMethod) -> float:
    return row.gap_closed if row.gap_closed is not None else float("inf")
