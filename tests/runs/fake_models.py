"""Students that nobody trained: of the kind an experiment ends with, as a run keeps them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from studio.experiment.choices import is_learner
from studio.models.cart import fit_cart
from studio.models.tree_columns import TreeColumn
from studio.models.tree_model import TreeModel
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import save_network

ROWS = 40


def save_made_up_student(key: str, shape: tuple[int, ...], classes: tuple[str, ...], seed: int, file: Path) -> None:
    """Keep what stands for a trained student.

    Args:
        key: of a network, the form of a recast one among them, or of a learner that is none.
        shape: of its inputs, (C, H, W) or (D,).
        seed: equal seeds make equal files.
        file: where it is kept.
    """
    if is_learner(key):
        made_up_tree(shape, classes, seed).save(file)
        return
    source = Input(shape, (0.0,) * shape[0], (1.0,) * shape[0])
    save_network(build_network(key, source, classes, seed), file)


def made_up_tree(shape: tuple[int, ...], classes: tuple[str, ...], seed: int) -> TreeModel:
    """A tree of a few rows drawn at random."""
    generator = np.random.default_rng(seed)
    columns = tuple(TreeColumn(f"column {number}") for number in range(int(np.prod(shape))))
    rows, labels = generator.random((ROWS, len(columns))), np.arange(ROWS) % len(classes)
    return TreeModel(fit_cart(rows, labels, columns, classes, generator))
