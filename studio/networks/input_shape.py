"""The shape of what a family can read: refuses inputs of the wrong kind or size with a sentence a person can act on."""

from __future__ import annotations

from studio.core.errors import StudioError


def picture_shape(shape: tuple[int, ...], title: str, smallest: int) -> tuple[int, int, int]:
    """``shape`` as (C, H, W).

    Args:
        shape: of one input, without the batch.
        title: the network's written name, for the refusal.
        smallest: least height and width in pixels.

    Raises:
        StudioError: the input is a point, or the picture is smaller than ``smallest``.
    """
    if len(shape) != 3:
        raise StudioError(
            "{network} cannot read these data.",
            "It looks at pictures, and these are points or rows of {numbers} numbers.",
            "Choose a multi-layer perceptron, such as mlp-20-20.",
            place="network",
            network=title,
            numbers=shape[0],
        )
    channels, height, width = shape
    if min(height, width) < smallest:
        raise StudioError(
            "{network} cannot read these data.",
            "It needs pictures of at least {smallest} × {smallest} pixels; these have {height} × {width}.",
            "Choose a multi-layer perceptron, such as mlp-20-20, or larger pictures.",
            place="network",
            network=title,
            smallest=smallest,
            height=height,
            width=width,
        )
    return channels, height, width
