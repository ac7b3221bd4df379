"""What it costs to refuse files made to take long or to fill the memory: ``python -m tests.benchmarks.hostile_files``.

Every file is read in a process of its own. Prints seconds of the processor and what the memory grew by above the same process reading a
good file, and the sentence it is refused with. Ends with 1 where one takes over a second or 100 MB, or is not refused.
"""

from __future__ import annotations

import hashlib
import io
import json
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from studio import catalog
from studio.core import limits
from studio.core.arrays import read_arrays, write_arrays
from studio.core.errors import StudioError
from studio.experiment import load
from studio.networks.base import Input
from studio.networks.build import build_network
from studio.networks.files import load_network, save_network
from studio.training import checkpoint_file
from studio.training.checkpoint_content import DamagedCheckpoint
from studio.training.checkpoints import Checkpoints
from tests.training.made_checkpoints import payload

SECONDS, MEGABYTES = 1.0, 100.0
EXPERIMENT = b'dataset={key="digits"}\nteacher={key="cnn-8"}\nstudent={key="cnn-4"}\nmethod={key="kd"}\n'


# --- files --------------------------------------------------------------------------------------------------------------


def _checkpoint(make: Callable[[], bytes]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        data = make()
        (folder / "step-000000001.pt").write_bytes(data)
        (folder / "step-000000001.pt.sha256").write_text(hashlib.sha256(data).hexdigest())

    return write


def _checkpoint_with(outline: bytes) -> Callable[[Path], None]:
    return _checkpoint(lambda: _rebuilt(checkpoint_file.pack(payload(1)), outline))


def _rebuilt(data: bytes, outline: bytes | None, method: int = zipfile.ZIP_STORED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", method) as new:
        for name in old.namelist():
            new.writestr(name, outline if outline is not None and name.endswith("data.pkl") else old.read(name))
    return buffer.getvalue()


def _compressed() -> bytes:
    zeros = {**payload(1), "learnt": {"zeros": torch.zeros(250_000_000)}}
    return _rebuilt(checkpoint_file.pack(zeros), None, zipfile.ZIP_DEFLATED)


def _members(count: int, letters: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for i in range(count):
            archive.writestr(f"{i:0{letters}}", b"")
    return buffer.getvalue()


def _header(make: Callable[[], bytes]) -> Callable[[Path], None]:
    def write(folder: Path) -> None:
        header = make()
        _write(folder / "net.safetensors", struct.pack("<Q", len(header)) + header)

    return write


def _tensors(count: int) -> bytes:
    about = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
    return json.dumps({f"tensor{i}": about for i in range(count)}).encode()


def _experiment(more: bytes) -> Callable[[Path], None]:
    return lambda folder: _write(folder / "experiment.toml", EXPERIMENT + more)


def _write(file: Path, data: bytes) -> None:
    file.write_bytes(data)


def _zeros(folder: Path) -> None:
    np.savez_compressed(folder / "arrays.npz", zeros=np.zeros(150_000_000))


def _boastful(folder: Path) -> None:
    member = io.BytesIO()
    np.lib.format.write_array_header_1_0(member, {"descr": "<f8", "fortran_order": False, "shape": (10**10,)})
    with zipfile.ZipFile(folder / "arrays.npz", "w") as archive:
        archive.writestr("a.npy", member.getvalue())


def _whole(folder: Path) -> None:
    """A good file of every kind."""
    _checkpoint(lambda: checkpoint_file.pack(payload(1)))(folder)
    save_network(
        build_network("cnn-4", Input((3, 8, 8), (0.0,) * 3, (1.0,) * 3), ("a", "b"), 0), folder / "net.safetensors"
    )
    write_arrays(folder / "arrays.npz", {"a": np.zeros(3)})
    _experiment(b"")(folder)


_BAG = b"\x80\x02cbuiltins\nbytearray\nJ\x00\x94\x35\x77\x85R."  # bytearray(2_000_000_000), as a pickle
_UNKNOWN = b"".join(b"k%d = 1\n" % i for i in range(9_000))

#: What reads it, and what makes it, by name.
CASES: dict[str, tuple[str, Callable[[Path], None]]] = {
    "checkpoint, 1 GB of zeros": ("checkpoint", _checkpoint(_compressed)),
    "checkpoint, bytes from nothing": ("checkpoint", _checkpoint_with(_BAG)),
    "checkpoint, 7 million lists": ("checkpoint", _checkpoint_with(b"\x80\x02" + b"]" * 7_000_000 + b".")),
    "checkpoint, 240,000 lists": ("checkpoint", _checkpoint_with(b"\x80\x02" + b"]" * 240_000 + b".")),
    "checkpoint, 60,000 members": ("checkpoint", _checkpoint(lambda: _members(60_000, 5))),
    "checkpoint, long names": ("checkpoint", _checkpoint(lambda: _members(1_000, 60_000))),
    "network, header of 60 MB": ("network", _header(lambda: _tensors(800_000))),
    "network, header of 2 MB": ("network", _header(lambda: _tensors(28_000))),
    "network, header of lists": ("network", _header(lambda: b'{"a":[' + b"[]," * 650_000 + b"[]]}")),
    "network, deep header": ("network", _header(lambda: b'{"a":' * 600_000)),
    "network, header said to be 2^60": ("network", lambda f: _write(f / "net.safetensors", struct.pack("<Q", 2**60))),
    "arrays, 1.2 GB of zeros": ("arrays", _zeros),
    "arrays, said to be 80 GB": ("arrays", _boastful),
    "arrays, 60,000 members": ("arrays", lambda folder: _write(folder / "arrays.npz", _members(60_000, 5))),
    "experiment, key of 20,000 parts": ("experiment", _experiment(b".".join([b"a"] * 20_000) + b" = 1\n")),
    "experiment, 60,000 unknown keys": ("experiment", _experiment(_UNKNOWN * 7)),
    "experiment, 9,000 unknown keys": ("experiment", _experiment(_UNKNOWN)),
    "experiment, 1,900 unknown keys": ("experiment", _experiment(b"\n".join(_UNKNOWN.split(b"\n")[:1900]) + b"\n")),
    "experiment, tables": ("experiment", _experiment(b"".join(b"[t%d]\n" % i for i in range(11_000)))),
    "experiment, tables in a list": ("experiment", _experiment(b"x = [" + b"{a=1}," * 15_000 + b"]\n")),
    "experiment, long number": ("experiment", _experiment(b"x = " + b"9" * 90_000 + b"\n")),
    "experiment, long path": ("experiment", _experiment(b'name = "' + b"x/" * 45_000 + b'"\n')),
}


# --- measuring ----------------------------------------------------------------------------------------------------------


def _read(kind: str, folder: Path) -> str:
    """Read the file of a kind; what it is refused with, empty where it is not."""
    try:
        if kind == "checkpoint":
            Checkpoints(folder).read(folder / "step-000000001.pt")
        elif kind == "network":
            load_network(folder / "net.safetensors")
        elif kind == "experiment":
            load(folder / "experiment.toml")
        elif read_arrays(folder / "arrays.npz") == {}:
            return "(given up)"
    except (StudioError, DamagedCheckpoint) as refusal:
        return str(refusal)
    return ""


def _measure(kind: str, folder: Path) -> None:
    """In a process of its own: what reading costs, when everything it needs is there."""
    catalog.load()
    with tempfile.TemporaryDirectory() as name:
        _whole(Path(name))
        for each in ("checkpoint", "network", "arrays", "experiment"):
            assert not _read(each, Path(name))
    before, began = _memory(), time.process_time()
    said = _read(kind, folder)
    print(json.dumps([time.process_time() - began, _memory() - before, said]))


def _memory() -> float:
    """The most this process has used so far, in megabytes, as Linux tells (what rusage says begins at the parent's)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1000


def main() -> int:
    """Make and read every file; returns the exit code."""
    bad = 0
    for name, (kind, make) in CASES.items():
        with tempfile.TemporaryDirectory() as folder:
            make(Path(folder))
            size = sum(file.stat().st_size for file in Path(folder).iterdir())
            command = [sys.executable, "-m", "tests.benchmarks.hostile_files", kind, folder]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{name}: died\n{done.stderr[-500:]}")
            bad += 1
            continue
        seconds, megabytes, said = json.loads(done.stdout)
        fault = seconds > SECONDS or megabytes > MEGABYTES or not said or len(said) > 5000
        bad += fault
        print(
            f"{'! ' if fault else '  '}{name} ({size / 1e6:.1f} MB): {seconds:.2f} s, +{megabytes:.0f} MB: {said[:140]}"
        )
    print(f"limits: {SECONDS} s, {MEGABYTES} MB; outline {limits.CHECKPOINT_OUTLINE}, header {limits.NETWORK_HEADER}")
    return 1 if bad else 0


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _measure(sys.argv[1], Path(sys.argv[2]))
    else:
        sys.exit(main())
