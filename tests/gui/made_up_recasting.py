"""A made-up run that exchanges blocks, as far as one wants it to be."""

from __future__ import annotations

import numpy as np

from studio.core.network_reading import BlockReading, NetworkReading
from studio.events import (
    EpochDone,
    RunStarted,
    Snapshot,
    StageBand,
    StageStarted,
    StudentRebuilt,
    TermReading,
    Terms,
)
from studio.runs.files.history import Reference, RunHistory

WIDTHS = (16, 32, 64, 64)
SPE, EPOCHS = 10, 5


def network(title: str, widths: tuple[int, ...], milliseconds: float = 0.5) -> NetworkReading:
    """Convolutions of these widths on maps of 16 x 16, halved behind every second one, and a classifier."""
    blocks, below = [], 3
    for number, width in enumerate(widths, start=1):
        side = 16 >> (number - 1) // 2
        weights = 9 * below * width
        blocks.append(BlockReading(f"group{number}", "conv", f"group{number}", width, side, weights, weights * side**2))
        below = width
    blocks.append(BlockReading("head", "head", "head", 10, 1, 11 * below, 10 * below))
    return NetworkReading(title, tuple(blocks), milliseconds)


def halved(exchanged: int) -> NetworkReading:
    """The same with its first blocks half as wide."""
    widths = tuple(width // 2 if number < exchanged else width for number, width in enumerate(WIDTHS))
    return network(f"CNN, {exchanged} blocks recast", widths, 0.5 - 0.05 * exchanged)


def recasting_run(stages: int = len(WIDTHS) + 1, *, run: str = "made-up-recast", seed: int = 0) -> RunHistory:
    """A run in which so many of its stages are over: one a block, then one with labels."""
    rng = np.random.default_rng(seed)
    each = SPE * EPOCHS
    names = [f"group{number}" for number in range(1, len(WIDTHS) + 1)]
    plan = [StageBand(name, f"block {i + 1}", i * each, (i + 1) * each, False) for i, name in enumerate(names)]
    plan.append(StageBand("task", "learn", len(names) * each, (len(names) + 1) * each, True))
    history = RunHistory(run, label="Network recasting, seed 0")
    history.handle_event(
        RunStarted(
            run=run, name=history.label, plan=tuple(plan), steps=plan[-1].end, epochs=EPOCHS * len(plan),
            steps_per_epoch=SPE, batch_size=64, device="cpu", threads=2, precision="exact",
            classes=tuple("0123456789"), groups=tuple(names),
        )
    )  # fmt: skip
    history.teacher, history.alone = Reference(0.95), Reference(0.9)
    for number, band in enumerate(plan[:stages]):
        history.handle_event(StageStarted(stage=band.name, step=band.begin, title=band.title, trains=("student",)))
        if not band.labels:
            behind = (*names, "head")[number + 1]
            history.handle_event(
                StudentRebuilt(
                    stage=band.name,
                    step=band.begin,
                    teacher=halved(0),
                    student=halved(number + 1),
                    planned=halved(len(names)),
                    compared=(behind,),
                )
            )
        for step in range(band.begin + 1, band.end + 1):
            value = 0.4 * np.exp(-6 * (step - band.begin) / each) + 0.002 * (1 + number)
            term = "scores" if band.labels else "difference"
            reading = TermReading(float(value * rng.uniform(0.95, 1.05)), 1.0, "transfer")
            history.handle_event(
                Terms(stage=band.name, step=step, terms={term: reading}, learning_rate=0.001, pictures_per_second=900)
            )
        reached = 0.92 if band.labels else 0.3
        history.handle_event(
            EpochDone(
                stage=band.name, step=band.end, epoch=band.end // SPE, labelled=band.labels, test_accuracy=reached
            )
        )
        arrays = {
            "filters/teacher": np.random.default_rng(1).normal(size=(WIDTHS[0], 3, 3, 3)).astype(np.float32),
            "filters/student": rng.normal(size=(WIDTHS[0] // 2, 3, 3, 3)).astype(np.float32),
        }
        history.handle_event(Snapshot(stage=band.name, step=band.end, arrays=arrays))
    if stages == len(plan):
        history.state = "finished"
    return history
