"""Varies training pictures, each with its own crop and flip, in batches where the pictures are.

On a processor the crop is a copy of windows, which numpy does with one memcpy a row (about a tenth of the time of
indexing pixels); on an accelerator it is one gather of pixels, without a synchronisation. Both give the same pictures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.lib.stride_tricks import sliding_window_view
from torch import Tensor

if TYPE_CHECKING:
    from studio.data.base import Augmentation


def augment(pictures: Tensor, augmentation: Augmentation, generator: torch.Generator) -> Tensor:
    """Pad, crop back at a place of its own and flip with probability 1/2, picture by picture.

    Args:
        pictures: uint8 (B, C, H, W), any memory layout, on any device.
        augmentation: border, what it shows, and whether to flip.
        generator: decides places and flips; on the processor or on the pictures' device.

    Returns:
        uint8 (B, C, H, W), channels last in memory. A mirrored border wider than the picture mirrors again.
    """
    pad, flip = augmentation.pad, augmentation.flip
    if pad == 0 and not flip:
        return pictures
    crop = _crop_on_processor if pictures.device.type == "cpu" else crop_by_gather
    return crop(pictures, draw(len(pictures), pad, flip, generator), pad, zeros=augmentation.padding == "zeros")


def draw(count: int, pad: int, flip: bool, generator: torch.Generator) -> Tensor:
    """(3, count) int64: the upper left corner of each crop, down and across, and whether it is flipped (0 or 1)."""
    places, sides = 2 * pad + 1, 2 if flip else 1
    code = torch.randint(places * places * sides, (count,), generator=generator, device=generator.device)
    down = torch.div(code, places * sides, rounding_mode="floor")
    across = torch.div(code, sides, rounding_mode="floor") % places
    return torch.stack([down, across, code % sides])


def _crop_on_processor(pictures: Tensor, drawn: Tensor, pad: int, *, zeros: bool) -> Tensor:
    count, channels, height, width = pictures.shape
    top, left, flipped = drawn.numpy()
    rows = pictures.permute(0, 2, 3, 1).contiguous().numpy()  # (B, H, W, C)
    pixels = rows.view(f"V{channels}")[..., 0]  # (B, H, W), all channels of a pixel in one element
    if pad:
        bordered = _bordered(pixels, pad, zeros=zeros)
        pixels = sliding_window_view(bordered, (height, width), axis=(1, 2))[np.arange(count), top, left]
    else:
        pixels = pixels.copy()
    varied = pixels.view(np.uint8).reshape(count, height, width, channels)
    chosen = np.flatnonzero(flipped)
    if chosen.size:
        # torch mirrors channels-last bytes with vector instructions, numpy pixel by pixel
        mirrored = torch.from_numpy(varied[chosen]).permute(0, 3, 1, 2).flip(3)
        varied[chosen] = mirrored.permute(0, 2, 3, 1).numpy()
    return torch.from_numpy(varied).permute(0, 3, 1, 2)


def _bordered(pixels: np.ndarray, pad: int, *, zeros: bool) -> np.ndarray:
    """Pixels (B, H, W) with a border of ``pad`` on all sides, (B, H + 2 pad, W + 2 pad)."""
    count, height, width = pixels.shape
    if not zeros and pad >= min(height, width):
        return np.pad(pixels, ((0, 0), (pad, pad), (pad, pad)), mode="reflect")
    make = np.zeros if zeros else np.empty
    bordered = make((count, height + 2 * pad, width + 2 * pad), pixels.dtype)
    bordered[:, pad:-pad, pad:-pad] = pixels
    if not zeros:
        for i in range(pad):  # whole columns: numpy copies those fastest
            bordered[:, pad:-pad, pad - 1 - i] = pixels[:, :, i + 1]
            bordered[:, pad:-pad, pad + width + i] = pixels[:, :, width - 2 - i]
        bordered[:, :pad] = bordered[:, 2 * pad : pad : -1]
        bordered[:, -pad:] = bordered[:, -pad - 2 : -2 * pad - 2 : -1]
    return bordered


def crop_by_gather(pictures: Tensor, drawn: Tensor, pad: int, *, zeros: bool) -> Tensor:
    """The same on any device, by one gather of pixels; ``drawn`` as :func:`draw` gives it."""
    count, _, height, width = pictures.shape
    top, left, flipped = drawn.to(pictures.device, non_blocking=True)
    across = torch.arange(width, device=pictures.device)
    across = torch.where(flipped[:, None].bool(), width - 1 - across, across)
    y = torch.arange(height, device=pictures.device) + (top - pad)[:, None]  # (B, H), outside [0, H) in the border
    x = across + (left - pad)[:, None]  # (B, W)
    inside_y, inside_x = (y >= 0) & (y < height), (x >= 0) & (x < width)
    picture = torch.arange(count, device=pictures.device)[:, None, None]
    rows = pictures.permute(0, 2, 3, 1)
    varied = rows[picture, _mirrored(y, height)[:, :, None], _mirrored(x, width)[:, None, :]]  # (B, H, W, C)
    if zeros:
        varied = varied * (inside_y[:, :, None] & inside_x[:, None, :])[..., None]
    return varied.permute(0, 3, 1, 2)


def _mirrored(place: Tensor, size: int) -> Tensor:
    """Places outside [0, size) mirrored back inside at the first and last, again and again where need be."""
    if size == 1:
        return torch.zeros_like(place)
    place = place.abs() % (2 * size - 2)
    return torch.minimum(place, 2 * size - 2 - place)
