"""``studio train FILE``: runs an experiment and prints what was reached."""

from __future__ import annotations

import tomllib
from argparse import Namespace
from pathlib import Path
from typing import Any

from studio.cli.running import carry_out
from studio.errors import StudioError
from studio.experiment import load
from studio.runs.launch import launch
from studio.runs.workspace import Workspace


def run(chosen: Namespace) -> int:
    """Train what the file describes, with the settings given on the command line."""
    given = {"seed": chosen.seed, "training.device": chosen.device, "training.precision": chosen.precision}
    overrides = {key: value for key, value in given.items() if value is not None}
    for setting in chosen.settings:
        key, value = _setting(setting)
        overrides[key] = value
    return train(chosen, chosen.file, overrides)


def train(chosen: Namespace, file: Path, overrides: dict[str, Any]) -> int:
    """Train an experiment file."""
    experiment = load(file, overrides)
    return carry_out(chosen, lambda listen, control: launch(experiment, Workspace(), listen, control))


def _setting(words: str) -> tuple[str, Any]:
    """``KEY=VALUE`` with the value as TOML has it; what TOML does not understand is a word."""
    key, equals, value = words.partition("=")
    if not equals or not key.strip():
        raise StudioError("“{words}” is no setting.", "", "Write KEY=VALUE, e.g. training.epochs=3.", words=words)
    try:
        return key.strip(), tomllib.loads(f"value = {value}")["value"]
    except tomllib.TOMLDecodeError:
        return key.strip(), value.strip()
