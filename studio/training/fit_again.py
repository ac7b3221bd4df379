"""Fits a model again that is kept as recipes: each member told, with pauses and a stop between two."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from studio.core.message import Text, text
from studio.core.workers import WorkBrokenOff
from studio.events import Notice
from studio.models.base import FittedAgain, Model
from studio.models.kept_recipes import kept_as_recipes
from studio.training.item_pause import ItemPause
from studio.training.workers import one_thread, workers_for

if TYPE_CHECKING:
    from collections.abc import Generator

    from studio.core.workers import Workers
    from studio.training.control import Control
    from studio.training.event_emitter import EventEmitter


def fit_again(model: Model, emitter: EventEmitter, control: Control) -> bool:
    """Have all members of ``model`` fitted, where it has any that are not; warn where some answer otherwise than before.

    Where that takes long they are fitted in processes of their own, and with one thread each wherever it is.

    Returns:
        False where a person asked for the end meanwhile: those that are fitted by then stay so.
    """
    return all(_fit(kept, emitter, control) for kept in kept_as_recipes(model))


def _fit(kept: FittedAgain, emitter: EventEmitter, control: Control) -> bool:
    count = kept.members_left
    emitter.emit_phase("Fitting {count} learners again, which are kept as recipes", count=count)
    with (
        one_thread(),
        workers_for(long=kept.takes_long, person=ItemPause(emitter, control)) as workers,
        closing(_closable(kept, workers)) as members,
    ):
        for number in range(1, count + 1):
            if not control.take_turn():
                emitter.pause_until_turn()
            if control.stopping:
                return False
            try:
                kind = next(members)
            except WorkBrokenOff:
                return False
            words = text("{kind} was fitted again, {number} of {count}", kind=kind, number=number, count=count)
            emitter.emit_progress(words, number / count)
    if changed := kept.changed_members:
        emitter.emit(
            Notice(
                level="warning",
                what=text("{changed} of {count} learners answer otherwise than before.", changed=changed, count=count),
                why=Text(
                    "Another version of scikit-learn, or another machine, fits them in another way. What is measured from "
                    "now on is of the learners as they are now."
                ),
            )
        )
    return True


def _closable(model: FittedAgain, workers: Workers) -> Generator[Text, None, None]:
    yield from model.fit_members(workers)
