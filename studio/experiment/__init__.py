"""Experiment: everything a person picked, frozen when the run starts; one TOML file."""

from studio.experiment.budget import Optimizer, Schedule, Training
from studio.experiment.choices import RANDOM, AlsoChoice, MethodChoice, StudentChoice, TeacherChoice
from studio.experiment.dataset_choice import DatasetChoice
from studio.experiment.model import Experiment, References
from studio.experiment.repeated_splits import each_split, split_seeds
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
    "each_split",
    "load",
    "loads",
    "split_seeds",
    "to_toml",
    "validated",
]
