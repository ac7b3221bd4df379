"""Where the cells of a matrix stand: all of it in sight, or nearer and moved."""

from __future__ import annotations

#: The largest side of a cell in pixels come near, and where all are in sight; what one step of zooming does.
LARGEST, WHOLE, STEP = 52.0, 110.0, 1.25


class MatrixPlaces:
    """Cells are squares; ``left`` and ``top`` are what the heads take. Pixels throughout."""

    def __init__(self) -> None:
        self.count = 0
        self.left = self.top = 0.0
        self._width = self._height = 1.0
        self._zoom = 1.0
        self._x = self._y = 0.0

    def show(self, count: int) -> None:
        """Another matrix; one of as many classes stays where it was."""
        if count != self.count:
            self.count = count
            self.show_all()

    def resize(self, width: float, height: float, left: float, top: float) -> None:
        """The room there is, and what the heads take of it."""
        self._width, self._height, self.left, self.top = width, height, left, top
        self._zoom = max(1.0, min(self._zoom, LARGEST / self.fitting))
        self._stay_inside()

    @property
    def fitting(self) -> float:
        """The side of a cell where all are in sight."""
        room = min(self._width - self.left, self._height - self.top)
        return max(1.0, min(WHOLE, (room - 1) / max(1, self.count)))

    @property
    def cell(self) -> float:
        """The side of a cell."""
        return self.fitting * self._zoom

    @property
    def is_whole(self) -> bool:
        """Whether all of it is in sight."""
        return self.cell <= self.fitting * 1.001

    def place(self, row: float, column: float) -> tuple[float, float]:
        """Where a cell begins."""
        return self.left + column * self.cell - self._x, self.top + row * self.cell - self._y

    def cell_at(self, x: float, y: float) -> tuple[int, int] | None:
        """The cell at a place; None outside."""
        if x < self.left or y < self.top:
            return None
        column, row = int((x - self.left + self._x) // self.cell), int((y - self.top + self._y) // self.cell)
        return (row, column) if 0 <= row < self.count and 0 <= column < self.count else None

    def seen(self) -> tuple[range, range]:
        """Rows and columns of which anything is in sight."""
        rows = _seen(self._y, self._height - self.top, self.cell, self.count)
        return rows, _seen(self._x, self._width - self.left, self.cell, self.count)

    def zoom_by(self, factor: float, at: tuple[float, float] | None = None) -> bool:
        """Nearer or farther about a place, the middle if None; False where it can go no further."""
        before = self.cell
        x, y = at or ((self.left + self._width) / 2, (self.top + self._height) / 2)
        column, row = (x - self.left + self._x) / before, (y - self.top + self._y) / before
        self._zoom = max(1.0, min(self._zoom * factor, max(1.0, LARGEST / self.fitting)))
        self._x = column * self.cell - (x - self.left)
        self._y = row * self.cell - (y - self.top)
        self._stay_inside()
        return abs(self.cell - before) > 1e-6

    def show_all(self) -> None:
        """All of it."""
        self._zoom, self._x, self._y = 1.0, 0.0, 0.0

    def move_by(self, x: float, y: float) -> None:
        """Move what is seen."""
        self._x, self._y = self._x - x, self._y - y
        self._stay_inside()

    def bring_in(self, row: int, column: int) -> None:
        """Move a cell into sight."""
        x, y = self.place(row, column)
        self._x += min(0.0, x - self.left) + max(0.0, x + self.cell - self._width)
        self._y += min(0.0, y - self.top) + max(0.0, y + self.cell - self._height)
        self._stay_inside()

    def _stay_inside(self) -> None:
        whole = self.count * self.cell
        self._x = min(max(0.0, self._x), max(0.0, whole - (self._width - self.left)))
        self._y = min(max(0.0, self._y), max(0.0, whole - (self._height - self.top)))


def _seen(start: float, room: float, cell: float, count: int) -> range:
    return range(max(0, int(start // cell)), min(count, int((start + max(room, 0)) // cell) + 1))
