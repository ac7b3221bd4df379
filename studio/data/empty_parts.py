"""Refusals of data of which nothing is left for one of their parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.core.errors import StudioError

if TYPE_CHECKING:
    from studio.core.data_kinds import Capabilities


def nothing_to_test_on(offers: Capabilities) -> StudioError:
    """Of data without a test part of which every class has a single example."""
    return StudioError(
        "No {examples} are left for testing.",
        "These data have no test part, and every class has a single one to learn from.",
        "Add more." if offers.has_columns else "Add more, or a folder of class folders called “test”.",
        place="dataset.test",
        examples=offers.noun,
    )


def nothing_to_choose_on(offers: Capabilities) -> StudioError:
    """Of a training part with a single example of every class, of which a share is to be kept back."""
    return StudioError(
        "No {examples} can be kept back for choosing.",
        "Every class has a single one to train on.",
        "Train on more of each class, or set dataset.validation to 0.",
        place="dataset.validation",
        examples=offers.noun,
    )
