"""A made-up model compression, as a chain would have ended with it."""

from __future__ import annotations

import numpy as np

from studio.core.message import Text
from studio.gui.presenters.column_samples import column_samples
from studio.gui.presenters.compression_reading import ComparedModel, Compression, LibraryMember
from studio.gui.presenters.shown_run import ShownRun
from studio.models.tree_columns import TreeColumn
from tests.gui.made_up import pictures_run

COLUMNS = (TreeColumn("size", low=0.0, high=8.0), TreeColumn("colour", ("red", "green", "blue")))


def compression(*, cases: int = 100_000, units: int = 128, student: float = 0.021) -> Compression:
    """Together 0.020, the best single learner 0.030: of the gain a student of 0.021 keeps nine tenths."""
    draw = np.random.default_rng(0)
    true = np.column_stack([draw.uniform(0, 8, 200), draw.integers(0, 3, 200)]).astype(float)
    made = true[draw.permutation(200)] + np.array([0.5, 0.0])
    return Compression(
        models=(
            ComparedModel("ensemble", 0.020, 0.991, 4_200_000, 310.0),
            ComparedModel("student", student, 0.990, 9_000, 0.03),
            ComparedModel("best", 0.030, 0.985, 60_000, 0.8),
            ComparedModel("alone", 0.034, 0.983, 9_000, 0.03),
        ),
        members=(
            LibraryMember(Text("Neural net"), Text("units 64, alpha 0.01"), 0.6, 0.030),
            LibraryMember(Text("Boosted trees"), Text("max_iter 100"), 0.4, 0.036),
        ),
        library=30,
        cases=cases,
        units=units,
        to_ensemble=0.0012,
        samples=column_samples(COLUMNS, true, made),
    )


def compression_run(found: Compression | None = None, *, run: str = "made-up-compression", index: int = 0) -> ShownRun:
    """A run that compressed many learners."""
    history = pictures_run(f"Compression {index}", run=run, readings=20, snapshots=0)
    return ShownRun(history, index, current=not index, method="compress", compression=found or compression())
