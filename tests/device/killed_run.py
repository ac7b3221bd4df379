"""A training whose process is killed in its middle, and what becomes of it beside one that nobody disturbed."""

from __future__ import annotations

import math
import multiprocessing
import os
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NoReturn

import torch
from torch import Tensor

from studio.events import CheckpointSaved, Event
from studio.networks.files import load_network
from studio.training import checkpointer
from tests.device.tiny_training import STEPS, TinyTraining

#: What a device that adds in any order may change, at least. One step so moves a float32 weight by its rounding, 1e-7; batch
#: norm and the steps behind it make more of that. A run gone on with that has lost the momentum of its optimiser ends 7e-3
#: to 9e-2 away (kd, ab, rkd, fitnet; seed 0, on a processor).
LEAST_TOLERANCE = 1e-5
#: And in numbers of differences between two undisturbed runs, each of which is but one draw.
TOLERANCE = 10.0


@dataclass(frozen=True)
class Aftermath:
    """How far weights are apart at the end, the largest difference of any.

    Attributes:
        step: at which the process was killed, and from which the run went on.
        difference: between the run that was killed and gone on with, and one that was not.
        spread: between two that were not.
        allowed: of the former; 0 where the device promises the same bits.
    """

    step: int
    difference: float
    spread: float
    allowed: float

    @property
    def words(self) -> str:
        """In one sentence."""
        begin = f"killed at step {self.step} of {STEPS} and gone on with: "
        if self.difference == 0:
            return begin + "every bit as in the undisturbed run"
        return begin + (
            f"weights differ by {self.difference:.1e} at most from the undisturbed run, allowed are {self.allowed:.1e} "
            f"({TOLERANCE:.0f} times what two undisturbed runs differ by, {self.spread:.1e}, and {LEAST_TOLERANCE:.0e} "
            "at least)"
        )


class KilledRun:
    """A training in another process, which begins at once and waits in its middle for its end."""

    def __init__(self, training: TinyTraining, folder: Path) -> None:
        self._training, self._folder = training, folder
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe(duplex=False)
        self._process = context.Process(target=_train_and_wait, args=(training, folder / "killed", there))
        self._process.start()
        there.close()

    def aftermath(self, patience: float) -> Aftermath:
        """Kill it, go on with it here, and train twice undisturbed.

        Args:
            patience: seconds that it still has to come to its middle.
        """
        step = self._kill_in_its_middle(patience)
        undisturbed = [self._folder / "undisturbed", self._folder / "again"]
        for each in undisturbed:
            self._training.run(each)
        resumed = self._training.run(self._folder / "killed", resume=True).resumed
        if resumed != step:
            raise AssertionError(f"the run went on from step {resumed} instead of {step}")
        spread = largest_difference(*undisturbed)
        exact = self._training.device == "cpu"
        allowed = 0.0 if exact else max(LEAST_TOLERANCE, TOLERANCE * spread)
        return Aftermath(step, largest_difference(self._folder / "killed", undisturbed[0]), spread, allowed)

    def close(self) -> None:
        """End the process, wherever it is."""
        self._process.kill()
        self._process.join()
        self._here.close()

    def _kill_in_its_middle(self, patience: float) -> int:
        """The step of the checkpoint at which it was killed by the operating system."""
        if not self._here.poll(patience):
            raise TimeoutError(f"after {patience:.0f} s the run was not in its middle")
        try:
            step: int = self._here.recv()
        except EOFError:
            self._process.join()
            raise RuntimeError(f"the process of the run ended by itself ({self._process.exitcode})") from None
        self._process.kill()
        self._process.join()
        return step


def largest_difference(one: Path, other: Path) -> float:
    """Of any weight or statistic between the students that two runs kept, in parts of the largest of its kind above 1.

    Infinite where one is no number, or where counts are not equal.
    """
    first, second = (load_network(folder / "student.safetensors").state_dict() for folder in (one, other))
    if first.keys() != second.keys():
        raise AssertionError("the two students are made of other parts")
    return max(_difference(tensor, second[name]) for name, tensor in first.items())


def _difference(one: Tensor, other: Tensor) -> float:
    if not one.is_floating_point():  # counts
        return 0.0 if torch.equal(one, other) else math.inf
    found = float((one.double() - other.double()).abs().max()) / max(1.0, float(one.abs().max()))
    return math.inf if math.isnan(found) else found


def _train_and_wait(training: TinyTraining, folder: Path, connection: Connection) -> None:
    checkpointer.LEAST = 0.0  # a checkpoint at the end of every epoch, though it takes milliseconds

    def listen(event: Event) -> None:
        if isinstance(event, CheckpointSaved) and event.step * 2 >= STEPS:
            connection.send(event.step)
            _end_with_parent()

    training.run(folder, listen)


def _end_with_parent() -> NoReturn:
    """Wait to be killed; whoever should do that may itself be ended before."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)
