"""Damages every entry of real checkpoints in every way: ``python -m tests.benchmarks.damaged_checkpoints [METHOD ...]``.

Prints for every method how many damaged checkpoints were passed over for the one before, and how many say the same as
the whole one. Ends with 1 where one was taken that does not, where a run could not go on, or where anything else was raised.
A second run of it all is then gone on with from a sample of them, and compared bit for bit with one left alone.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from studio import catalog
from studio.core.errors import StudioError
from studio.events import CheckpointSaved, Event
from studio.experiment import Experiment
from studio.training import checkpointer
from studio.training.control import Control
from studio.training.session import Places, run_session
from tests.training.made_checkpoints import entries, ways
from tests.training.restoring import Restoring, same_weights
from tests.training.small_runs import small

#: The step at which a run is killed: in its last stage, amid an epoch.
AT = 18
#: Every so manieth damaged checkpoint is gone on from to the end.
TO_THE_END = 50


class _Killed(BaseException):
    pass


def main(methods: list[str]) -> int:
    """Go through all; returns the exit code."""
    catalog.load()
    checkpointer.LEAST = checkpointer.MOST = 0.0
    bad = 0
    with tempfile.TemporaryDirectory() as name:
        places = Places(Path(name, "teacher"), Path(name, "cache"))
        places.folder.mkdir()
        run_session(_experiment("none", "cnn-8"), places, lambda _event: None, Control())
        for number, method in enumerate(methods):
            bad += _damage(method, Path(name), "adam" if number % 2 else "sgd")
    return 1 if bad else 0


def _experiment(method: str, student: str, optimizer: str = "sgd") -> Experiment:
    training = {"epochs": 4, "batch_size": 16, "keep": "best", "optimizer": {"key": optimizer, "lr": 0.01}}
    return small(method, student={"key": student}, dataset={"validation": 0.2}, training=training)


def _damage(method: str, base: Path, optimizer: str) -> int:
    began, seen, bad = time.perf_counter(), Counter[str](), 0
    experiment = _experiment(method, "cnn-4", optimizer)
    teacher = None if method == "none" else base / "teacher" / "student.safetensors"
    whole, killed = (Places(base / f"{method}-{kind}", base / "cache", teacher) for kind in ("whole", "killed"))
    for places in (whole, killed):
        places.folder.mkdir()
    run_session(experiment, whole, lambda _event: None, Control())
    _kill(experiment, killed)
    restoring = Restoring(experiment, killed.folder, teacher, base / "cache")
    payload = restoring.newest()
    for place in entries(payload):
        for how, make in ways(payload, place).items():
            seen["all"] += 1
            try:
                said = restoring.choose(make())
            except StudioError as error:
                bad += 1
                print(f"  {place} {how}: refused, {error}")
                continue
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault, and the next is tried
                bad += 1
                print(f"  {place} {how}: {type(error).__name__}: {error}")
                continue
            seen["older" if said is not None else "same"] += 1
            if said is None and not restoring.is_unmoved_by(place):
                bad += 1
                print(f"  {place} {how}: taken")
            if seen["all"] % TO_THE_END == 0:
                seen["to the end"] += 1
                run_session(experiment, killed, lambda _event: None, Control(), resume=True)
                if not same_weights(whole.folder, killed.folder):
                    bad += 1
                    print(f"  {place} {how}: ended otherwise")
                _kill(experiment, killed)
    seconds = time.perf_counter() - began
    print(f"{method}, {optimizer}: {dict(seen)}, wrong {bad}, {seconds:.0f} s")
    return bad


def _kill(experiment: Experiment, places: Places) -> None:
    for file in (places.folder / "checkpoints").glob("*"):
        file.unlink()

    def kill(event: Event) -> None:
        if isinstance(event, CheckpointSaved) and event.step == AT and not event.best:
            raise _Killed

    try:
        run_session(experiment, places, kill, Control())
    except _Killed:
        return


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["none", "kd", "ab", "ft", "fitnet", "ofd", "crd"]))
