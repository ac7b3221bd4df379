"""Whether data can be split as was asked, before anything is trained on a split."""

from __future__ import annotations

from pathlib import Path

from studio.core.errors import StudioError
from studio.data.empty_parts import nothing_to_choose_on
from studio.experiment import Experiment
from studio.insight.network_and_data_info import DataInfo, data_info


def split_refusal(experiment: Experiment, data: DataInfo) -> StudioError | None:
    """Why its data cannot be split as often as it says; None where they can, or where that is not known yet."""
    choice = experiment.dataset
    if choice.splits == 1:
        return None
    if data.test is not None:
        return StudioError(
            "{data} cannot be split several times.",
            "They come with rows to test on, so that every split would be the same."
            if data.offers.has_columns
            else "They come with a test part, so that every split would be the same.",
            "Set dataset.splits to 1, and train several seeds instead.",
            place="dataset.splits",
            data=choice.title,
        )
    if experiment.teacher.source != "train" and not experiment.student.members:
        return StudioError(
            "This teacher cannot teach on several splits.",
            "It has learnt already: what one split tests on may be what it has learnt from.",
            "Let the teacher be trained here, or set dataset.splits to 1.",
            place="dataset.splits",
        )
    return None


def refuse_splits(experiment: Experiment, cache: Path) -> None:
    """Refuse splits that cannot be, and a share to choose on that would be empty, before anything is written.

    Raises:
        StudioError: says why, and what to do.
    """
    choice = experiment.dataset
    if choice.per_class == 1 and choice.validation > 0:
        raise nothing_to_choose_on(choice.source.offers)
    if experiment.dataset.splits == 1:
        return
    try:
        data = data_info(experiment.dataset.key, experiment.dataset.source_settings, cache)
    except StudioError:
        return  # said where it is met, with its own words
    if (why := split_refusal(experiment, data)) is not None:
        raise why
