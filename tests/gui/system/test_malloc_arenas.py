"""The window keeps to two heaps, however many threads work for it."""

from __future__ import annotations

import ctypes
import subprocess
import sys

import pytest

from studio.gui.system.malloc_arenas import ARENAS, limit_arenas

#: Has threads ask for memory at the same time, and prints how many heaps the C library has made for them.
COUNT = """
import ctypes, sys, tempfile, threading
from studio.gui.system.malloc_arenas import limit_arenas

libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
if "limited" in sys.argv:
    limit_arenas()
gate = threading.Barrier(6)

def ask():
    libc.malloc(5000)
    gate.wait()

threads = [threading.Thread(target=ask) for _ in range(6)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
with tempfile.NamedTemporaryFile() as told:
    file = ctypes.c_void_p(libc.fopen(told.name.encode(), b"w"))
    libc.malloc_info(0, file)
    libc.fclose(file)
    print(open(told.name).read().count("<heap nr="))
"""


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_info"), reason="only glibc has such heaps"
)
def test_threads_share_what_heaps_there_are() -> None:
    heaps = [
        int(subprocess.run([sys.executable, "-c", COUNT, *wish], capture_output=True, check=True, text=True).stdout)
        for wish in ([], ["limited"])
    ]
    assert heaps[0] > ARENAS >= heaps[1]


def test_another_allocator_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []

    def library(name: object) -> object:
        asked.append(name)
        return object()

    monkeypatch.setattr(ctypes, "CDLL", library)
    limit_arenas()
    assert asked == ([None] if sys.platform == "linux" else [])
