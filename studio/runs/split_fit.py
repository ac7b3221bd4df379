"""Whether data can be split as was asked, before anything is trained on a split."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import torch

from studio.core.errors import StudioError
from studio.data.base import ProgressListener, silent
from studio.data.empty_parts import nothing_to_choose_on, nothing_to_test_on
from studio.data.splits import PartSizes, part_sizes
from studio.experiment import DatasetChoice, Experiment
from studio.insight.network_and_data_info import DataInfo, data_info
from studio.systems.reference_experiments import needs_teacher, teacher_data

#: Examples of a class of which nobody knows how large it is, at most.
MANY = 10**12


def split_refusal(experiment: Experiment, data: DataInfo) -> StudioError | None:
    """Why its data cannot be split as it says; None where they can, or where that is not known yet.

    Args:
        data: the student's; a teacher's own, which may have other classes, are looked at by :func:`refuse_splits`.
    """
    for choice in _divided(experiment):
        if choice.source_settings == experiment.dataset.source_settings:
            refused = _emptied(choice, data, _largest_class(choice, data)[1])
            if refused is not None:
                return refused
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


def refuse_splits(experiment: Experiment, cache: Path, progress: ProgressListener = silent) -> None:
    """Refuse splits that cannot be, and parts that would be empty, before anything is written.

    Data are read for it only where the shares are so small that their number alone does not tell.

    Args:
        progress: told how far reading is; may raise to cancel.

    Raises:
        StudioError: says why, and what to do.
    """
    refused = None
    try:
        refused = split_refusal(
            experiment, data_info(experiment.dataset.key, experiment.dataset.source_settings, cache)
        )
        for choice in _divided(experiment):
            refused = refused or _emptied_once_read(choice, cache, progress)
    except StudioError:
        return  # said where it is met, with its own words
    if refused is not None:
        raise refused


def _divided(experiment: Experiment) -> Iterator[DatasetChoice]:
    """What is split for it: the student's data, and those of a teacher that is trained first."""
    yield experiment.dataset
    if needs_teacher(experiment) and experiment.teacher.source == "train":
        yield teacher_data(experiment)


def _largest_class(choice: DatasetChoice, data: DataInfo) -> tuple[int, int]:
    """How many examples to learn from the largest class has at least and at most."""
    if data.largest_class is not None:
        return data.largest_class, data.largest_class
    if not data.train or not data.classes or choice.paths:  # a person's copy may hold less than was published
        return 1, MANY
    return -(-data.train // data.classes), data.train


def _emptied_once_read(choice: DatasetChoice, cache: Path, progress: ProgressListener) -> StudioError | None:
    """The refusal of a part that may be empty by what is known of the data and is so by what they hold."""
    data = data_info(choice.key, choice.source_settings, cache)
    least, most = _largest_class(choice, data)
    if least == most or _emptied(choice, data, least) is None:
        return _emptied(choice, data, most)
    decoded = choice.source.load(choice.source_settings, cache, progress)
    return _refused(data, _sizes(choice, int(decoded.train.labels.bincount().max()), decoded.test is not None))


def _emptied(choice: DatasetChoice, data: DataInfo, largest: int) -> StudioError | None:
    """The refusal where a part is empty although the largest class has so many examples."""
    return _refused(data, _sizes(choice, largest, data.test is not None or data.train is None))


def _sizes(choice: DatasetChoice, largest: int, has_test: bool) -> PartSizes:
    return part_sizes(
        torch.tensor([largest]),
        test=None if has_test else choice.test,
        fraction=choice.fraction,
        per_class=choice.per_class,
        validation=choice.validation,
    )


def _refused(data: DataInfo, sizes: PartSizes) -> StudioError | None:
    if sizes.validation is not None and not sizes.validation.any():
        return nothing_to_choose_on(data.offers)
    if sizes.test is not None and not sizes.test.any():
        return nothing_to_test_on(data.offers)
    return None
