"""Whether networks can learn in steps as small as was asked, before anything is trained for them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from studio.core.errors import StudioError
from studio.insight.network_and_data_info import DataInfo, data_info, network_info
from studio.networks.normalised_values import refuse_single_values
from studio.systems.reference_experiments import needs_teacher

if TYPE_CHECKING:
    from studio.experiment import Experiment
    from studio.networks.base import NetworkSummary


def refuse_small_batch(experiment: Experiment, cache: Path) -> None:
    """Refuse a step in which batch normalisation would go by a single value, of the student or of a teacher trained here.

    What data decide that were not read yet, the training finds out.

    Raises:
        StudioError: says why, and what to do.
    """
    try:
        data = data_info(experiment.dataset.key, experiment.dataset.source_settings, cache)
    except StudioError:
        return  # said where it is met, with its own words
    refused = small_batch_refusal(experiment, data)
    if refused is not None:
        raise refused


def small_batch_refusal(experiment: Experiment, data: DataInfo) -> StudioError | None:
    """The same of data that are looked at already; None where there is nothing to refuse."""
    try:
        learners = list(_learners(experiment, data))
    except StudioError:
        return None  # a network that cannot read such data says so where it is built
    try:
        for network in learners:
            refuse_single_values(network, experiment.training.batch_size)
    except StudioError as refused:
        return refused
    return None


def _learners(experiment: Experiment, data: DataInfo) -> Iterator[NetworkSummary]:
    """What is trained for a run; nothing where the data's shape is not known yet."""
    if experiment.student.members or data.shape is None or data.classes is None:
        return
    if not experiment.student.is_made_from_teacher:
        yield network_info(experiment.student_network, data.shape, data.classes)
    if needs_teacher(experiment) and experiment.teacher.source == "train":
        yield network_info(experiment.teacher.key, data.shape, data.classes)
