"""What is known about a draft, asked for in a worker: the newest question only, once edits have paused."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from studio.core import paths
from studio.core.errors import StudioError
from studio.gui.experiment.draft import ExperimentDraft
from studio.gui.experiment.setting_fields import experiment_fields
from studio.gui.presenters.draft_info import DraftInfo, Presenter, Problem, Values
from studio.gui.system.background_jobs import Submit
from studio.gui.text.say import say
from studio.gui.widgets.fields import Field

#: Answers are asked for when edits have paused this long, in milliseconds.
_PAUSE = 80


class DraftAnswers(QObject):
    """Asks about a draft, and keeps what was answered last.

    Signals:
        answered: ``info`` and ``fields`` are new.
        failed: ``failure`` says why there is no answer.
    """

    answered = Signal()
    failed = Signal()

    def __init__(self, draft: ExperimentDraft, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        self._presenter: Presenter | None = None
        self._submit: Submit | None = None
        self._forget = _nothing_to_forget
        self._described: Values = {}
        self.info: DraftInfo | None = None
        self.fields: tuple[Field, ...] = ()
        self.failure = ""
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE)
        self._pause.timeout.connect(self.ask)

    def start(self, presenter: Presenter, submit: Submit) -> None:
        """Start asking; see :meth:`ExperimentPanel.start`."""
        self._presenter, self._submit = presenter, submit
        self.ask()

    def ask(self) -> None:
        """Ask now. Nothing is asked of an empty draft."""
        if self._presenter is None or self._submit is None or self._draft.is_empty:
            return
        self._forget()
        values = self._draft.values
        self._forget = self._submit(
            partial(_describe, self._presenter, values), partial(self._keep_answer, values), self._keep_failure
        )

    def ask_soon(self) -> None:
        """Ask once nothing more was asked for a moment."""
        self._pause.start()

    @property
    def is_of_draft(self) -> bool:
        """Whether what is known is about the draft as it is now."""
        return self._described == self._draft.values

    def problems(self) -> list[Problem]:
        """What is known to be wrong; what was about a value that is another by now is no longer known."""
        if self.info is None:
            return []
        return [
            problem
            for problem in self.info.problems
            if paths.get(self._described, problem.path) == self._draft.get(problem.path)
        ]

    def _keep_answer(self, described: Values, answer: tuple[tuple[Field, ...], DraftInfo]) -> None:
        self._described, self.failure = described, ""
        self.fields, self.info = answer
        self.answered.emit()

    def _keep_failure(self, error: StudioError) -> None:
        self.failure = say(error.paragraph())
        self.failed.emit()


def _describe(presenter: Presenter, values: Values) -> tuple[tuple[Field, ...], DraftInfo]:
    """Done in a worker."""
    return experiment_fields(values), presenter.describe(values)


def _nothing_to_forget() -> None:
    """Nothing has been asked yet."""
