"""Experiment: everything a person picked, frozen when the run starts; one TOML file."""

from studio.experiment.budget import Optimizer, Schedule, Training
from studio.experiment.choices import RANDOM, AlsoChoice, DatasetChoice, MethodChoice, StudentChoice, TeacherChoice
from studio.experiment.model import Experiment, References
from studio.experiment.toml_file import load, loads, to_toml
from studio.experiment.validation import validated

__all__ = [
    "RANDOM",
    "AlsoChoice",
    "DatasetChoice",
    "Experiment",
    "MethodChoice",
    "Optimizer",
    "References",
    "Schedule",
    "StudentChoice",
    "TeacherChoice",
    "Training",
    "load",
    "loads",
    "to_toml",
    "validated",
]
