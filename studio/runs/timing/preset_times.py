"""How long ready experiments will take on this computer, by the same forecast as every other experiment."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from studio.core.errors import StudioError
from studio.runs.presets.preset_sets import load_all
from studio.runs.presets.presets import Preset
from studio.runs.run_info import RunInfo
from studio.runs.timing.estimate import forecast


def preset_seconds(presets: Sequence[Preset], runs: Sequence[RunInfo], cache: Path) -> dict[str, float]:
    """Seconds by key, all variants of one together; without those of which nothing can be said yet.

    Args:
        presets: ready experiments.
        runs: those of the workspace, the newest first.
        cache: where decoded data are.
    """
    made = {}
    for preset in presets:
        try:
            planned = forecast(load_all(preset.path, preset.overrides), runs, cache)
        except StudioError:
            continue
        if planned and all(planned):
            made[preset.key] = sum(part.seconds for parts in planned for part in parts)
    return made
