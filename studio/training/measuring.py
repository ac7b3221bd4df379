"""Measures a network that is finished, as a run of its own in which nothing is trained."""

from __future__ import annotations

from pathlib import Path

import torch

from studio.core.errors import StoppedEarly, StudioError
from studio.core.message import NOTHING
from studio.events import Listener, RunStarted
from studio.experiment import Experiment
from studio.methods.base import Cast
from studio.networks.files import load_network
from studio.networks.measure import summarise
from studio.networks.table_input import read_encoding
from studio.networks.titles import network_title
from studio.training.control import Control
from studio.training.devices import choose_hardware
from studio.training.event_emitter import EventEmitter
from studio.training.network_setup import Networks
from studio.training.outcome import Outcome, RunEnding, measure_outcome
from studio.training.setup import Places, Setup, load_data
from studio.training.stage_schedule import StageSchedule


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
        emitter.emit(
            RunStarted(
                name=experiment.title,
                plan=(),
                steps=0,
                epochs=0,
                steps_per_epoch=0,
                batch_size=0,
                device=str(hardware.device),
                threads=hardware.threads,
                precision=hardware.precision,
                classes=dataset.classes,
                examples=dataset.kind,
                groups=(),
            )
        )
        return measure_outcome(setup, RunEnding("finished", NOTHING), None, places.folder, emitter)
    finally:
        torch.set_num_threads(threads)
