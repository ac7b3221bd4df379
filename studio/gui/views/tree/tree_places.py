"""Where the nodes of a tree stand in a canvas of some size, zoomed and moved. No painting."""

from __future__ import annotations

import numpy as np

from studio.gui.presenters.tree_reading import DrawableTree

#: Pixels: the border beside, above and below the tree.
BESIDE, ABOVE, BELOW = 16, 18, 34
#: Pixels from leaf to leaf and from question to question: when all fits at most, and when zoomed in at least.
WIDEST, TALLEST, READABLE, READABLE_DOWN = 150.0, 74.0, 124.0, 70.0
#: How much nearer one step brings.
STEP = 1.25


class TreePlaces:
    """A tree in a canvas: at zoom 1 all of it is seen; at the largest its words can be read.

    Only distances grow, never the type: zooming makes room for words.
    """

    def __init__(self, tree: DrawableTree) -> None:
        self._places = tree.places
        self._leaves, self._levels = float(tree.places[:, 0].max()) + 1, float(tree.places[:, 1].max())
        self._room = _rooms(tree.places)
        self._size = (1.0, 1.0)
        self._zoom = 1.0
        self._corner = np.zeros(2)
        self._pitch = np.ones(2)
        self._lay_out()

    @property
    def zoom(self) -> float:
        """1 where all is seen."""
        return self._zoom

    @property
    def most(self) -> float:
        """The largest zoom there is."""
        fit = self._fit()
        return float(max(1.0, READABLE / fit[0], READABLE_DOWN / fit[1]))

    @property
    def down(self) -> float:
        """Pixels from question to question."""
        return float(self._pitch[1])

    @property
    def centres(self) -> np.ndarray:
        """(m, 2) pixels."""
        return np.asarray(self._corner + (self._places + np.array([0.5, 0.0])) * self._pitch)

    @property
    def room(self) -> np.ndarray:
        """(m,) pixels across that a node has for itself."""
        return np.asarray(np.minimum(self._room * self._pitch[0], 4 * WIDEST))

    def resize(self, width: float, height: float) -> None:
        """Another size of the canvas."""
        if (width, height) != self._size:
            self._size = (width, height)
            self._zoom = min(self._zoom, self.most)
            self._lay_out()

    def show_all(self) -> None:
        """Zoom 1."""
        self._zoom = 1.0
        self._lay_out()

    def zoom_by(self, factor: float, at: tuple[float, float] | None = None) -> bool:
        """Come nearer or go away; what lies at a place, the middle by itself, stays there. Returns whether it did."""
        x, y = at or (self._size[0] / 2, self._size[1] / 2)
        zoom = min(max(self._zoom * factor, 1.0), self.most)
        if zoom == self._zoom:
            return False
        lies = (np.array([x, y]) - self._corner) / self._pitch
        self._zoom = zoom
        self._pitch = self._pitches()
        self._corner = np.array([x, y]) - lies * self._pitch
        self._keep_inside()
        return True

    def move_by(self, x: float, y: float) -> None:
        """Move the tree by pixels, no further than its ends."""
        self._corner = self._corner + np.array([x, y])
        self._keep_inside()

    def bring_in(self, node: int) -> None:
        """Move no more than it takes to see a node."""
        x, y = self.centres[node]
        width, height = self._size
        edge = min(60.0, width / 3)
        right, down = max(0.0, edge - x) - max(0.0, x - width + edge), max(0.0, 24 - y) - max(0.0, y - height + 44)
        self.move_by(right, down)

    def _fit(self) -> np.ndarray:
        width, height = self._size
        across = (width - 2 * BESIDE) / self._leaves
        down = (height - ABOVE - BELOW) / max(1.0, self._levels)
        return np.array([min(max(across, 0.01), WIDEST), min(max(down, 1.0), TALLEST)])

    def _pitches(self) -> np.ndarray:
        fit = self._fit()
        return np.asarray(np.minimum(fit * self._zoom, np.maximum(fit, (READABLE, READABLE_DOWN))))

    def _lay_out(self) -> None:
        self._pitch = self._pitches()
        self._keep_inside()

    def _keep_inside(self) -> None:
        """A tree that is smaller than the canvas is in its middle; of a larger one no end comes inside."""
        across, down = self._leaves * self._pitch[0], self._levels * self._pitch[1]
        width, height = self._size
        left = (width - across) / 2 if across <= width - 2 * BESIDE + 1 else None
        x = left if left is not None else min(max(self._corner[0], width - BESIDE - across), BESIDE)
        y = ABOVE if down <= height - ABOVE - BELOW + 1 else min(max(self._corner[1], height - BELOW - down), ABOVE)
        self._corner = np.array([x, y], dtype=float)


def _rooms(places: np.ndarray) -> np.ndarray:
    """(m,) in widths of a leaf, from each node to the nearest one on its level."""
    rooms = np.full(len(places), np.inf)
    order = np.lexsort((places[:, 0], places[:, 1]))
    same = places[order[1:], 1] == places[order[:-1], 1]
    gaps = np.where(same, np.diff(places[order, 0]), np.inf)
    rooms[order[1:]] = gaps
    rooms[order[:-1]] = np.minimum(rooms[order[:-1]], gaps)
    return rooms
