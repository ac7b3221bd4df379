"""Run folders as a bad disk, another program or a stranger may leave them: each way to break one, by its name."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

#: The files of a run that a list looks into.
LOOKED_AT = ("experiment.toml", "environment.json", "labels.json", "summary.json", "events.jsonl", "lock")

Breaker = Callable[[Path], None]


def _replaced(name: str, content: bytes) -> Breaker:
    def change(folder: Path) -> None:
        (folder / name).write_bytes(content)

    return change


def _summary(**changes: object) -> Breaker:
    def change(folder: Path) -> None:
        file = folder / "summary.json"
        file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | changes), encoding="utf-8")

    return change


def _pipe(name: str) -> Breaker:
    def change(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)

    return change


def _device(name: str) -> Breaker:
    def change(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to("/dev/zero")

    return change


def _folder(name: str) -> Breaker:
    def change(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).mkdir()

    return change


def _huge(name: str) -> Breaker:
    """A file of 1 GB that takes no room."""

    def change(folder: Path) -> None:
        with (folder / name).open("ab") as file:
            file.truncate(1_000_000_000)

    return change


def _line(event: bytes) -> Breaker:
    """A last line in the events, of a run whose summary is lost."""

    def change(folder: Path) -> None:
        (folder / "summary.json").unlink()
        with (folder / "events.jsonl").open("ab") as file:
            file.write(event + b"\n")

    return change


def _not_enterable(folder: Path) -> None:
    folder.chmod(0)


def _not_utf8(folder: Path) -> None:
    folder.rename(folder.with_name(folder.name + os.fsdecode(b"-caf\xe9")))


def _circle(folder: Path) -> None:
    (folder / "experiment.toml").unlink()
    (folder / "experiment.toml").symlink_to("experiment.toml")


_SENTENCE = {"text": "{a:{b}}", "values": {"a": 1, "b": 999_999_999}}
_DEEP = b"[" * 100_000 + b"]" * 100_000

#: Those after which a run can no longer be used, and what is said of it.
UNUSABLE: dict[str, tuple[Breaker, str]] = {
    "not_enterable": (_not_enterable, "Permission denied"),
    "not_utf8": (_not_utf8, "not UTF-8"),
    "missing": (lambda folder: (folder / "experiment.toml").unlink(), "is missing"),
    "long_integer": (_replaced("experiment.toml", b"seed = 1" + b"0" * 5000), "not valid TOML"),
    "long_key": (_replaced("experiment.toml", b"a." * 1500 + b"b = 1"), "nested too deeply"),
    "deep_list": (_replaced("experiment.toml", b"a = " + _DEEP), "nested too deeply"),
    "no_text": (_replaced("experiment.toml", b'name = "caf\xe9"'), "not saved as UTF-8"),
    "pipe": (_pipe("experiment.toml"), "not a regular file"),
    "device": (_device("experiment.toml"), "not a regular file"),
    "folder": (_folder("experiment.toml"), "not a regular file"),
    "huge": (_huge("experiment.toml"), "too large"),
    "circle": (_circle, "cannot be read"),
}
#: Those that cost no more than what stood in the file.
DAMAGED: dict[str, Breaker] = {
    **{f"pipe_{name}": _pipe(name) for name in LOOKED_AT[1:]},
    **{f"device_{name}": _device(name) for name in LOOKED_AT[1:]},
    **{f"folder_{name}": _folder(name) for name in LOOKED_AT[1:]},
    **{f"huge_{name}": _huge(name) for name in LOOKED_AT[1:]},
    **{f"deep_{name}": _replaced(name, _DEEP) for name in LOOKED_AT[1:5]},
    "nested_template": _summary(words={"sentence": _SENTENCE, "reason": _SENTENCE, "gap": _SENTENCE}),
    "long_template": _summary(
        words={"sentence": {"text": "{a}" * 5000, "values": {"a": {"text": "{b}" * 5000, "values": {"b": "c" * 99}}}}}
    ),
    "strange_values": _summary(words={"sentence": {"text": "{a}", "values": [1]}, "reason": 5, "gap": {"text": None}}),
    "long_titles": _summary(titles=dict.fromkeys(("method", "dataset", "student", "teacher"), "x" * 500_000)),
    "no_numbers": _summary(accuracy={"student": {"value": float("nan"), "n": 5}}, seconds=float("inf")),
    "large_numbers": _summary(seconds=1e308, parameters={"student": 10**400}, steps=10**30),
    "long_name": _replaced("experiment.toml", b'name = "' + b"x" * 500_000 + b'"\nseed = 1' + b"0" * 4000),
    "no_time": _replaced("environment.json", b'{"created": "0001-01-01T00:00:00+14:00"}'),
    "local_time": _replaced("environment.json", b'{"created": "2026-01-01T00:00:00"}'),
    "infinite_line": _line(b'{"seq": Infinity, "time": 0, "kind": "phase", "words": "x"}'),
    "strange_line": _line(b'{"seq": 1, "time": 0, "kind": "phase", "words": {"text": "{a}", "values": [1]}}'),
    "endless_plan": _line(
        b'{"seq": 1, "time": 0, "kind": "terms", "step": 1' + b"0" * 400 + b', "terms": {}, "learning_rate": 0.1}'
    ),
}
