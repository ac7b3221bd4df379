"""The camera, where Qt's module for it is installed: it is an extra, because it is as large as all the rest of Qt."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from PySide6.QtCore import QElapsedTimer, QObject, Signal

INSTALL = "pip install 'distillation-studio[camera]'"
#: Milliseconds between two pictures that are given.
EVERY = 250


class Camera(QObject):
    """The first camera there is. ``taken`` gives a picture four times a second; nothing is recorded.

    Signals:
        taken: a ``QImage``.
        failed: why there are none, in words.
    """

    taken = Signal(object)
    failed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session: Any = None
        self._camera: Any = None
        self._sink: Any = None
        self._since = QElapsedTimer()

    @property
    def is_on(self) -> bool:
        """Whether it looks."""
        return self._camera is not None

    def start(self) -> None:
        """Begin to look; ``failed`` says why where that cannot be."""
        if self.is_on:
            return
        try:
            media = import_module("PySide6.QtMultimedia")
        except ImportError:
            words = self.tr("The camera needs one more package of Qt. Install it with: {command}")
            self.failed.emit(words.format(command=INSTALL))
            return
        device = media.QMediaDevices.defaultVideoInput()
        if device.isNull():
            self.failed.emit(self.tr("There is no camera on this computer, or none that may be used."))
            return
        self._camera, self._sink, self._session = (
            media.QCamera(device),
            media.QVideoSink(),
            media.QMediaCaptureSession(),
        )
        self._session.setCamera(self._camera)
        self._session.setVideoSink(self._sink)
        self._sink.videoFrameChanged.connect(self._take)
        self._camera.errorOccurred.connect(self._fail)
        self._camera.start()

    def stop(self) -> None:
        """Look no longer."""
        if self._camera is not None:
            self._camera.stop()
        self._camera = self._sink = self._session = None
        self._since.invalidate()

    def _take(self, frame: Any) -> None:
        if self._since.isValid() and self._since.elapsed() < EVERY:
            return
        self._since.start()
        image = frame.toImage()
        if not image.isNull():
            self.taken.emit(image)

    def _fail(self, _error: object, words: str) -> None:
        self.stop()
        self.failed.emit(self.tr("The camera cannot be used: {reason}").format(reason=words))
