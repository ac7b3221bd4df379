"""Runs that never were: histories with plausible made-up numbers, to open every view alone.

``python tests/gui/made_up.py attention --theme dark`` opens a view in a window; ``--to FILE.png`` draws it off-screen.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from studio.core.message import Text
from studio.events import (
    EpochDone,
    Event,
    KeyMoment,
    ModelMeasured,
    RunEnded,
    RunStarted,
    Snapshot,
    StageBand,
    StageStarted,
    State,
    TermReading,
    Terms,
)
from studio.gui.presenters.shown_run import ShownRun
from studio.insight.agreement_readings import agreement_readings
from studio.runs.files.history import Reference, RunHistory
from studio.runs.results.role_text import average_name
from studio.runs.statistics.gap import Gap
from studio.runs.statistics.intervals import wilson

CLASSES = ("airplane", "car", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
GROUPS = ("group1", "group2", "group3")
STEPS_PER_EPOCH = 40
Curve = tuple[float, float]


def _falling(first: float, last: float, t: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A loss that falls from first to last over t in [0, 1], with noise."""
    curve: np.ndarray = (last + (first - last) * np.exp(-5 * t)) * np.exp(rng.normal(0, 0.04, t.shape))
    return curve


def pictures_run(
    label: str = "AB + soft targets",
    *,
    run: str = "made-up-ab",
    epochs: int = 120,
    done: int | None = None,
    transfer: int = 20,
    reached: float = 0.852,
    terms: Mapping[str, tuple[float, float, float, bool]] | None = None,
    readings: int = 600,
    agreement: float = 95.0,
    snapshots: int = 24,
    classes: tuple[str, ...] = CLASSES,
    teacher: bool = True,
    seed: int = 0,
) -> RunHistory:
    """A run on made-up pictures.

    Args:
        done: epochs done so far, None for all: the run is then finished.
        transfer: epochs of the first stage, which has no labels; 0 for a single stage.
        reached: final test accuracy.
        terms: name -> first value, last value, weight, whether it belongs to the transfer stage.
        readings: how many readings of the terms there are.
        agreement: percent the neurons agree in the end.
        teacher: whether there is one.
    """
    rng = np.random.default_rng(seed)
    spe, finished = STEPS_PER_EPOCH, done is None
    done = epochs if done is None else done
    plan = [StageBand("transfer", "transfer", 0, transfer * spe, False)] if transfer else []
    plan.append(StageBand("classify", "classify", transfer * spe, epochs * spe, True))
    history = RunHistory(run, label=label)
    history.handle_event(
        RunStarted(
            run=run, name=label, plan=tuple(plan), steps=epochs * spe, epochs=epochs, steps_per_epoch=spe, batch_size=128,
            device="cpu", threads=2, precision="exact", classes=classes, groups=GROUPS,
        )
    )  # fmt: skip
    terms = terms or {
        "activation boundary": (6.0, 0.35, 0.003, True),
        "soft targets": (5.0, 0.41, 1.0, False),
        "labels": (2.3, 0.25, 0.1, False),
    }
    if teacher:
        history.teacher = Reference(0.951, 0.947, 0.955)
        history.alone = Reference(0.782, 0.776, 0.788)
    steps = np.unique(np.linspace(1, done * spe, readings).astype(int))
    curves = {}
    for name, (first, last, weight, early) in terms.items():
        begin, length = (0, transfer) if early else (transfer, epochs - transfer)
        through = np.clip((steps / spe - begin) / max(1, length), 0, 1)
        curves[name] = (_falling(first, last, through, rng), weight, early)
    for i, step in enumerate(steps):
        in_transfer = step <= transfer * spe
        shown = {
            name: TermReading(float(value[i]), weight, "transfer" if name != "labels" else "task")
            for name, (value, weight, early) in curves.items()
            if not transfer or early == in_transfer
        }
        history.handle_event(
            Terms(step=int(step), epoch=int(step) // spe, terms=shown, learning_rate=0.1, pictures_per_second=2940.0)
        )
    for epoch in range(1, done + 1):
        t = max(0.0, (epoch - transfer) / (epochs - transfer))
        value = 0.1 + (reached - 0.1) * (1 - np.exp(-14 * t)) + rng.normal(0, 0.004) if t else 0.1
        history.handle_event(
            EpochDone(step=epoch * spe, epoch=epoch, labelled=epoch > transfer, test_accuracy=float(min(value, 0.999)))
        )
    special: dict[int, KeyMoment] = (
        {0: "start", transfer: "copied", epochs: "end"} if transfer else {0: "start", epochs: "end"}
    )
    for epoch in np.unique(
        [*np.linspace(0, done, snapshots), *(moment for moment in special if moment <= done)]
    ).astype(int):
        arrays = _picture_arrays(epoch / epochs, transfer / epochs, agreement, len(classes), teacher)
        arrays |= _inner_arrays(arrays) if int(epoch) in special else {}
        history.handle_event(
            Snapshot(
                step=int(epoch) * spe, epoch=int(epoch), arrays=arrays, agreement=agreement_readings(arrays),
                moments=(special[int(epoch)],) if int(epoch) in special else (),
            )
        )  # fmt: skip
    if finished:
        history.handle_event(
            RunEnded(step=done * spe, epoch=done, state="finished", reason=Text(""), test_accuracy=reached)
        )
    return history


def _scene(rng: np.random.Generator, size: int = 32) -> tuple[np.ndarray, np.ndarray]:
    """A coloured shape on a coloured ground: the picture (3, size, size) uint8 and where the shape is, float."""
    y, x = np.mgrid[0:size, 0:size] / size
    cx, cy, r = *rng.uniform(0.35, 0.65, 2), rng.uniform(0.18, 0.3)
    kind = rng.integers(3)
    distance = (np.hypot(x - cx, y - cy), np.maximum(abs(x - cx), abs(y - cy)), abs(x - cx) + 0.8 * abs(y - cy))[kind]
    mask = np.clip((r - distance) * 30, 0, 1)
    ground, ink = rng.uniform(60, 200, (3, 1, 1)), rng.uniform(30, 240, (3, 1, 1))
    picture = ground * (1 - mask) + ink * mask + 30 * (y - 0.5) + rng.normal(0, 8, (3, size, size))
    return np.clip(picture, 0, 255).astype(np.uint8), mask


def _pooled(map_: np.ndarray, size: int) -> np.ndarray:
    k = map_.shape[0] // size
    pooled: np.ndarray = map_.reshape(size, k, size, k).mean((1, 3))
    return pooled


def _unit(maps: np.ndarray) -> np.ndarray:
    unit: np.ndarray = maps / np.sqrt((maps**2).sum((1, 2), keepdims=True))
    return unit.astype(np.float16)


def _inner_arrays(arrays: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Maps at taps between the ends of the groups: before the ReLU, and of two blocks of the first group."""
    found = {}
    for what, kind in (("attention", "/sum2"), ("grad_cam", "")):
        for role in ("teacher", "student"):
            for place, group in (("pre/group1", 0), ("pre/group2", 1), ("block/group1.0", 0), ("block/group1.1", 0)):
                maps = arrays.get(f"{what}/{role}/{GROUPS[group]}{kind}")
                if maps is not None:
                    found[f"inner/{what}/{role}/{place}"] = maps[:, :, ::-1]
    return found


def _picture_arrays(t: float, transfer: float, agreement: float, classes: int, teacher: bool) -> dict[str, np.ndarray]:
    """The arrays of a snapshot at time t in [0, 1]."""
    fixed = np.random.default_rng(5)
    late = np.random.default_rng(int(1000 * t) + 7)
    shown = 6
    scenes = [_scene(fixed) for _ in range(shown)]
    labels = fixed.integers(0, classes, shown)
    arrays = {"probe/inputs": np.stack([picture for picture, _ in scenes]), "probe/labels": labels}
    sure = 1 - np.exp(-6 * max(0.0, t - transfer))
    for role, strength, noise in (("teacher", 8.0, 1.2), ("student", 7.0 * sure + 0.2, 1.6)):
        logits = fixed.normal(0, noise, (shown, classes)).astype(np.float32)
        logits[np.arange(shown), labels] += strength
        if role == "student":
            logits[2] = np.roll(logits[2], 1)
        arrays[f"logits/{role}"] = logits
    for index, group in enumerate(GROUPS):
        size = (32, 16, 8)[index]
        for kind, power in (("sum", 1), ("sum2", 2), ("max2", 3)):
            places = np.stack([_pooled(mask, size) for _, mask in scenes])
            teacher_maps = (0.25 + places + 0.12 * fixed.random(places.shape)) ** power
            wrong = 1 - np.exp(-5 * t)
            student_maps = (0.25 + places * wrong + (1 - 0.75 * wrong) * late.random(places.shape)) ** power
            arrays[f"attention/teacher/{group}/{kind}"] = _unit(teacher_maps)
            arrays[f"attention/student/{group}/{kind}"] = _unit(student_maps)
            pair = _unit(teacher_maps).astype(float) * _unit(student_maps)
            arrays[f"alike/{group}/{kind}"] = np.array(pair.sum((1, 2)).mean(), np.float32)
        for role in ("teacher", "student"):
            arrays[f"grad_cam/{role}/{group}"] = arrays[f"attention/{role}/{group}/max2"][:, ::-1]
        chance = 51.6 + 5 * index
        share = (agreement - chance) * (1 - np.exp(-12 * t / max(transfer, 0.1)))
        channels = 64 << index
        arrays[f"agreement/{group}"] = np.array(chance + share + late.normal(0, 0.4), np.float32)
        arrays[f"chance/{group}"] = np.array(chance, np.float32)
        spread = late.normal(0, 4, channels) - 20 * (fixed.random(channels) < 0.05)
        arrays[f"channels/{group}"] = np.clip(chance + share + spread, 45, 100).astype(np.float32)
        arrays[f"firing/{group}"] = np.sort(fixed.beta(2, 3, channels)).astype(np.float32)[fixed.permutation(channels)]
        arrays[f"how/{group}"] = np.array(2, np.int8)
        if index < 2:  # the first channel by channel, the second behind a connector, the third in neither way
            own = {name: np.maximum(arrays[f"{name}/{group}"] - 6, 0) for name in ("agreement", "chance", "channels")}
            arrays |= {f"own/{name}/{group}": np.asarray(value, np.float32) for name, value in own.items()}
            arrays |= {f"own/firing/{group}": arrays[f"firing/{group}"], f"own/how/{group}": np.array(index, np.int8)}
    if not teacher:
        missing = ("teacher", "alike", "agreement", "chance", "channels", "firing", "how")
        arrays = {key: value for key, value in arrays.items() if not any(word in key for word in missing)}
    return arrays


class _Net:
    """A two-layer network on points of the plane, trained by plain gradient descent with momentum."""

    def __init__(self, width: int, seed: int) -> None:
        rng = np.random.default_rng(seed)
        sizes = (2, width, width, 2)
        self.w = [rng.normal(0, np.sqrt(2 / a), (a, b)) for a, b in pairwise(sizes)]
        self.b = [rng.normal(0, 0.3, b) for b in sizes[1:]]
        self._v = [np.zeros_like(p) for p in (*self.w, *self.b)]

    def forward(self, x: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
        """Pre-activations of the hidden layers, and probabilities."""
        pre = []
        for w, b in zip(self.w[:-1], self.b[:-1], strict=True):
            pre.append(x @ w + b)
            x = np.maximum(pre[-1], 0)
        z = x @ self.w[-1] + self.b[-1]
        e = np.exp(z - z.max(1, keepdims=True))
        return pre, e / e.sum(1, keepdims=True)

    def train(self, x: np.ndarray, labels: np.ndarray, steps: int, rate: float = 0.15) -> None:
        """Full-batch descent on the cross-entropy."""
        for _ in range(steps):
            pre, p = self.forward(x)
            delta = (p - np.eye(2)[labels]) / len(x)
            outs = [x, *(np.maximum(a, 0) for a in pre)]
            gradients_w: list[np.ndarray] = []
            gradients_b: list[np.ndarray] = []
            for layer in (2, 1, 0):
                gradients_w.insert(0, outs[layer].T @ delta)
                gradients_b.insert(0, delta.sum(0))
                if layer:
                    delta = (delta @ self.w[layer].T) * (pre[layer - 1] > 0)
            for p_, v, g in zip((*self.w, *self.b), self._v, (*gradients_w, *gradients_b), strict=True):
                v *= 0.9
                v -= rate * g
                p_ += v


def moons(n: int = 320) -> tuple[np.ndarray, np.ndarray]:
    """Two crescents of points, and which is which."""
    rng = np.random.default_rng(3)
    labels = np.arange(n) % 2
    angle = rng.uniform(0, np.pi, n)
    points = np.stack([np.cos(angle), np.sin(angle)], 1)
    points[labels == 1] = [1, 0.5] - points[labels == 1]
    return (points + rng.normal(0, 0.16, points.shape)).astype(np.float32), labels


def points_run(*, run: str = "made-up-moons", grid: int = 101, snapshots: int = 12, epochs: int = 300) -> RunHistory:
    """A run on points in the plane; teacher and student really are small networks trained here."""
    points, labels = moons()
    history = RunHistory(run, label="AB, two moons")
    plan = (StageBand("transfer", "transfer", 0, 600, False), StageBand("classify", "classify", 600, epochs * 10, True))
    history.handle_event(
        RunStarted(
            run=run, name=history.label, plan=plan, steps=epochs * 10, epochs=epochs, steps_per_epoch=10, batch_size=32,
            device="cpu", threads=1, precision="exact", classes=("upper moon", "lower moon"), groups=("group1", "group2"),
            examples="points",
        )
    )  # fmt: skip
    history.teacher, history.alone = Reference(0.994), Reference(0.906, 0.892, 0.92)
    teacher, student = _Net(20, 1), _Net(6, 4)
    teacher.train(points, labels, 1500)
    low, high = points.min(0) - 0.3, points.max(0) + 0.3
    xs, ys = np.linspace(low[0], high[0], grid), np.linspace(low[1], high[1], grid)
    plane = np.stack(np.meshgrid(xs, ys), -1).reshape(-1, 2)
    accuracy = 0.0
    for k in range(snapshots + 1):
        step = k * epochs * 10 // snapshots
        arrays = {
            "probe/inputs": points[:8], "probe/labels": labels[:8], "plane/points": points, "plane/labels": labels,
            "plane/extent": np.array([xs[0], xs[-1], ys[0], ys[-1]], np.float32),
            **_walks(teacher, points[k : k + 8], labels[k : k + 8], plane),
        }  # fmt: skip
        for role, net in (("teacher", teacher), ("student", student)):
            pre, p = net.forward(plane)
            arrays[f"plane/{role}/probabilities"] = p.T.reshape(2, grid, grid).astype(np.float16)
            for i, layer in enumerate(pre):
                arrays[f"plane/{role}/layer/group{i + 1}"] = layer.T.reshape(-1, grid, grid).astype(np.float16)
            arrays[f"logits/{role}"] = np.log(net.forward(points[:8])[1] + 1e-9).astype(np.float32)
        arrays |= _agreement(teacher.forward(points)[0], k / snapshots)
        special: dict[int, KeyMoment] = {0: "start", 600: "copied", history.steps: "end"}
        moments = (special[step],) if step in special else ()
        history.handle_event(
            Snapshot(step=step, epoch=step // 10, arrays=arrays, moments=moments, agreement=agreement_readings(arrays))
        )
        if step:
            accuracy = float((student.forward(points)[1].argmax(1) == labels).mean())
            history.handle_event(EpochDone(step=step, epoch=step // 10, labelled=step > 600, test_accuracy=accuracy))
            terms = {"labels": TermReading(float(1 / (1 + k)), 1.0, "task")}
            history.handle_event(
                Terms(step=step, epoch=step // 10, terms=terms, learning_rate=0.1, pictures_per_second=9e4)
            )
        student.train(points, labels, 60)
    history.handle_event(
        RunEnded(step=history.steps, epoch=epochs, state="finished", reason=Text(""), test_accuracy=accuracy)
    )
    return history


def _agreement(pre: list[np.ndarray], t: float) -> dict[str, np.ndarray]:
    """How far neurons agree at time t in [0, 1] with those of a teacher, whose pre-activations are given by layer."""
    arrays: dict[str, np.ndarray] = {}
    for index, layer in enumerate(pre, start=1):
        firing = (layer > 0).mean(0)
        chance = 100 * np.maximum(firing, 1 - firing)
        channels = chance + (100 - chance) * 0.8 * t
        arrays |= {
            f"agreement/group{index}": np.array(channels.mean(), np.float32),
            f"chance/group{index}": np.array(chance.mean(), np.float32),
            f"channels/group{index}": channels.astype(np.float32),
            f"firing/group{index}": firing.astype(np.float32),
            f"how/group{index}": np.array(2, np.int8),
        }
    return arrays


def _walks(teacher: _Net, points: np.ndarray, labels: np.ndarray, plane: np.ndarray) -> dict[str, np.ndarray]:
    """Walks of these points to the nearest place of ``plane`` where the teacher answers otherwise."""
    answers = teacher.forward(plane)[1].argmax(1)
    ends = np.stack(
        [
            min(plane[answers != label], key=lambda place: float(np.hypot(*(place - point))))
            for point, label in zip(points, labels, strict=True)
        ]
    )
    left = (0.7 ** np.arange(11))[:, None]
    return {
        "plane/walks/paths": (ends[:, None] + left * (points - ends)[:, None]).astype(np.float32),
        "plane/walks/bases": labels,
        "plane/walks/targets": 1 - labels,
        "plane/walks/taught": np.asarray(True),
    }


def generations(count: int) -> dict[str, str]:
    """The steps of born-again networks: role to who taught it."""
    roles = ["teacher", *(f"generation {number}" for number in range(1, count + 1))]
    return dict(zip(roles, ["", *roles], strict=False))


def chain_run(
    label: str = "Born-again networks",
    *,
    run: str = "made-up-chain",
    steps: Mapping[str, str] | None = None,
    errors: Sequence[float] = (0.223, 0.216, 0.212, 0.211),
    done: int | None = None,
    averages: Mapping[tuple[str, ...], float] | None = None,
    tested: int = 10_000,
    epochs: int = 30,
    state: State | None = None,
    seed: int = 0,
) -> RunHistory:
    """The parent of a chain of trainings.

    Args:
        steps: role to the role of the one that taught it; a teacher and a generation for each further error, if None.
        errors: what each step reaches, a fraction; the last one again for steps beyond.
        done: how many steps are done; None for all, and the averages too.
        averages: roles to the error of their mean answer.
        tested: test pictures.
        epochs: of each step.
        state: how it ended; running, or finished, if None.
    """
    rng = np.random.default_rng(seed)
    steps = steps if steps is not None else generations(len(errors) - 1)
    spe, each, done_all = STEPS_PER_EPOCH, epochs * STEPS_PER_EPOCH, done is None
    plan = tuple(
        StageBand(role, role, i * each, (i + 1) * each, labels=True, taught_by=by)
        for i, (role, by) in enumerate(steps.items())
    )
    history = RunHistory(run, label=label)
    history.handle_event(
        RunStarted(
            run=run, name=label, plan=plan, steps=len(plan) * each, epochs=len(plan) * epochs, steps_per_epoch=spe,
            batch_size=128, device="cpu", threads=2, precision="exact", classes=CLASSES, groups=GROUPS,
        )
    )  # fmt: skip
    taken = plan if done_all else plan[:done]
    for number, band in enumerate(taken):
        error = errors[min(number, len(errors) - 1)]
        history.handle_event(StageStarted(stage=band.name, step=band.begin, title=band.title, trains=("student",)))
        told: list[Event] = []
        for epoch in range(1, epochs + 1):
            at = number * epochs + epoch
            value = 1 - error - (0.88 - error) * np.exp(-8 * epoch / epochs) + rng.normal(0, 0.003)
            told.append(EpochDone(stage=band.name, step=at * spe, epoch=at, labelled=True, test_accuracy=float(value)))
            names = ("labels", "soft targets") if band.taught_by else ("labels",)
            readings = {name: TermReading(0.1 + 2 * float(np.exp(-4 * epoch / epochs)), 1.0, "task") for name in names}
            told.append(
                Terms(
                    stage=band.name, step=at * spe, epoch=at, terms=readings, learning_rate=0.1, pictures_per_second=900
                )
            )
        for share in (0, 0.5, 1):
            arrays = _picture_arrays(share, 0.0, 90.0, len(CLASSES), bool(band.taught_by))
            at = number * epochs + int(share * epochs)
            told.append(Snapshot(stage=band.name, step=at * spe, epoch=at, arrays=arrays))
        for event in sorted(told, key=lambda event: event.step):
            history.handle_event(event)
        history.handle_event(_measured(band.name, (), error, tested, band.end))
    if not done_all and len(taken) < len(plan):
        begun = plan[len(taken)]
        history.handle_event(StageStarted(stage=begun.name, step=begun.begin, title=begun.title, trains=("student",)))
    for members, error in (averages or {}).items() if done_all else ():
        history.handle_event(_measured(average_name(members), members, error, tested, history.steps))
    if done_all:
        history.handle_event(
            RunEnded(step=history.steps, epoch=history.epochs, state=state or "finished", reason=Text(""))
        )
    elif state is not None:
        history.handle_event(RunEnded(step=history.step, state=state, reason=Text("")))
    return history


def _measured(role: str, members: tuple[str, ...], error: float, tested: int, step: int) -> ModelMeasured:
    low, high = wilson(1 - error, tested)
    epoch = step // STEPS_PER_EPOCH
    return ModelMeasured(role=role, members=members, accuracy=1 - error, low=low, high=high, step=step, epoch=epoch)


def step_run(role: str, parent: str, *, epochs: int = 30, done: int = 18) -> RunHistory:
    """The training of one step of a chain while it runs."""
    history = pictures_run(role, run=f"{parent}-step", epochs=epochs, done=done, transfer=0, reached=0.785, readings=20)
    history.role, history.parent = role, parent
    return history


def chain_runs(seeds: int = 3) -> list[ShownRun]:
    """Chains of one experiment with averages, the last one in its fourth generation."""
    pair = ("generation 1", "generation 2")
    averages = {pair: 0.198, (*pair, "generation 3"): 0.193, ("teacher", *pair, "generation 3"): 0.19}
    shown = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        errors = tuple(np.array([0.223, 0.216, 0.212, 0.211, 0.2105]) + rng.normal(0, 0.0012, 5))
        last = seed == seeds - 1
        run = f"made-up-chain-{seed}"
        history = chain_run(
            f"Born-again networks, seed {seed}", run=run, errors=errors, done=4 if last else None, seed=seed,
            averages={members: error + float(rng.normal(0, 0.001)) for members, error in averages.items()},
        )  # fmt: skip
        step = step_run("generation 4", run) if last else None
        shown.append(ShownRun(history, seed, current=last, group="made-up", method="ban", step=step))
    return shown


def picture_runs(readings: int = 600) -> list[ShownRun]:
    """What the window shows in a busy moment: one run in progress, two earlier ones, both references."""
    at = {
        "attention": (0.5, 0.028, 1000.0, False),
        "soft targets": (5.0, 0.5, 1.0, False),
        "labels": (2.4, 0.025, 0.1, False),
    }
    soft = {"soft targets": (5.5, 0.8, 1.0, False), "labels": (2.6, 0.05, 0.1, False)}
    return [
        ShownRun(pictures_run(done=74, readings=readings), 0, current=True, gap=Gap(0.4, 0.36, 0.44)),
        ShownRun(
            pictures_run("AT", run="at", transfer=0, reached=0.841, terms=at, readings=readings, agreement=57, seed=1), 1
        ),
        ShownRun(
            pictures_run("Soft targets", run="soft", transfer=0, reached=0.787, terms=soft, readings=readings, agreement=61, seed=2),
            2,
        ),
    ]  # fmt: skip


def point_runs() -> list[ShownRun]:
    """The runs of the plane."""
    return [ShownRun(points_run(), 0, current=True)]


def main() -> int:
    """Open one view with made-up values."""
    from PySide6.QtWidgets import QApplication

    from studio.gui import theme
    from studio.gui.views import views

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("view", choices=[view.key for view in views()])
    parser.add_argument("--theme", default="light", choices=["light", "dark"])
    parser.add_argument("--size", default="830x560")
    parser.add_argument("--points", action="store_true", help="points in the plane instead of pictures")
    parser.add_argument("--to", type=Path, help="write a picture instead of opening a window")
    wishes = parser.parse_args()
    app = QApplication(sys.argv[:1])
    theme.install(app, wishes.theme)
    view = next(view for view in views() if view.key == wishes.view)()
    view.setProperty("surface", "window")
    view.resize(*map(int, wishes.size.split("x")))
    runs = chain_runs() if wishes.view == "generations" else point_runs() if wishes.points else picture_runs()
    view.set_runs(runs)
    view.show()
    if wishes.to is None:
        return app.exec()
    for _ in range(20):
        view.refresh()
        app.processEvents()
    return 0 if view.grab().save(str(wishes.to)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
