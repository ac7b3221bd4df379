"""Keeps the words about what computes up to date, in the bar on top."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from studio.gui.shell.top_bar import TopBar
from studio.gui.system.background_jobs import BackgroundJobs
from studio.gui.text.say import counted
from studio.runs.timing.machine import Machine, gpu_memory, machine, processor_memory

#: Between two readings of memory.
MEMORY_MS = 3_000


class DeviceStatus(QObject):
    """Asks in the background: what there is once, what is used of its memory again and again."""

    def __init__(self, bar: TopBar, background: BackgroundJobs, parent: QObject) -> None:
        super().__init__(parent)
        self._bar, self._background = bar, background
        self._machine: Machine | None = None
        self._words = ""
        self._timer = QTimer(self)
        self._timer.setInterval(MEMORY_MS)
        self._timer.timeout.connect(self._refresh_memory)

    def start(self) -> None:
        """Find out what there is."""
        self._background.submit(machine, self._show_machine)

    def _show_machine(self, found: Machine) -> None:
        self._machine = found
        if found.device == "cpu":
            words = counted(found.cores, self.tr("CPU, 1 thread"), self.tr("CPU, {n} threads"))
            self._words = words
            self._bar.set_device(words, self.tr("{name}. No GPU was found.").format(name=found.name))
        else:
            self._bar.set_device(self.tr("GPU"), found.name)
        if found.device in ("cpu", "cuda"):
            self._timer.start()
            self._refresh_memory()

    def _refresh_memory(self) -> None:
        if self._background.busy or self._machine is None:
            return
        if self._machine.device == "cuda":
            self._background.submit(gpu_memory, self._show_gpu_memory)
        else:
            self._background.submit(processor_memory, self._show_memory)

    def _show_gpu_memory(self, memory: tuple[float, float] | None) -> None:
        if memory is not None and self._machine is not None:
            used, total = memory
            words = self.tr("GPU {used:.1f} of {total:.1f} GB").format(used=used, total=total)
            self._bar.set_device(words, self._machine.name)

    def _show_memory(self, memory: tuple[float, float]) -> None:
        if self._machine is None:
            return
        used, free = memory
        tip = self.tr("{name}. No GPU was found. The studio uses {used:.1f} GB of memory, {free:.1f} GB are free.")
        self._bar.set_device(self._words, tip.format(name=self._machine.name, used=used, free=free))
