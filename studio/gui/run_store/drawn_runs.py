"""Which runs are laid over each other, in which colours, and which of them everything speaks of."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

#: The most runs that are drawn: more could not be told apart. Six colours, each alone and with one of four marks.
MOST = 30
#: So many runs come up with a new one at most, itself among them: each has a colour of its own.
BROUGHT_UP = 6


class DrawnRuns:
    """The ids of the ticked runs in the order they were ticked, and the colour index of every run ever drawn.

    Only runs that were tested on the same examples are laid over each other: those of the run in question. Others that
    were ticked are off, and come up again with the next run of theirs. Of more than :data:`MOST` those are drawn that
    were ticked last, and the chosen one.

    Args:
        kept: what was ticked the last time, of whatever data.
        colors: as they were the last time.
        put_away: runs a person has unticked: they come up by themselves no more.
    """

    def __init__(self, kept: list[str], colors: dict[str, int], put_away: Iterable[str] = ()) -> None:
        self._kept = list(dict.fromkeys(kept))
        self._put_away = dict.fromkeys(put_away)
        self._colors = dict(colors)
        self._tested_on: Mapping[str, str] = {}
        self._chosen = ""
        #: The run that was in question last, and what it was tested on; None before there was one.
        self._focus = ""
        self._data: str | None = None
        self._ticked: list[str] = []
        self._is_ticked: set[str] = set()
        self._drawn: list[str] = []
        self._choose_drawn()

    @property
    def kept(self) -> list[str]:
        """All that were ticked, those that are off among them."""
        return list(self._kept)

    @property
    def put_away(self) -> list[str]:
        """The runs a person has unticked."""
        return list(self._put_away)

    @property
    def ticked(self) -> list[str]:
        """The runs that are to be laid over each other."""
        return list(self._ticked)

    @property
    def drawn(self) -> list[str]:
        """Those of the ticked ones that are drawn, in the order they were ticked."""
        return list(self._drawn)

    @property
    def off(self) -> list[str]:
        """The runs that were ticked and are not laid over the others, for they were tested on other data."""
        return [run for run in self._kept if run not in self._is_ticked]

    def __contains__(self, run: str) -> bool:
        return run in self._is_ticked

    def is_drawn(self, run: str) -> bool:
        """Whether a run is one of :attr:`drawn`."""
        return run in self._drawn

    def is_comparable(self, run: str) -> bool:
        """Whether a run was tested on what those in question were tested on."""
        return self._data is None or self._tested_on.get(run, "") == self._data

    def compare_by(self, tested_on: Mapping[str, str]) -> None:
        """Take from the list of runs what each was tested on: an equal word for equal data."""
        self._tested_on = tested_on
        self._data = tested_on.get(self._focus, self._data)
        self._choose_drawn()

    def tick(self, *runs: str) -> None:
        """Draw runs, each in a colour that none was drawn in yet, or that no drawn run has; a run keeps the one it had.

        Of many at once the first are drawn: they stand on top of the list. Where none of them can be laid over what is
        drawn, the first is the one in question from now on.
        """
        kept = set(self._kept)
        new = [run for run in dict.fromkeys(runs) if run not in kept]
        self._kept += new[MOST:] + new[:MOST]
        for run in runs:
            self._put_away.pop(run, None)
        if runs and not any(map(self.is_comparable, runs)):
            self._chosen = runs[0]
        self._choose_drawn()

    def untick(self, *runs: str) -> None:
        """Draw runs no longer."""
        self._put_away.update(dict.fromkeys(runs))
        self._forget(set(runs))

    def bring_up(self, run: str, others: Iterable[str]) -> None:
        """Draw a new run, and with it those of the ``others`` it can be compared with, as far as a person wants them.

        Args:
            others: the runs worth a comparison, the best first.
        """
        self._chosen = run
        self.tick(run)
        room = BROUGHT_UP - len(self._ticked)
        wanted = (one for one in others if one not in self._put_away and one not in self._is_ticked)
        brought = [one for one in wanted if self.is_comparable(one)][: max(0, room)]
        self._kept = brought[::-1] + self._kept  # the new run stays the one that was ticked last
        self._choose_drawn()

    def keep_only(self, known: Collection[str]) -> None:
        """Draw those no longer that are not ``known``. Their colours stay: a run may be brought back."""
        self._forget({run for run in self._kept if run not in known})
        self._put_away = {run: None for run in self._put_away if run in known}

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

    def _forget(self, gone: set[str]) -> None:
        if gone.intersection(self._kept):
            self._kept = [run for run in self._kept if run not in gone]
            self._choose_drawn()

    def _choose_drawn(self) -> None:
        if self._chosen in self._kept or (self._data is None and self._kept):
            self._focus = self._chosen if self._chosen in self._kept else self._kept[-1]
            self._data = self._tested_on.get(self._focus, "")
        self._ticked = [run for run in self._kept if self.is_comparable(run)]
        self._is_ticked = set(self._ticked)
        before = set(self._drawn)
        self._drawn = self._ticked[-MOST:]
        if self._chosen in self._is_ticked and self._chosen not in self._drawn:
            self._drawn[0] = self._chosen
        taken: set[int] = set()
        used = set(self._colors.values())  # a colour that stands in the table already is given away last
        for run in sorted(self._drawn, key=lambda run: run not in before):  # who was drawn before keeps its colour
            index = self._colors.get(run, MOST)
            if index in taken or not 0 <= index < MOST:
                unused = (free for free in range(BROUGHT_UP) if free not in used and free not in taken)
                index = next(unused, next(free for free in range(MOST) if free not in taken))
            self._colors[run] = index
            taken.add(index)
