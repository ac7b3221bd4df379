"""Attention maps as pictures: enlarged smoothly, on fixed scales of colour."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from studio.gui.views.charts.colormaps import places

#: Where the colours of a difference end, in units of a map's root mean square: looking there half as much again as on
#: average, where the other network does not look at all.
DIFFERENCE_SCALE = 1.5
#: Pictures with fewer rows are shown as the squares they are; larger ones are smoothed.
SMOOTH_FROM = 16


def enlarged(maps: np.ndarray, size: int) -> np.ndarray:
    """Resample maps to a square, cubically (Keys 1981, a = -1/2); where they shrink, by area.

    Args:
        maps: (..., h, w).
        size: pixels of a side of the result.

    Returns:
        (..., size, size) float32.
    """
    h, w = maps.shape[-2:]
    return np.asarray(_weights(h, size) @ maps.astype(np.float32) @ _weights(w, size).T)


@lru_cache(maxsize=32)
def _weights(n: int, size: int) -> np.ndarray:
    """(size, n): what each of n samples gives to each of ``size``; rows sum to 1."""
    if size < n:
        edges = np.arange(size + 1) * n / size
        low, high = edges[:-1, None], edges[1:, None]
        samples = np.arange(n)
        shares = np.clip(np.minimum(high, samples + 1) - np.maximum(low, samples), 0, None)
        return np.asarray(shares / shares.sum(1, keepdims=True), np.float32)
    position = (np.arange(size) + 0.5) * n / size - 0.5
    weights = np.zeros((size, n), np.float32)
    for offset in (-1, 0, 1, 2):
        sample = np.floor(position).astype(int) + offset
        distance = np.abs(position - sample)
        near = 1.5 * distance**3 - 2.5 * distance**2 + 1
        far = -0.5 * distance**3 + 2.5 * distance**2 - 4 * distance + 2
        share = np.where(distance <= 1, near, np.where(distance < 2, far, 0))
        np.add.at(weights, (np.arange(size), np.clip(sample, 0, n - 1)), share.astype(np.float32))
    return weights


def pictures(inputs: np.ndarray, size: int) -> np.ndarray:
    """Pictures as they were fed, enlarged.

    Args:
        inputs: (P, C, H, W) uint8, C 1 or 3.
        size: pixels of a side of the result.

    Returns:
        (P, size, size, 3) uint8.
    """
    if inputs.shape[2] < SMOOTH_FROM:
        rows = np.arange(size) * inputs.shape[2] // size
        columns = np.arange(size) * inputs.shape[3] // size
        large = inputs[:, :, rows[:, None], columns]
    else:
        large = np.clip(enlarged(inputs, size), 0, 255).astype(np.uint8)
    large = large.transpose(0, 2, 3, 1)
    return np.ascontiguousarray(
        np.broadcast_to(large[..., :1], (*large.shape[:3], 3)) if large.shape[3] < 3 else large[..., :3]
    )


def brightness(maps: np.ndarray, scale: np.ndarray, size: int) -> np.ndarray:
    """Maps as places in a colour table.

    Args:
        maps: (P, h, w), unit length.
        scale: (P, h', w'), the maps whose smallest and largest values are the ends of the table: the teacher's, so that both
            networks share a scale and it does not move while the student learns.
        size: pixels of a side of the result.

    Returns:
        (P, size, size) uint8.
    """
    known = _in_units(scale)
    low, high = known.min((1, 2), keepdims=True), known.max((1, 2), keepdims=True)
    return places((enlarged(_in_units(maps), size) - low) / np.maximum(high - low, 1e-6))


def differences(teacher: np.ndarray, student: np.ndarray, size: int) -> np.ndarray:
    """Where the teacher looks more (above the middle) and where the student does, on a scale that never moves.

    Args:
        teacher, student: (P, h, w) each of its own size, unit length.
        size: pixels of a side of the result.

    Returns:
        (P, size, size) uint8, places in a colour table whose middle is no difference.
    """
    apart = enlarged(_in_units(teacher), size) - enlarged(_in_units(student), size)
    return places(0.5 + apart / (2 * DIFFERENCE_SCALE))


def _in_units(maps: np.ndarray) -> np.ndarray:
    """Maps of length 1 in units of their root mean square, which makes sizes comparable: (P, h, w) float32."""
    return maps.astype(np.float32) * np.float32(np.sqrt(maps.shape[-2] * maps.shape[-1]))
