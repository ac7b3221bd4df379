"""``studio train FILE``: runs an experiment, or all of a set, and prints what was reached; ``--preset`` a ready one."""

from __future__ import annotations

import tomllib
from argparse import Namespace
from functools import partial
from pathlib import Path
from typing import Any

from studio.cli.running import Launch, carry_out
from studio.core.errors import StudioError
from studio.events import Listener
from studio.experiment import Experiment
from studio.runs.launch import launch
from studio.runs.presets.preset_sets import load_all
from studio.runs.presets.presets import find_preset
from studio.runs.run_info import RunInfo
from studio.runs.store.saved_methods import SavedMethods, plain
from studio.runs.store.workspace import Workspace
from studio.training.control import Control


def run(chosen: Namespace) -> int:
    """Train what the file or ready experiment describes, with the settings given on the command line."""
    given = {"seed": chosen.seed, "training.device": chosen.device, "training.precision": chosen.precision}
    overrides = {key: value for key, value in given.items() if value is not None}
    if chosen.method is not None:  # before single settings, which may be the method's own
        overrides = {"method": plain(SavedMethods(Workspace().path).named(chosen.method)), **overrides}
    for setting in chosen.settings:
        key, value = _setting(setting)
        overrides[key] = value
    if chosen.ready is not None:
        preset = find_preset(chosen.ready)
        return train(chosen, preset.path, {**preset.overrides, **overrides})
    return train(chosen, chosen.file, overrides)


def train(chosen: Namespace, file: Path, overrides: dict[str, Any]) -> int:
    """Train an experiment file; of a set all of its runs, one after the other."""
    experiments = load_all(file, overrides)
    return carry_out(chosen, [Launch(partial(_launch, experiment), experiment) for experiment in experiments])


def _launch(experiment: Experiment, listen: Listener, control: Control) -> RunInfo:
    return launch(experiment, Workspace(), listen, control)


def _setting(words: str) -> tuple[str, Any]:
    """``KEY=VALUE`` with the value as TOML has it; what TOML does not understand is a word."""
    key, equals, value = words.partition("=")
    if not equals or not key.strip():
        raise StudioError("“{words}” is no setting.", "", "Write KEY=VALUE, e.g. training.epochs=3.", words=words)
    try:
        return key.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return key.strip(), value.strip()
