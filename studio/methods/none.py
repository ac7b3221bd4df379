"""The student alone: labels and nothing else, the reference of every comparison."""

from __future__ import annotations

from studio import catalog
from studio.methods.base import Aspects, Build, Method, MethodSettings, Needs, Source


class StudentAlone(Method[MethodSettings]):
    """Trains with the labels only; no teacher runs."""

    key = "none"
    title = "None, student alone"
    words = "The reference every method is measured against."
    also_called = "baseline, plain training, labels only"
    source = Source("-", "-", "Training with labels")
    compares = "nothing"
    aspects = Aspects(teacher="none", student="none", distance="none", position="none", missing="the teacher")
    needs = Needs(teacher=False)
    Settings = MethodSettings

    def joint(self, settings: MethodSettings) -> Build | None:
        del settings
        return None


catalog.register("method", StudentAlone())
