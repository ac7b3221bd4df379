"""Measures a network, or another model, that is finished, as a run of its own in which nothing is trained."""

from __future__ import annotations

from pathlib import Path

import torch

from studio.core.errors import StoppedEarly, StudioError
from studio.core.message import NOTHING
from studio.data.base import Dataset
from studio.events import Listener, RunEnded, RunStarted
from studio.experiment import Experiment
from studio.methods.base import Cast
from studio.models.base import Model
from studio.models.class_order import InClassOrder
from studio.networks.files import load_network
from studio.networks.measure import summarise
from studio.networks.table_input import read_encoding
from studio.networks.titles import network_title
from studio.training.control import Control
from studio.training.devices import choose_hardware
from studio.training.event_emitter import EventEmitter
from studio.training.fit_again import fit_again
from studio.training.model_outcome import ModelOutcome, measure_model
from studio.training.network_setup import Networks
from studio.training.outcome import Outcome, RunEnding, measure_outcome
from studio.training.setup import Places, Setup, load_data
from studio.training.stage_schedule import StageSchedule
from studio.training.workers import one_thread


def measure_student(
    experiment: Experiment, student: Path, places: Places, listen: Listener, control: Control
) -> Outcome:
    """Test a finished student on the data of ``experiment``, time it, and write it with its answers into the run's folder.

    Args:
        student: its file.
        listen: told every event.

    Raises:
        StudioError: the file or the data cannot be read, or the student was made for other data.
        StoppedEarly: a person asked for the end meanwhile.
        NotWritten: nothing more can be written and nobody is there to mend that.
    """
    emitter = EventEmitter(listen, control)
    threads = torch.get_num_threads()
    try:
        network = load_network(student)
        dataset = load_data(experiment, places, emitter, control)
        if control.stopping:
            raise StoppedEarly("The run was stopped before anything was measured.")
        if network.classes != dataset.classes or network.source.shape != dataset.shape:
            raise StudioError(
                "{network} cannot be measured on these data.",
                "It was made for other classes or inputs of another size.",
                "Choose the data it learnt from.",
                place="dataset",
                network=network_title(network.key),
            )
        read_encoding(network, dataset.encoding)
        facts = summarise(network, network_title(network.key))
        hardware = choose_hardware(experiment.training.device, experiment.training.precision, float(facts.macs))
        torch.set_num_threads(hardware.threads)
        networks = Networks(
            network, None, Cast(facts, None, (), len(dataset.classes)), None, teacher_knows_classes=False
        )
        networks.to(hardware.device)
        setup = Setup(experiment, dataset, networks, StageSchedule(0, 1), hardware)
        emitter.emit(_started(experiment, dataset, str(hardware.device), hardware.threads, hardware.precision))
        return measure_outcome(setup, RunEnding("finished", NOTHING), None, places.folder, emitter)
    finally:
        torch.set_num_threads(threads)


def measure_finished(
    experiment: Experiment, model: Model, places: Places, listen: Listener, control: Control
) -> ModelOutcome:
    """The same of a finished model that is no network.

    Raises:
        StudioError: the data cannot be read, or the model knows other classes.
        StoppedEarly: a person asked for the end meanwhile.
        NotWritten: nothing more can be written and nobody is there to mend that.
    """
    emitter = EventEmitter(listen, control)
    dataset = load_data(experiment, places, emitter, control)
    if control.stopping:
        raise StoppedEarly("The run was stopped before anything was measured.")
    try:
        ordered = InClassOrder(model, dataset.classes)
    except ValueError as error:
        raise StudioError(
            "{model} cannot be measured on these data.",
            "They name other classes.",
            "Choose the data it learnt from.",
            place="dataset",
            model=model.describe(),
        ) from error
    emitter.emit(_started(experiment, dataset, "cpu", 1, "exact"))
    if not fit_again(model, emitter, control):
        raise StoppedEarly("The run was stopped before anything was measured.")
    emitter.emit_phase("Measuring the result")
    with one_thread():
        outcome = measure_model(ordered, dataset, None, places.folder, emitter)
    emitter.emit(
        RunEnded(state="finished", reason=NOTHING, test_accuracy=outcome.accuracy, seconds=0.0, teacher_accuracy=None)
    )
    return outcome


def _started(experiment: Experiment, dataset: Dataset, device: str, threads: int, precision: str) -> RunStarted:
    """The first word of a run in which nothing is trained."""
    return RunStarted(
        name=experiment.title,
        plan=(),
        steps=0,
        epochs=0,
        steps_per_epoch=0,
        batch_size=0,
        device=device,
        threads=threads,
        precision=precision,
        classes=dataset.classes,
        examples=dataset.kind,
        groups=(),
    )
