"""Brings together what a training works with: the data, the networks, the device, the schedule."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch

from studio.core.errors import StoppedEarly
from studio.core.files import write_whole
from studio.core.message import Text, text
from studio.core.scan_text import scan_warning
from studio.data.base import Dataset, ProgressListener, silent
from studio.data.prepare import prepare
from studio.data.scan_report import ScanReport
from studio.events import Notice, PicturesScanned
from studio.experiment import Experiment
from studio.networks.batch_statistics import batch_norms
from studio.networks.normalised_values import risk_of_few_values
from studio.networks.start import begin_with
from studio.networks.titles import network_title
from studio.training.control import Control
from studio.training.devices import Hardware, choose_hardware
from studio.training.event_emitter import EventEmitter
from studio.training.network_setup import Networks, set_up_networks
from studio.training.stage_schedule import StageSchedule
from studio.training.student_weights import start_network


@dataclass(frozen=True)
class Places:
    """Where a session reads and writes: the run's folder, the cache of decoded data, the weights of the teacher.

    ``start``: the weights the student begins with, where they are not random.
    """

    folder: Path
    cache: Path
    teacher: Path | None = None
    start: Path | None = None


@dataclass(frozen=True)
class Setup:
    """What a training works with; nothing of it is replaced while it trains but the student, by a stage that says so."""

    experiment: Experiment
    dataset: Dataset
    networks: Networks
    schedule: StageSchedule
    hardware: Hardware


def load_data(experiment: Experiment, places: Places, emitter: EventEmitter, control: Control) -> Dataset:
    """The data of an experiment, what was found out about them told and written down.

    Raises:
        StudioError: they cannot be had, or not as asked.
        StoppedEarly: a person asked for the end meanwhile.
    """
    emitter.emit_phase("Preparing data")

    def progress(words: Text, fraction: float | None) -> None:
        emitter.emit_progress(words, fraction)
        if control.stopping:
            raise StoppedEarly("The run was stopped before it began.")

    dataset = dataset_of(experiment, places.cache, progress)
    for note in (*dataset.notes, *([dataset.storage_words] if dataset.storage == "disk" else [])):
        emitter.emit(Notice(what=note))
    if dataset.scan is not None:
        _tell_scan(dataset.scan, places.folder, emitter)
    return dataset


def dataset_of(experiment: Experiment, cache: Path, progress: ProgressListener = silent) -> Dataset:
    """The data of an experiment, as its runs have them.

    Args:
        cache: folder for decoded data.
        progress: told what is being done; may raise to cancel.

    Raises:
        StudioError: they cannot be had, or not as asked.
    """
    choice = experiment.dataset
    return prepare(
        choice.key,
        choice.settings,
        seed=experiment.seed if choice.subset_seed is None else choice.subset_seed,
        fraction=choice.fraction,
        per_class=choice.per_class,
        validation=choice.validation,
        test=choice.test,
        test_seed=choice.division(experiment.seed),
        label_noise=choice.label_noise,
        copies=not choice.without_copies,
        cache=cache,
        progress=progress,
    )


def _tell_scan(report: ScanReport, folder: Path, emitter: EventEmitter) -> None:
    """Write down what a scan of own pictures found, and say it; a warning where something is left out or looks wrong."""
    write_whole(folder / "scan.json", json.dumps(report.listing, indent=2, ensure_ascii=False).encode())
    emitter.emit(PicturesScanned(scan=report.scan))
    what, why = scan_warning(report.scan)
    if what:
        emitter.emit(Notice(level="warning", what=what, why=why))


def set_up(
    experiment: Experiment,
    dataset: Dataset,
    teacher: Path | None,
    emitter: EventEmitter,
    start: Path | None = None,
) -> Setup:
    """Networks, schedule and device for data that are there. Sets the number of threads.

    Args:
        start: the file of the weights that the student begins with; None where they are random.

    Raises:
        StudioError: data, networks and method do not fit together, or there is no such device.
    """
    emitter.emit_phase("Setting up the networks")
    networks = set_up_networks(experiment, dataset, teacher)
    said = (
        begin_with(networks.student, start_network(start, experiment.student.key, networks.student))
        if start is not None
        else None
    )
    if said is not None:
        emitter.emit(Notice(what=said))
    risk = risk_of_few_values(networks.cast.student, min(experiment.training.batch_size, len(dataset.train)))
    if risk is not None:
        emitter.emit(Notice(level="warning", what=risk))
    idle = _why_batch_statistics_are_idle(experiment, networks)
    if idle is not None:
        emitter.emit(Notice(what=text("The teacher's batch statistics change nothing here."), why=idle))
    training = experiment.training
    batch = min(training.batch_size, len(dataset.train))
    per_epoch = max(1, len(dataset.train) // batch)
    schedule = StageSchedule(training.steps or training.epochs * per_epoch, per_epoch, training.evaluations)
    teacher_macs = networks.cast.teacher.macs if networks.cast.teacher is not None else 0
    work = batch * (teacher_macs + 3 * networks.cast.student.macs)
    hardware = choose_hardware(training.device, training.precision, work)
    torch.set_num_threads(hardware.threads)
    if hardware.notice is not None:
        emitter.emit(Notice(level="warning", what=hardware.notice))
    networks.to(hardware.device)
    return Setup(experiment, dataset, networks, schedule, hardware)


def _why_batch_statistics_are_idle(experiment: Experiment, networks: Networks) -> Text | None:
    """Why batch statistics that were asked for make no difference, or None."""
    when, teacher = experiment.teacher.batch_statistics, networks.teacher
    if when == "off" or teacher is None:
        return None
    if not batch_norms(teacher):
        return text("{teacher} has no batch normalisation.", teacher=network_title(teacher.key))
    plan = experiment.method.method.plan(experiment.method.typed, networks.cast)
    if when == "copying stages" and all(stage.labels for stage in plan):
        return text("{method} has no stage that copies without labels.", method=experiment.method.title)
    return None
