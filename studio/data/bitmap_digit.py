"""A drawn digit brought to the form of the digits that come with scikit-learn: upright, of one size, counted in blocks.

Source: M. D. Garris et al., "NIST form-based handprint recognition system", NISTIR 5469, 1994, whose programs prepared
them: strokes brought to one width, scaled to fill the height, sheared until the left ends of top and bottom stand above
each other. E. Alpaydin and C. Kaynak then counted the dark ones in each 4 x 4 block of 32 x 32 pixels.
"""

from __future__ import annotations

import numpy as np

from studio.data.own_picture import cut_out, middle_of, placed, scaled

#: Pixels along a side of the bitmap, and of a block.
SIDE, BLOCK = 32, 4
#: How wide a digit is, as the digits of the data set are on average, unless it is as slim as a 1.
WIDTH, SLIM = 22, 0.35
#: The share of dark pixels; among the digits of the data set it hardly varies.
DARK = 0.305
#: The part of the height that counts as its top, and as its bottom.
END = 0.1


def block_counts(ink: np.ndarray) -> np.ndarray:
    """A drawing as the share of dark pixels in each block.

    Args:
        ink: float32 (H, W) from 0 to 1, as :func:`studio.data.own_picture.ink_of` gives it.

    Returns:
        float32 (8, 8) in steps of 1/16.
    """
    upright = cut_out(_sheared(cut_out(ink)))
    height, width = upright.shape
    wide = WIDTH if width > SLIM * height else max(BLOCK, round(SIDE * width / height))
    drawn = scaled(upright, SIDE, wide)
    square = _smoothed(placed(drawn, SIDE, middle_of(drawn)))
    dark = square > max(float(np.quantile(square, 1 - DARK)), 0.02)
    blocks = SIDE // BLOCK
    counts: np.ndarray = dark.reshape(blocks, BLOCK, blocks, BLOCK).mean((1, 3), dtype=np.float32)
    return counts


def _sheared(ink: np.ndarray) -> np.ndarray:
    """Leant over until the left ends of its top and its bottom stand above each other."""
    from PIL import Image

    height = len(ink)
    end = max(1, round(END * height))
    lean = (_left(ink, slice(height - end, None)) - _left(ink, slice(0, end))) / height
    border = int(abs(lean) * height) + 2
    image = Image.fromarray(np.pad(ink, ((0, 0), (border, border))).astype(np.float32), "F")
    # the place (x, y) takes what was at (x + lean * (y - middle), y)
    moved = (1.0, lean, -lean * (height - 1) / 2, 0.0, 1.0, 0.0)
    return np.asarray(image.transform(image.size, Image.Transform.AFFINE, moved, Image.Resampling.BILINEAR))


def _left(ink: np.ndarray, rows: slice) -> int:
    """The first column with ink in these rows; of the whole where they have none."""
    columns = np.flatnonzero((ink[rows] > 0.5).any(0))
    if not len(columns):
        columns = np.flatnonzero((ink > 0.5).any(0))
    return int(columns[0])


def _smoothed(square: np.ndarray) -> np.ndarray:
    """Each value with its neighbours, weighted 1 : 2 : 1 along both axes, twice."""
    for _ in range(2):
        for axis in (0, 1):
            beside = np.roll(square, 1, axis) + np.roll(square, -1, axis)
            square = (beside + 2 * square) / 4
    return square
