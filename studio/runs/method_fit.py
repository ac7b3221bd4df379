"""Whether a method can work with the networks and data that were picked, before anything is trained for it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.core.errors import StudioError
from studio.core.message import Text
from studio.insight.network_and_data_info import DataInfo, cast_of, data_info
from studio.networks.pairing import pair_groups
from studio.systems.reference_experiments import needs_teacher

if TYPE_CHECKING:
    from studio.experiment import AlsoChoice, Experiment, MethodChoice
    from studio.methods.entry import Suited
    from studio.methods.needs import Cast
    from studio.networks.base import NetworkSummary


def method_refusal(experiment: Experiment, data: DataInfo, other_classes: bool = False) -> Text | None:
    """Why its method, or one beside it, cannot work; None where it can, or where the data's shape is not known yet.

    Args:
        other_classes: whether its teacher is known to name other classes than the data.
    """
    found = _refused(experiment, data, other_classes)
    return found[1] if found is not None else None


def refuse_misfit(experiment: Experiment, cache: Path) -> None:
    """Refuse a method that cannot work, or a network that cannot read the data, before anything is trained.

    A teacher that is there already is looked at by :func:`studio.runs.weights_fit.refuse_other_weights`; what is told by
    data that are not there yet, the training finds out.

    Raises:
        StudioError: says why, and what to do.
    """
    if experiment.student.members or (needs_teacher(experiment) and experiment.teacher.source != "train"):
        return
    try:
        data = data_info(experiment.dataset.key, experiment.dataset.source_settings, cache)
    except StudioError:
        return  # said where it is met, with its own words
    refuse_pair(experiment, data)


def refuse_pair(experiment: Experiment, data: DataInfo, teacher: NetworkSummary | None = None) -> None:
    """Refuse a method that cannot work with its networks and these data.

    Args:
        teacher: what is known of one that is there already.

    Raises:
        StudioError: says why, and what to do.
    """
    found = _refused(experiment, data, teacher=teacher)
    if found is not None:
        method, reason = found
        raise StudioError(
            "{method} cannot be used here.", reason, place="method", offers=("choose_method",), method=method
        )


def suited_settings(experiment: Experiment, data: DataInfo) -> dict[str, Suited]:
    """What suits its networks and data better than what was published, by the dotted places of the settings."""
    cast = _cast(experiment, data)
    if cast is None:
        return {}
    places: list[tuple[str, MethodChoice | AlsoChoice]] = [("method", experiment.method)]
    places += [(f"method.also.{index}", also) for index, also in enumerate(experiment.method.also)]
    return {
        f"{place}.settings.{name}": suited
        for place, choice in places
        if choice.entry.refusal(choice.typed, cast) is None
        for name, suited in choice.entry.suited(choice.typed, cast).items()
    }


def known_shape(experiment: Experiment) -> DataInfo:
    """What is known of its data without looking at files: nothing of a person's own."""
    source = experiment.dataset.source
    return DataInfo(source.kind, source.shape, source.class_count, source.train_count, source.test_count)


def _refused(
    experiment: Experiment, data: DataInfo, other_classes: bool = False, teacher: NetworkSummary | None = None
) -> tuple[str, Text] | None:
    """The title of the first method that is refused, and why."""
    cast = _cast(experiment, data, other_classes, teacher)
    return experiment.method.refused(cast) if cast is not None else None


def _cast(
    experiment: Experiment, data: DataInfo, other_classes: bool = False, given: NetworkSummary | None = None
) -> Cast | None:
    """Its networks as its methods want to know them; None where the data's shape is not known yet."""
    if data.shape is None or data.classes is None:
        return None
    teacher = experiment.teacher.key if needs_teacher(experiment) and given is None else None
    batch = experiment.training.batch_size
    cast = cast_of(teacher, experiment.student_network, data.shape, data.classes, batch, other_classes)
    if given is not None:
        cast = replace(cast, teacher=given, pairs=pair_groups(given, cast.student))
    return replace(cast, made_from_teacher=experiment.student.is_made_from_teacher, columns=data.offers.has_columns)
