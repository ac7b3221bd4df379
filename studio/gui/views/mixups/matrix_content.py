"""A confusion matrix as it is drawn: of one network, or how much two differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from studio.core.format import percent, signed_count, thousands
from studio.gui import theme
from studio.gui.views.charts.naming import class_name
from studio.gui.views.charts.strokes import Stroke
from studio.runs.comparison.confusion import AnswersOfNetwork, ClassBand, RunAnswers

#: The least share of a colour where there is anything at all.
LEAST = 0.14


@dataclass(frozen=True, eq=False)
class MatrixContent:
    """What the canvas draws, in the order it is drawn in. K classes.

    Attributes:
        names: (K,).
        values: (K, K) int64: rows are what the pictures are, columns what was answered; of a difference with its sign.
        sizes: (K,) pictures of each class.
        classes: (K,) the number of each class in the run.
        bands: stretches that belong together.
        first: whose answers they are; ``second`` whose are taken from them, None of one network alone.
    """

    names: tuple[str, ...]
    values: np.ndarray
    sizes: np.ndarray
    classes: np.ndarray
    bands: tuple[ClassBand, ...]
    first: Stroke
    second: Stroke | None = None

    @property
    def count(self) -> int:
        """K."""
        return len(self.names)

    def words(self, row: int, column: int) -> str:
        """A cell in one sentence."""
        value, size = int(self.values[row, column]), int(self.sizes[row])
        if self.second is not None:
            words = _tr("“{label}” taken for “{answer}”: {n} of {size}, first less second")
            if row == column:
                words = _tr("“{label}” answered rightly: {n} of {size}, first less second")
            n = signed_count(value)
        else:
            words = _tr("“{label}” taken for “{answer}”: {n} of {size}, {share}")
            if row == column:
                words = _tr("“{label}” answered rightly: {n} of {size}, {share}")
            n = thousands(value)
        share = percent(value / size) if size else "–"
        return words.format(label=self.names[row], answer=self.names[column], n=n, size=thousands(size), share=share)

    def number(self, row: int, column: int) -> str:
        """What stands in a cell; nothing where nothing is."""
        value = int(self.values[row, column])
        return "" if value == 0 else signed_count(value) if self.second is not None else str(value)

    def strengths(self) -> np.ndarray:
        """(K, K) how strong each cell's colour is, -1 to 1; below 0 in the colour of ``second``.

        Right answers of one network alone are 0: they are drawn in a neutral tint.
        """
        shares = self.values / np.maximum(self.sizes, 1)[:, None]
        if self.second is None:
            shares = shares * (1 - np.eye(self.count))
        top = max(float(np.abs(shares).max(initial=0)), 1e-9)
        strong: np.ndarray = np.sign(shares) * np.where(
            shares != 0, LEAST + (1 - LEAST) * np.sqrt(np.abs(shares) / top), 0
        )
        return strong

    def colors(self) -> np.ndarray:
        """(K, K, 3) uint8 in the theme in force."""
        strong = self.strengths()
        colors = theme.current()
        ground = _rgb(colors.color("surface"))
        ends = [_rgb(self.first.color), _rgb((self.second or self.first).color)]
        mixed = np.where(
            strong[..., None] >= 0,
            ground + strong[..., None] * (ends[0] - ground),
            ground - strong[..., None] * (ends[1] - ground),
        )
        if self.second is None:
            right = np.eye(self.count, dtype=bool)
            mixed[right] = _rgb(colors.color("alone_band"))
        return np.ascontiguousarray(mixed.round().astype(np.uint8))


def content_of(
    told: RunAnswers,
    first: AnswersOfNetwork,
    second: AnswersOfNetwork | None,
    strokes: tuple[Stroke, Stroke],
    order: np.ndarray,
) -> MatrixContent:
    """One network's matrix, or that of ``first`` less that of ``second``.

    Args:
        order: (K,) the classes as they are to stand; bands are drawn where it is that of the run.
    """
    matrix = first.matrix if second is None else first.matrix - second.matrix
    return MatrixContent(
        tuple(class_name(told.classes, int(k)) for k in order),
        matrix[np.ix_(order, order)],
        told.class_sizes[order],
        order,
        told.bands if np.array_equal(order, told.order) else (),
        strokes[0],
        strokes[1] if second is not None else None,
    )


def _rgb(color: QColor) -> np.ndarray:
    return np.array([color.red(), color.green(), color.blue()], float)


def _tr(words: str) -> str:
    return QCoreApplication.translate("MatrixContent", words)
