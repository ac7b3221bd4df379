"""The experiments that train what a run is compared with or taught by: its teacher, and the student alone."""

from __future__ import annotations

from studio.experiment import DatasetChoice, Experiment, MethodChoice, References
from studio.networks.titles import network_title

#: The catalogue key of learning without a teacher.
ALONE = "none"
#: Seeds of teachers begin here: a teacher and a student of the same architecture and seed must not start from equal
#: weights, which would let them agree before anything is learnt.
TEACHER_SEEDS = 1_000_000


def needs_teacher(experiment: Experiment) -> bool:
    """Whether its method, or one of ``also``, learns from a teacher."""
    return any(choice.entry.needs.teacher for choice in experiment.method.all)


def teacher_experiment(experiment: Experiment) -> Experiment:
    """The run that trains the teacher: its own seed, its own budget, all the data unless it says otherwise."""
    teacher, training = experiment.teacher, experiment.training
    if teacher.epochs is not None:
        training = training.model_copy(update={"epochs": teacher.epochs, "steps": None})
    return without_teacher(
        experiment,
        name=f"{network_title(teacher.key)} on {experiment.dataset.title}",
        seed=(teacher.seed + TEACHER_SEEDS) % 2**31,
        dataset=teacher_data(experiment),
        student=experiment.student.replaced(teacher.key),
        training=training,
    )


def teacher_data(experiment: Experiment) -> DatasetChoice:
    """All of the student's data, or the teacher's share of them; with settings of its own, say other classes."""
    own = {"fraction": experiment.teacher.fraction, "per_class": None, **experiment.teacher.data}
    return DatasetChoice.model_validate({**experiment.dataset.divided_as(experiment.seed).model_dump(), **own})


def alone_experiment(experiment: Experiment) -> Experiment:
    """The run that trains the student the same way without a teacher."""
    network = experiment.student_network
    title = f"{network_title(network)} alone on {experiment.dataset.title}"
    student = experiment.student
    return without_teacher(
        experiment, name=title, student=student.replaced(network) if student.is_made_from_teacher else student
    )


def without_teacher(experiment: Experiment, **changes: object) -> Experiment:
    """The experiment with labels as its only teacher, compared with nothing, with ``changes``, every default written out."""
    update = {"method": MethodChoice(key=ALONE), "references": References(alone=False), **changes}
    return experiment.model_copy(update=update).resolved()
