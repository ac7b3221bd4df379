"""A tree as a picture: branches as wide as the cases that take them, leaves in the colour of their class."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from studio.models.tree import DecisionTree
from studio.models.tree_layout import tree_layout
from studio.models.tree_words import branch_words

#: Pixels: from leaf to leaf, from question to question, the border, and a branch that all cases take.
ACROSS, DOWN, BORDER, WIDEST = 110, 76, 40, 22
INK, PAPER, LINE = "#1f2430", "#ffffff", "#8a91a0"
#: Colours of classes, in turn; told apart also without red and green (Okabe and Ito, "Color universal design", 2008).
COLOURS = ("#0072b2", "#b35900", "#007a5e", "#a8447f", "#3f6fb0", "#8a6d00", "#555555")


def tree_svg(tree: DecisionTree, colours: Sequence[str] = COLOURS) -> str:
    """The source of an SVG picture of the whole tree."""
    places = tree_layout(tree) * (ACROSS, DOWN) + (BORDER + ACROSS / 2, BORDER)
    width, height = places.max(0) + np.array([BORDER + ACROSS / 2, BORDER + DOWN / 2])
    inner = np.flatnonzero(tree.column >= 0).tolist()
    parts = [_branch(tree, places, node, left, colours) for node in inner for left in (True, False)]
    parts += [_node(tree, places, node, colours) for node in range(len(tree))]
    legend = [
        f'<rect x="{BORDER}" y="{height + 22 * row}" width="14" height="14" fill="{colours[row % len(colours)]}"/>'
        f'<text x="{BORDER + 22}" y="{height + 22 * row + 12}" text-anchor="start">{_safe(name)}</text>'
        for row, name in enumerate(tree.classes)
    ]
    size = f"{width:.0f} {height + 22 * len(tree.classes) + BORDER:.0f}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" font-family="sans-serif" font-size="13" '
        f'text-anchor="middle" fill="{INK}"><rect width="100%" height="100%" fill="{PAPER}"/>'
    )
    return "\n".join([head, *parts, *legend, "</svg>", ""])


def _branch(tree: DecisionTree, places: np.ndarray, node: int, left: bool, colours: Sequence[str]) -> str:
    child = int((tree.left if left else tree.right)[node])
    (x, y), (end_x, end_y) = places[node], places[child]
    wide = max(1.0, WIDEST * float(tree.share[child]))
    colour = colours[int(tree.labels[child]) % len(colours)]
    middle = (y + end_y) / 2
    curve = f"M{x:.1f},{y:.1f} C{x:.1f},{middle:.1f} {end_x:.1f},{middle:.1f} {end_x:.1f},{end_y:.1f}"
    said = _safe(str(branch_words(tree, node, left)))
    where = f'x="{(x + end_x) / 2:.1f}" y="{middle:.1f}"'
    return (
        f'<path d="{curve}" fill="none" stroke="{colour}" stroke-opacity="0.3" stroke-width="{wide:.1f}"/>'
        f'<text {where} stroke="{PAPER}" stroke-width="4" paint-order="stroke" font-size="12">{said}</text>'
    )


def _node(tree: DecisionTree, places: np.ndarray, node: int, colours: Sequence[str]) -> str:
    x, y = places[node]
    if tree.column[node] >= 0:
        said = _safe(tree.columns[tree.column[node]].name)
        return (
            f'<rect x="{x - 50:.1f}" y="{y - 13:.1f}" width="100" height="26" rx="13" fill="{PAPER}" stroke="{LINE}"/>'
            f'<text x="{x:.1f}" y="{y + 4:.1f}">{said}</text>'
        )
    counts = tree.counts[node]
    colour = colours[int(tree.labels[node]) % len(colours)]
    return (
        f'<rect x="{x - 28:.1f}" y="{y - 15:.1f}" width="56" height="30" rx="4" fill="{colour}"/>'
        f'<text x="{x:.1f}" y="{y + 5:.1f}" fill="{PAPER}">{100 * counts.max() / counts.sum():.0f} %</text>'
    )


def _safe(words: str) -> str:
    """A text as it may stand in XML; signs that XML does not know are left out."""
    return escape("".join(sign for sign in words if sign.isprintable()), quote=True)
