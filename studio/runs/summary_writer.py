"""Keeps the summary of a run while it runs, and writes its end whatever that is."""

from __future__ import annotations

import contextlib

from studio.core.errors import NotWritten
from studio.core.message import NOTHING, Text
from studio.events import RunEnded
from studio.runs.files.agreement import read_agreement
from studio.runs.files.digests import digests
from studio.runs.files.folder import RunFolder, write_document
from studio.runs.files.summary import FinalState, Summary
from studio.runs.results import summarise
from studio.runs.run_emitter import RunEmitter


class SummaryWriter:
    """The summary of one run.

    Attributes:
        summary: as it was written last.
    """

    def __init__(self, folder: RunFolder, emit: RunEmitter, summary: Summary) -> None:
        self._folder, self._emit = folder, emit
        self.summary = summary

    def write(self, summary: Summary) -> None:
        """Keep and write a fuller summary.

        Raises:
            NotWritten: it cannot be written; the one before is intact.
        """
        if self._emit.scan is not None:
            summary = summary.model_copy(update={"scan": self._emit.scan})
        self.summary = summary
        write_document(self._folder.summary, summary)

    def write_end(self, state: FinalState, reason: Text, told: Text = NOTHING) -> None:
        """Write the final summary, and say the last word where the session has not said it.

        Args:
            told: the sentence of the whole; made of the accuracies where it is empty.

        Raises:
            NotWritten: it cannot be written; the one before is intact.
        """
        if self._emit.ended is None:
            self._emit(RunEnded(state=state, reason=reason))
        kept = self.summary.model_copy(
            update={"files": digests(self._folder), "agreement": read_agreement(self._folder)}
        )
        self.write(summarise.ended(kept, state, reason, told))

    def write_interrupted(self, reason: Text) -> None:
        """Write, if that is possible, that the run broke off; it says no last word, for it can be gone on with."""
        with contextlib.suppress(NotWritten):
            self.write(summarise.ended(self.summary, "interrupted", reason))
