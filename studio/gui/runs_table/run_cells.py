"""What stands in the cells of the runs table: words, and the values columns are sorted by."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import IntEnum

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from studio.core.format import count, duration, percent
from studio.core.score_scale import ACCURACY
from studio.gui.run_store.run_store import RunStore
from studio.gui.runs_table.chain_cells import ChainCells
from studio.gui.text.say import say
from studio.runs.results.seed_group import SeedGroup
from studio.runs.results.table import Row
from studio.runs.results.verdict import ResultVerdict, verdict_of


class Column(IntEnum):
    """The columns in order."""

    TICK = 0
    RUN = 1
    METHOD = 2
    STUDENT = 3
    ACCURACY = 4
    GAP = 5
    PARAMETERS = 6
    TIME = 7
    STATE = 8


_TITLES = (
    "",
    QT_TRANSLATE_NOOP("runs", "Run"),
    QT_TRANSLATE_NOOP("runs", "Method"),
    QT_TRANSLATE_NOOP("runs", "Student"),
    QT_TRANSLATE_NOOP("runs", "Test accuracy"),
    QT_TRANSLATE_NOOP("runs", "Gap closed"),
    QT_TRANSLATE_NOOP("runs", "Parameters"),
    QT_TRANSLATE_NOOP("runs", "Time"),
    QT_TRANSLATE_NOOP("runs", "State"),
)
NUMBERS = (Column.ACCURACY, Column.PARAMETERS, Column.TIME)
_STATES = {
    "running": QT_TRANSLATE_NOOP("runs", "Training elsewhere"),
    "paused": QT_TRANSLATE_NOOP("runs", "Paused"),
    "stopping": QT_TRANSLATE_NOOP("runs", "Stopping"),
    "finished": QT_TRANSLATE_NOOP("runs", "Finished"),
    "stopped": QT_TRANSLATE_NOOP("runs", "Stopped, can go on"),
    "early_stop": QT_TRANSLATE_NOOP("runs", "Stopped early"),
    "failed": QT_TRANSLATE_NOOP("runs", "Failed"),
    "interrupted": QT_TRANSLATE_NOOP("runs", "Interrupted, can go on"),
}

_REFERENCES = {
    "teacher": QT_TRANSLATE_NOOP("runs", "Reference: teacher"),
    "alone": QT_TRANSLATE_NOOP("runs", "Reference: alone"),
}


def _tr(text: object) -> str:
    return QCoreApplication.translate("runs", str(text))


def drawn_words(ticked: bool) -> str:
    """What a tick says to who cannot see it."""
    return _tr("drawn") if ticked else _tr("not drawn")


def fold_words(count: int, unfolded: bool) -> str:
    """What is said of a chain to who cannot see its sign."""
    return (_tr("{n} runs below it") if unfolded else _tr("{n} runs folded below it")).format(n=count)


def step_words(chain: str) -> str:
    """What is said of a run that stands below its chain to who cannot see that."""
    return _tr("in {chain}").format(chain=chain)


class RunCells:
    """The words of the cells, of runs that train here as they are at this moment."""

    def __init__(self, run_store: RunStore) -> None:
        self._run_store = run_store
        self._chain_cells = ChainCells(run_store)

    @staticmethod
    def title(column: Column, scores: Collection[str] = ()) -> str:
        """What stands above a column.

        Args:
            scores: the names of the scores that count in the rows; of one alone it is named.
        """
        if column == Column.ACCURACY and scores and set(scores) != {ACCURACY}:
            return _tr("Test {score}").format(score=next(iter(scores))) if len(scores) == 1 else _tr("Test score")
        return _tr(_TITLES[column])

    def words(self, row: Row, column: Column) -> str:
        """What stands in a cell."""
        run = row.first
        if column == Column.RUN:
            return self._name(row)
        if column == Column.METHOD:
            kind = row.kind if row.kind != "run" else self._run_store.roles().get(run.id, "run")
            if kind in _REFERENCES:
                return _tr(_REFERENCES[kind])
            return self._chain_cells.taught_by(run) or run.method_title
        if column == Column.STUDENT:
            return self._chain_cells.networks(run) or run.student_title
        if column == Column.ACCURACY:
            return self._accuracy(row)
        if column == Column.GAP:
            return self._gap(row)
        if column == Column.PARAMETERS:
            known = run.parameters.get("student")
            return count(known) if known else ""
        if column == Column.TIME:
            if run.members:
                return _tr("none")  # nothing was trained for it
            live = self._run_store.live(run.id)
            seconds = live.seconds if live is not None else row.seconds
            return duration(seconds) if seconds is not None else ""
        if column == Column.STATE:
            return self.state(row)
        return ""

    def _name(self, row: Row) -> str:
        return self._chain_cells.name(row.first) or (
            self._run_store.name(row.first.id) if len(row.runs) == 1 else row.first.name
        )

    def _accuracy(self, row: Row) -> str:
        live = self._run_store.live(row.first.id)
        if live is not None and len(live.history.test_labelled):
            scale = live.history.scale
            return scale.labelled(scale.words(float(live.history.test_labelled.y[-1])))
        if row.score is None:
            return ""
        return row.scale.labelled(row.scale.spread_words(row.score, row.deviation, row.n))

    def progress(self, row: Row) -> float | None:
        """How far the run of a row is while it trains, else None."""
        live = self._run_store.live(row.first.id)
        return live.fraction if live is not None and live.history.epochs else None

    def state(self, row: Row) -> str:
        """The state in words; while it trains the epoch."""
        run = row.first
        live = self._run_store.live(run.id)
        if live is not None:
            history = live.history
            return f"{history.epoch_now} / {history.epochs}" if history.epochs else say(history.phase)
        if run.problem:
            return _tr("Cannot be read")
        if len(row.runs) > 1:
            done = sum(one.state in ("finished", "early_stop") for one in row.runs)
            return QCoreApplication.translate("runs", "{done} of {n} finished").format(done=done, n=len(row.runs))
        return _tr(_STATES[self._run_store.state(run)])

    def _gap(self, row: Row) -> str:
        if row.gap is None:
            return self._chain_cells.against_teacher(row.first) or (_tr("no gap to close") if self._no_gap(row) else "")
        return percent(row.gap, 0) if row.gap >= 0 else _tr("below alone")

    @staticmethod
    def below(row: Row) -> str:
        """What a row below its student alone says where there is room for it: what that one reached; empty of others."""
        alone = row.first.alone_reference
        if row.gap is None or row.gap >= 0 or alone is None or len(row.runs) > 1:
            return ""
        return _tr("alone: {score}").format(score=row.scale.words(alone.value))

    @staticmethod
    def _compared(row: Row) -> str:
        """What the gap of a row is measured between: each seed has a student alone of its own."""
        run, words = row.first, row.scale.words
        if row.gap is None:
            return ""
        if len(row.runs) > 1:
            group = SeedGroup.of(row.runs)
            if group is None or group.alone is None or group.teacher is None:
                return ""
            template = _tr("Over the same {n} seeds the student alone reached {alone}, the teacher {teacher}.")
            return template.format(n=group.n, alone=group.alone.words, teacher=group.teacher.words)
        if run.alone_reference is None or run.teacher_reference is None:
            return ""
        template = _tr(
            "Measured between the student alone of the same seed ({seed}), which reached {alone}, and the teacher, {teacher}."
        )
        alone, teacher = words(run.alone_reference.value), words(run.teacher_reference.value)
        return template.format(seed=run.seed, alone=alone, teacher=teacher)

    def _no_gap(self, row: Row) -> bool:
        """Whether a run has ended and was compared with teacher and alone, and yet no share is given."""
        run = row.first
        return verdict_of(run) == ResultVerdict.NO_GAP and self._run_store.live(run.id) is None

    def why_off(self, row: Row) -> str:
        """Why a run cannot be laid over those that are drawn; empty where it can."""
        if self._run_store.is_comparable(row.first.id):
            return ""
        words = _tr(
            "Tested on other examples ({data}) than what is drawn, so the two are not laid over each other. A tick draws it "
            "instead."
        )
        return words.format(data=row.first.dataset_title)

    def tip(self, row: Row, column: Column) -> str:
        """What is told of a cell when the pointer rests on it."""
        run = row.first
        if column == Column.TICK:
            return self.why_off(row)
        if column == Column.GAP:
            told = (self._chain_cells.against_teacher_tip(run), say(run.gap_words), self._compared(row))
            return "\n".join(words for words in told if words)
        if column == Column.STUDENT:
            return run.student_title
        if column == Column.STATE:
            return say(run.reason)
        return f"{self._name(row)}\n{say(run.sentence)}" if column == Column.RUN else ""

    def order(self, rows: Iterable[Row], column: Column) -> list[float] | list[str]:
        """What ``rows`` are sorted by in a column: unknown numbers before all others, words without regard to capitals."""
        if column == Column.ACCURACY:
            return [_number(row.scale.gain(row.score, 0.0) if row.score is not None else None) for row in rows]
        if column == Column.GAP:
            return [_number(row.gap) for row in rows]
        if column == Column.PARAMETERS:
            return [_number(row.first.parameters.get("student")) for row in rows]
        if column == Column.TIME:
            return [_number(row.seconds) for row in rows]
        return [self.words(row, column).casefold() for row in rows]


def _number(value: float | None) -> float:
    return -1e9 if value is None else float(value)
