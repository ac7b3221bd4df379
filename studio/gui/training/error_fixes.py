"""What a button of an error does: the offers of :class:`StudioError` as data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from studio.core.errors import StudioError
from studio.gui.text.say import say
from studio.gui.widgets.error_page import Remedy
from studio.runs.results.chain_text import go_on_words

if TYPE_CHECKING:
    from studio.experiment import Experiment, Training
    from studio.gui.presenters.draft_info import Step

CONTEXT = "error_fixes"
#: Of the learning rate, when steps were too large; what the error's own sentence proposes.
LOWER = 0.2


@dataclass(frozen=True)
class ErrorFix:
    """One offer.

    Attributes:
        words: of the button; may name a value of the changed experiment: ``{batch}``, ``{rate}``.
        effect: what pressing it will do.
        field: the dotted place of the setting at fault, to be marked in the panel.
        change: the training settings of the next try; None where the same run goes on.
        step: the choice whose page is opened instead.
    """

    words: str
    effect: str
    field: str = ""
    change: Callable[[Training], Training] | None = None
    step: Step | None = None


def _halve_batch(training: Training) -> Training:
    optimizer = training.optimizer.model_copy(update={"lr": training.optimizer.lr / 2})
    return training.model_copy(update={"batch_size": max(1, training.batch_size // 2), "optimizer": optimizer})


def _use_fast_precision(training: Training) -> Training:
    return training.model_copy(update={"precision": "fast"})


def _lower_rate(training: Training) -> Training:
    optimizer = training.optimizer.model_copy(update={"lr": training.optimizer.lr * LOWER})
    return training.model_copy(update={"optimizer": optimizer})


ERROR_FIXES: dict[str, ErrorFix] = {
    "halve_batch": ErrorFix(
        str(QT_TRANSLATE_NOOP("error_fixes", "Train with batch {batch}")),
        str(
            QT_TRANSLATE_NOOP(
                "error_fixes", "Begins again; the learning rate is halved too, so the result is comparable."
            )
        ),
        "training.batch_size",
        _halve_batch,
    ),
    "fast_precision": ErrorFix(
        str(QT_TRANSLATE_NOOP("error_fixes", "Use fast precision")),
        str(QT_TRANSLATE_NOOP("error_fixes", "Begins again with 16-bit numbers, which need half the memory.")),
        "training.precision",
        _use_fast_precision,
    ),
    "lower_learning_rate": ErrorFix(
        str(QT_TRANSLATE_NOOP("error_fixes", "Train with learning rate {rate:g}")),
        str(QT_TRANSLATE_NOOP("error_fixes", "Begins again with steps a fifth as large.")),
        "training.optimizer.lr",
        _lower_rate,
    ),
    "choose_method": ErrorFix(
        str(QT_TRANSLATE_NOOP("error_fixes", "Choose another method")),
        str(QT_TRANSLATE_NOOP("error_fixes", "Opens the list; what cannot work says why.")),
        step="method",
    ),
    "choose_inside": ErrorFix(
        str(QT_TRANSLATE_NOOP("error_fixes", "Choose a method that looks inside")),
        str(QT_TRANSLATE_NOOP("error_fixes", "Opens the list; what compares answers is off and says why.")),
        step="method",
    ),
    "choose_teacher": ErrorFix(
        str(QT_TRANSLATE_NOOP("error_fixes", "Choose another teacher")),
        str(QT_TRANSLATE_NOOP("error_fixes", "Opens the list of teachers.")),
        step="teacher",
    ),
    "choose_data": ErrorFix(
        str(QT_TRANSLATE_NOOP("error_fixes", "Choose other data")),
        str(QT_TRANSLATE_NOOP("error_fixes", "Opens the list, where a folder or a file can be picked too.")),
        step="data",
    ),
    "resume": ErrorFix(
        str(QT_TRANSLATE_NOOP("error_fixes", "Go on")),
        str(QT_TRANSLATE_NOOP("error_fixes", "Goes on from the last checkpoint.")),
    ),
}


#: Of an error that offers nothing itself: what helps where this is at fault.
_AT_PLACES = {"dataset.path": "choose_data", "dataset.key": "choose_data"}


def fix_buttons(error: StudioError, experiment: Experiment | None) -> list[Remedy]:
    """The buttons for an error, the best first; none that needs an experiment where there is none."""
    return [
        _go_on_button(error.step)
        if offer == "resume" and error.step
        else _button(offer, ERROR_FIXES[offer], experiment)
        for offer in error.offers or (_AT_PLACES.get(error.place, ""),)
        if offer in ERROR_FIXES and (experiment is not None or ERROR_FIXES[offer].change is None)
    ]


def apply_fix(offer: str, experiment: Experiment) -> Experiment:
    """The experiment of the next try."""
    change = ERROR_FIXES[offer].change
    return experiment if change is None else experiment.model_copy(update={"training": change(experiment.training)})


def step_to_choose(offer: str) -> Step | None:
    """The choice whose page an offer opens; None for one that trains."""
    return ERROR_FIXES[offer].step


def fields_at_fault(offers: Sequence[str]) -> list[str]:
    """The settings to be marked: of the first offer alone, the others are only ways around it."""
    return [ERROR_FIXES[offer].field for offer in offers[:1] if offer in ERROR_FIXES and ERROR_FIXES[offer].field]


def _go_on_button(step: str) -> Remedy:
    """Of a chain: it goes on where it failed."""
    effect = QCoreApplication.translate(CONTEXT, "What the chain has done before is kept.")
    return Remedy("resume", say(go_on_words(step)), effect)


def _button(offer: str, fix: ErrorFix, experiment: Experiment | None) -> Remedy:
    words = QCoreApplication.translate(CONTEXT, fix.words)
    if experiment is not None:
        training = apply_fix(offer, experiment).training
        words = words.format(batch=training.batch_size, rate=training.optimizer.lr)
    return Remedy(offer, words, QCoreApplication.translate(CONTEXT, fix.effect))
