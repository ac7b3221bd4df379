"""Ensembles of runs: their members looked up and checked, made one model, and described as an experiment of their own."""

from __future__ import annotations

from collections.abc import Sequence

from studio.core.ensemble_keys import Mean, ensemble_key, is_ensemble, mean_of
from studio.core.errors import StudioError
from studio.core.message import NOTHING, text
from studio.core.prefixed_key import PrefixedKey
from studio.core.score_scale import ACCURACY
from studio.experiment import Experiment, MethodChoice, References
from studio.models.average_model import average_of
from studio.models.base import Model
from studio.models.files import load_model
from studio.networks.ensemble import MOST_MEMBERS, make_ensemble
from studio.networks.network_model import NetworkModel
from studio.networks.titles import network_title
from studio.runs.files.digests import is_intact
from studio.runs.files.folder import RunFolder
from studio.runs.results import summarise
from studio.runs.run_emitter import RunEmitter
from studio.runs.run_info import RunInfo
from studio.runs.store.workspace import Workspace
from studio.runs.summary_writer import SummaryWriter
from studio.systems.reference_experiments import ALONE
from studio.training.control import Control
from studio.training.measuring import measure_finished, measure_student
from studio.training.model_outcome import ProcedureOutcome
from studio.training.setup import Places

#: What the method of such a run is called in lists.
AVERAGED = "Answers averaged"


def member_runs(members: Sequence[str], workspace: Workspace, place: str) -> list[RunInfo]:
    """The runs of an ensemble, each with what it learnt intact.

    Args:
        members: ``run:<id>`` or a unique beginning of an id, each.
        place: of the setting that names them.

    Raises:
        StudioError: there are too few or too many, or one is named twice, is gone, is an ensemble itself, kept no
            student, what it kept is damaged, or is what another one kept.
    """
    if len(members) > MOST_MEMBERS:
        raise StudioError(
            "An ensemble has at most {most} members; {n} were named.", place=place, most=MOST_MEMBERS, n=len(members)
        )
    if len(members) < 2:
        raise StudioError(
            "An ensemble needs two members or more.", "", "Choose another run beside this one.", place=place
        )
    runs = [workspace.run(PrefixedKey.parse(member).name) for member in members]
    for number, run in enumerate(runs):
        if run.id in {other.id for other in runs[:number]}:
            raise StudioError("The run {run} is named twice.", "", "Name every member once.", place=place, run=run.id)
        if is_ensemble(run.student):
            raise StudioError(
                "The run {run} is an ensemble itself, and cannot be a member of another.",
                "",
                "Choose its members instead.",
                place=place,
                run=run.id,
            )
        if not run.places.student.is_file():
            raise StudioError(
                "The run {run} cannot be a member.",
                "It kept no student.",
                "Choose a run that has finished.",
                place=place,
                run=run.id,
            )
        if not is_intact(run.places.student, run.files):
            raise StudioError(
                "The run {run} cannot be a member.",
                "The file of its student is damaged: it is not what was recorded when the run ended.",
                "Train that run again, or leave it out.",
                place=place,
                run=run.id,
            )
        twin = next((other for other in runs[:number] if _keep_the_same(run, other)), None)
        if twin is not None:
            raise StudioError(
                "The runs {other} and {run} keep the same network.",
                "It would count twice.",
                "Name one of the two: a chain keeps what its last step has learnt.",
                place=place,
                run=run.id,
                other=twin.id,
            )
    return runs


def _keep_the_same(run: RunInfo, other: RunInfo) -> bool:
    """Whether two runs recorded the same weights."""
    name = run.places.student.name
    return run.files.get(name, "") != "" and run.files.get(name) == other.files.get(name)


def frozen_members(experiment: Experiment, workspace: Workspace) -> Experiment:
    """The experiment with the members of its student written out as ids, and the key that follows from them.

    Raises:
        StudioError: see :func:`member_runs`; or they do not go together.
    """
    student = experiment.student
    if not student.members:
        return experiment
    runs = member_runs(student.members, workspace, "student.members")
    mean = mean_of(student.key)
    ensemble_of(runs, mean)  # members that do not go together are refused before a folder is made
    members = tuple(str(PrefixedKey("run", run.id)) for run in runs)
    changed = student.model_copy(update={"members": members, "key": key_of(runs, mean)})
    return experiment.model_copy(update={"student": changed})


def ensemble_of(runs: Sequence[RunInfo], mean: Mean) -> Model:
    """What ``runs`` have learnt as one model: of networks alone a network.

    Raises:
        StudioError: one cannot be read, or they do not go together; see :func:`studio.networks.ensemble.make_ensemble` and
            :func:`studio.models.average_model.average_of`.
    """
    models = [load_model(run.places.student) for run in runs]
    networks = [model.network for model in models if isinstance(model, NetworkModel)]
    if len(networks) == len(models):
        return NetworkModel(make_ensemble(networks, mean))
    _refuse_other_rows(runs)
    return average_of(models, mean)


def _refuse_other_rows(runs: Sequence[RunInfo]) -> None:
    """What is no network reads a row as its own rows were encoded, so that all members must have learnt from the same."""
    first, offers = runs[0], runs[0].experiment.dataset.source.offers
    for run in runs[1:]:
        if offers.has_columns and _rows(run) != _rows(first):
            raise StudioError(
                "The runs {first} and {other} learnt from different rows of their table.",
                "One of them is no network, and reads rows by the ranges of its own.",
                "Choose runs of the same rows, or networks alone.",
                first=first.id,
                other=run.id,
            )


def _rows(run: RunInfo) -> tuple[object, ...]:
    """Equal for runs that learnt from the same rows of one table."""
    choice = run.experiment.dataset
    whole = choice.fraction == 1.0 and choice.per_class is None and choice.validation == 0.0
    drawn = run.experiment.seed if choice.subset_seed is None else choice.subset_seed
    return run.tested_on, choice.fraction, choice.per_class, choice.validation, None if whole else drawn


def key_of(runs: Sequence[RunInfo], mean: Mean) -> str:
    """The catalogue key of the model that :func:`ensemble_of` makes."""
    return ensemble_key([run.student for run in runs], mean)


def ensemble_experiment(runs: Sequence[RunInfo], mean: Mean = "probabilities", name: str = "") -> Experiment:
    """What measures the mean answer of ``runs`` as a run of its own: the data of the first, and no training.

    Raises:
        StudioError: the first run's experiment cannot be read; they do not name the same data.
    """
    first = runs[0].experiment
    for run in runs[1:]:
        if (run.dataset, run.experiment.dataset.paths) != (first.dataset.key, first.dataset.paths):
            raise StudioError(
                "The runs {first} and {other} learnt from different data.",
                "Their answers can only be averaged on the same test part.",
                "Choose runs of one data set.",
                first=runs[0].id,
                other=run.id,
            )
    key = key_of(runs, mean)
    students = tuple(str(PrefixedKey("run", run.id)) for run in runs)
    return first.model_copy(
        update={
            "name": name or network_title(key),
            "student": first.student.replaced(key).model_copy(update={"members": students}),
            "method": MethodChoice(key=ALONE),
            "references": References(alone=False),
        }
    ).resolved()


def measure_ensemble(
    folder: RunFolder,
    experiment: Experiment,
    workspace: Workspace,
    control: Control,
    emit: RunEmitter,
    writer: SummaryWriter,
) -> None:
    """Write and test the mean answer of the finished models that the student of ``experiment`` names as its members.

    Raises:
        StudioError: see :func:`member_runs` and :func:`studio.training.measuring.measure_student`.
    """
    runs = member_runs(experiment.student.members, workspace, "student.members")
    model, places = ensemble_of(runs, mean_of(experiment.student.key)), Places(folder.path, workspace.cache)
    if isinstance(model, NetworkModel):
        model.save(folder.student)
        outcome = measure_student(experiment, folder.student, places, emit, control)
        reached = outcome.student_accuracy
        writer.write(summarise.reached(writer.summary, outcome))
    else:
        answered = measure_finished(experiment, model, places, emit, control)
        reached = answered.accuracy
        writer.write(summarise.made(writer.summary, ProcedureOutcome(answered, {}, ACCURACY, 0, 0.0)))
    known = {"network": network_title(experiment.student.key), "accuracy": 100 * reached}
    words = text("{network} reached {accuracy:.1f} %; nothing was trained for it.", **known)
    writer.write_end("finished", NOTHING, words)
