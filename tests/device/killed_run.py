"""A training whose process is killed in its middle, and what becomes of it beside one that nobody disturbed."""

from __future__ import annotations

import math
import multiprocessing
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from studio.events import CheckpointSaved, Event
from studio.networks.files import load_network
from studio.training import checkpointer
from tests.device.tiny_training import STEPS, TinyTraining

#: What a device that adds in any order may change of a weight, at least. One such step moves a float32 weight by its
#: rounding, 1e-7; batch norm and the steps behind it make more of that. A step taken twice moves weights by 1e-2.
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


def kill_and_resume(training: TinyTraining, folder: Path, patience: float) -> Aftermath:
    """Train twice undisturbed, and once killed in the middle by the operating system and gone on with here.

    Args:
        patience: seconds that the other process has to come to its middle, its start among them.
    """
    undisturbed = [folder / "undisturbed", folder / "again"]
    for each in undisturbed:
        training.run(each)
    step = _kill_in_the_middle(training, folder / "killed", patience)
    resumed = training.run(folder / "killed", resume=True).resumed
    if resumed != step:
        raise AssertionError(f"the run went on from step {resumed} instead of {step}")
    spread = largest_difference(*undisturbed)
    exact = training.device == "cpu"
    allowed = 0.0 if exact else max(LEAST_TOLERANCE, TOLERANCE * spread)
    return Aftermath(step, largest_difference(folder / "killed", undisturbed[0]), spread, allowed)


def largest_difference(one: Path, other: Path) -> float:
    """Of any weight or statistic between the students that two runs kept; infinite where one is no number."""
    first, second = (load_network(folder / "student.safetensors").state_dict() for folder in (one, other))
    if first.keys() != second.keys():
        raise AssertionError("the two students are made of other parts")
    found = [float((first[name].double() - second[name].double()).abs().max()) for name in first]
    return math.inf if any(map(math.isnan, found)) else max(found)


def _kill_in_the_middle(training: TinyTraining, folder: Path, patience: float) -> int:
    """Train in another process until a checkpoint of the second half is written; the step of that checkpoint."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_train_and_wait, args=(training, folder, there))
    process.start()
    there.close()
    try:
        if not here.poll(patience):
            raise TimeoutError(f"after {patience:.0f} s the run was not in its middle")
        step: int = here.recv()
    except EOFError:
        process.join()
        raise RuntimeError(f"the process of the run ended by itself ({process.exitcode})") from None
    finally:
        process.kill()
        process.join()
        here.close()
    return step


def _train_and_wait(training: TinyTraining, folder: Path, connection: Connection) -> None:
    checkpointer.LEAST = 0.0  # a checkpoint at the end of every epoch, though it takes milliseconds

    def listen(event: Event) -> None:
        if isinstance(event, CheckpointSaved) and event.step * 2 >= STEPS:
            connection.send(event.step)
            threading.Event().wait()  # for the end

    training.run(folder, listen)
