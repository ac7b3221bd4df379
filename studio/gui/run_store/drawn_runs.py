"""Which runs are laid over each other, in which colours, and which of them everything speaks of."""

from __future__ import annotations

from collections.abc import Collection


class DrawnRuns:
    """The ids of the ticked runs in the order they were ticked, and the colour index of every run ever drawn.

    Args:
        ticked, colors: as they were the last time.
    """

    def __init__(self, ticked: list[str], colors: dict[str, int]) -> None:
        self._ticked = list(ticked)
        self._colors = dict(colors)
        self._chosen = ""

    @property
    def ticked(self) -> list[str]:
        """The runs laid over each other."""
        return list(self._ticked)

    def __contains__(self, run: str) -> bool:
        return run in self._ticked

    def tick(self, run: str) -> None:
        """Draw a run, in the first colour that no drawn run has; it keeps the one it had unless a drawn run has it now."""
        taken = {self._colors[other] for other in self._ticked if other in self._colors}
        if self._colors.get(run) in taken or run not in self._colors:
            self._colors[run] = next(index for index in range(len(taken) + 1) if index not in taken)
        self._ticked.append(run)

    def untick(self, run: str) -> None:
        """Draw a run no longer."""
        if run in self._ticked:
            self._ticked.remove(run)

    def keep_only(self, known: Collection[str]) -> None:
        """Draw those no longer that are not ``known``. Their colours stay: a run may be brought back."""
        self._ticked = [run for run in self._ticked if run in known]

    def choose(self, run: str) -> None:
        """Speak of this run as long as it is drawn."""
        self._chosen = run

    def current(self, references: Collection[str]) -> str:
        """The chosen run while it is drawn, else the first drawn that is none of the ``references``; empty if none is."""
        if self._chosen in self._ticked:
            return self._chosen
        return next((run for run in self._ticked if run not in references), "")

    def color(self, run: str) -> int | None:
        """The colour index of a run; None if it was never drawn."""
        return self._colors.get(run)

    def colors_of(self, known: Collection[str]) -> dict[str, int]:
        """Colour index by run, of those that are ``known``."""
        return {run: index for run, index in self._colors.items() if run in known}
