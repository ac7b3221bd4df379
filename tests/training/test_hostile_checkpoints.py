"""A checkpoint that somebody else made, its sum right: nothing executes, and nothing large unpacks, before it is refused.

What is measured are sizes: that no file is unpacked at all which claims too much.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from studio.core import limits
from studio.training import checkpoint_file
from studio.training.checkpoint_content import DamagedCheckpoint
from studio.training.checkpoints import Checkpoints
from tests.training.made_checkpoints import payload


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (os.mkdir, (str(self.place),))


class Large:
    """Becomes a thousand million bytes when it is unpickled; torch allows that much."""

    def __reduce__(self) -> tuple[object, tuple[int]]:
        return (bytearray, (10**9,))


def rebuilt(data: bytes, change: Callable[[str, bytes], bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    """The same archive with other members."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return buffer.getvalue()


def with_outline(outline: bytes) -> bytes:
    return rebuilt(checkpoint_file.pack(payload(1)), lambda name, old: outline if name.endswith("data.pkl") else old)


def compressed() -> bytes:
    large = {**payload(1), "learnt": {"zeros": torch.zeros(25_000_000)}}
    return rebuilt(checkpoint_file.pack(large), lambda _name, old: old, zipfile.ZIP_DEFLATED)


def many_members() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for i in range(limits.ARCHIVE_MEMBERS + 1):
            archive.writestr(f"a/{i}", b"")
    return buffer.getvalue()


def long_directory() -> bytes:
    """Few members, but each with a name of 60,000 letters."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for i in range(limits.ARCHIVE_DIRECTORY // 60_000 + 1):
            archive.writestr(f"{i:060000}", b"")
    return buffer.getvalue()


def boastful() -> bytes:
    """Its directory says of the first member that it has a thousand million bytes."""
    data = bytearray(rebuilt(checkpoint_file.pack(payload(1)), lambda _name, old: old))
    record = data.index(b"PK\1\2")
    data[record + 20 : record + 28] = struct.pack("<2L", 10**9, 10**9)
    return bytes(data)


CASES: dict[str, tuple[Callable[[], bytes], str]] = {
    "compressed": (compressed, "It is compressed, and ours are not"),
    "many members": (many_members, "more than 50,000 members"),
    "long directory": (long_directory, "Its directory has more than 8.0"),
    "boastful": (boastful, "claims to hold more than it has"),
    "no archive": (lambda: b"rubbish" * 100, "It is no archive"),
    "a comment at its end": (lambda: checkpoint_file.pack(payload(1)) + b"PK", "It is no archive"),
    "a gap before its directory": (lambda: b"#!" + checkpoint_file.pack(payload(1)), "It is no complete archive"),
    "something else": (lambda: checkpoint_file.pack({"x": 1}), "is not what a checkpoint has there"),
    "many instructions": (
        lambda: with_outline(b"\x80\x02" + b"]" * (limits.CHECKPOINT_INSTRUCTIONS + 10) + b"."),
        "It holds something else than numbers, or too much of it",
    ),
    "long outline": (
        lambda: with_outline(b"\x80\x02" + b"N0" * (limits.CHECKPOINT_OUTLINE // 2) + b"N."),
        "It cannot be unpacked",
    ),
    "rubbish in it": (lambda: with_outline(b"\xff\xff\xff"), "It cannot be unpacked"),
    "only a beginning": (lambda: with_outline(b"\x80\x02]"), "It cannot be unpacked"),
    "a list": (lambda: with_outline(b"\x80\x02]."), "It is not complete"),
    "an old pickle": (lambda: pickle.dumps(payload(1)["origin"]), "It is no archive"),
}


def stored(folder: Path, data: bytes) -> Checkpoints:
    """A checkpoint of step 1 that holds ``data``, with the right sum."""
    file = folder / "step-000000001.pt"
    file.write_bytes(data)
    checkpoint_file.sum_file(file).write_text(hashlib.sha256(data).hexdigest())
    return Checkpoints(folder)


@pytest.fixture
def never_unpacked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was given to be unpacked, for cases in which nothing may be."""
    unpacked: list[str] = []
    load = torch.load

    def watched(*args: object, **options: object) -> object:
        unpacked.append("torch.load")
        return load(*args, **options)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr(torch, "load", watched)
    return unpacked


@pytest.mark.parametrize("case", [case for case in CASES if case not in {"something else", "a list"}])
def test_it_is_refused_before_it_is_unpacked(tmp_path: Path, case: str, never_unpacked: list[str]) -> None:
    make, why = CASES[case]
    checkpoints = stored(tmp_path, make())
    with pytest.raises(DamagedCheckpoint, match=why):
        checkpoints.read(checkpoints.newest_first()[0])
    assert never_unpacked == []


@pytest.mark.parametrize("content", [Trap(Path("sprung")), Large()], ids=["runs code", "takes memory"])
def test_what_it_may_call_is_a_short_list(
    tmp_path: Path, content: object, never_unpacked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    checkpoints = stored(tmp_path, checkpoint_file.pack({**payload(1), "more": content}))
    with pytest.raises(DamagedCheckpoint, match="something else than numbers"):
        checkpoints.read(checkpoints.newest_first()[0])
    assert never_unpacked == []
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("case", ["something else", "a list"])
def test_what_it_holds_is_checked_as_well(tmp_path: Path, case: str) -> None:
    make, why = CASES[case]
    checkpoints = stored(tmp_path, make())
    with pytest.raises(DamagedCheckpoint, match=why):
        checkpoints.read(checkpoints.newest_first()[0])


def test_a_large_file_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoints = stored(tmp_path, checkpoint_file.pack(payload(1)))
    monkeypatch.setattr(limits, "CHECKPOINT_BYTES", 100)
    with pytest.raises(DamagedCheckpoint, match="larger than any checkpoint"):
        checkpoints.read(checkpoints.newest_first()[0])
