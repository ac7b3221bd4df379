"""Which runs are laid over each other, in which colours, and which of them everything speaks of."""

from __future__ import annotations

from collections.abc import Collection

#: The most runs that are drawn: more could not be told apart. Six colours, each alone and with one of four marks.
MOST = 30


class DrawnRuns:
    """The ids of the ticked runs in the order they were ticked, and the colour index of every run ever drawn.

    Of more than :data:`MOST` ticked runs those are drawn that were ticked last, and the chosen one.

    Args:
        ticked, colors: as they were the last time.
    """

    def __init__(self, ticked: list[str], colors: dict[str, int]) -> None:
        self._ticked = list(dict.fromkeys(ticked))
        self._is_ticked = set(self._ticked)
        self._colors = dict(colors)
        self._chosen = ""
        self._drawn: list[str] = []
        self._choose_drawn()

    @property
    def ticked(self) -> list[str]:
        """The runs that are to be laid over each other."""
        return list(self._ticked)

    @property
    def drawn(self) -> list[str]:
        """Those of the ticked ones that are drawn, in the order they were ticked."""
        return list(self._drawn)

    def __contains__(self, run: str) -> bool:
        return run in self._is_ticked

    def is_drawn(self, run: str) -> bool:
        """Whether a run is one of :attr:`drawn`."""
        return run in self._drawn

    def tick(self, *runs: str) -> None:
        """Draw runs, each in the first colour that no drawn run has; a run keeps the one it had unless a drawn run has it.

        Of many at once the first are drawn: they stand on top of the list.
        """
        new = [run for run in dict.fromkeys(runs) if run not in self._is_ticked]
        self._ticked += new[MOST:] + new[:MOST]
        self._is_ticked.update(new)
        self._choose_drawn()

    def untick(self, *runs: str) -> None:
        """Draw runs no longer."""
        gone = self._is_ticked.intersection(runs)
        if gone:
            self._ticked = [run for run in self._ticked if run not in gone]
            self._is_ticked -= gone
            self._choose_drawn()

    def keep_only(self, known: Collection[str]) -> None:
        """Draw those no longer that are not ``known``. Their colours stay: a run may be brought back."""
        self.untick(*[run for run in self._ticked if run not in known])

    def choose(self, run: str) -> None:
        """Speak of this run as long as it is ticked."""
        self._chosen = run
        self._choose_drawn()

    def current(self, references: Collection[str]) -> str:
        """The chosen run while it is ticked, else the first drawn that is none of the ``references``; empty if none is."""
        if self._chosen in self._is_ticked:
            return self._chosen
        return next((run for run in self._drawn if run not in references), "")

    def color(self, run: str) -> int | None:
        """The colour index of a run; None if it was never drawn."""
        return self._colors.get(run)

    def colors_of(self, known: Collection[str]) -> dict[str, int]:
        """Colour index by run, of those that are ``known``."""
        return {run: index for run, index in self._colors.items() if run in known}

    def _choose_drawn(self) -> None:
        before = set(self._drawn)
        self._drawn = self._ticked[-MOST:]
        if self._chosen in self._is_ticked and self._chosen not in self._drawn:
            self._drawn[0] = self._chosen
        taken: set[int] = set()
        for run in sorted(self._drawn, key=lambda run: run not in before):  # who was drawn before keeps its colour
            index = self._colors.get(run, MOST)
            if index in taken or not 0 <= index < MOST:
                index = next(free for free in range(MOST) if free not in taken)
            self._colors[run] = index
            taken.add(index)
