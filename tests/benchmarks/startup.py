"""How long until the window stands, until it can be used, and until it is gone when it is closed?

Starts the command ``studio`` anew each time, with an empty workspace, and prints the medians, by the clock and of the
processor (all threads together: on a machine that does other things as well only that figure means something). Byte code
is kept between the starts, as an installed program has it. Where there is no display Qt draws off-screen: then the time a
display server takes to show the window is missing from the first figure.

    python -m tests.benchmarks.startup [--rounds 5]
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time

#: The command with a clock: the first paint of the window, and the moment everything can be used; then it is closed.
CHILD = """
import os, sys, time
began = float(os.environ["STUDIO_BEGAN"])
from studio.gui import app
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

def tell(what):
    print(what, time.time() - began, time.process_time(), flush=True)

class Timed(app.Window):
    painted = False
    def paintEvent(self, event):
        super().paintEvent(event)
        if not self.painted:
            Timed.painted = True
            QTimer.singleShot(0, lambda: tell("seen"))  # after everything in it was painted

class TimedOpening(app.Startup):
    def __init__(self, *arguments):
        super().__init__(*arguments)
        self.ready.connect(self.end)
    def end(self):
        tell("usable")
        QTimer.singleShot(2000, self.close)  # the views have come, and nothing is done any more
    def close(self):
        tell("closing")
        self._window.close()

app.Window, app.Startup = Timed, TimedOpening
from studio.cli import main
sys.exit(main([]))
"""


#: What the command tells.
STEPS = ("seen", "usable", "closing")


def start(byte_code: str) -> dict[str, tuple[float, float]]:
    """Seconds from the start of the process to "seen" and "usable", and from closing the window to its end ("closed").

    By the clock and of the processor.

    Args:
        byte_code: the folder where Python keeps what it has compiled.
    """
    with tempfile.TemporaryDirectory() as workspace:
        environment = {**os.environ, "STUDIO_WORKSPACE": workspace, "STUDIO_BEGAN": str(time.time())}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = byte_code
        if not any(environment.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(
            [sys.executable, "-c", CHILD], env=environment, capture_output=True, text=True, timeout=120, check=True
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        ended = time.time() - float(environment["STUDIO_BEGAN"])
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    told = (line.split() for line in done.stdout.splitlines())
    found = {words[0]: (float(words[1]), float(words[2])) for words in told if words[0] in STEPS}
    return {**found, "closed": (ended - found["closing"][0], spent - found["closing"][1])}


def main() -> None:
    """Run the rounds and print the medians."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as byte_code:
        start(byte_code)  # the first one reads everything from disk and compiles it
        found = [start(byte_code) for _ in range(rounds)]
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for what, goal in (("seen", 0.5), ("usable", 2.0), ("closed", 1.0)):
        times = sorted(one[what][0] for one in found)
        processor = statistics.median(one[what][1] for one in found)
        print(
            f"{what:7} {statistics.median(times):.2f} s  ({times[0]:.2f} to {times[-1]:.2f}, n {rounds}; goal {goal} s); "
            f"of the processor {processor:.2f} s"
        )


if __name__ == "__main__":
    main()
