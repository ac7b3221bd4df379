"""Whether a network that has learnt can read data that it was not made for."""

from __future__ import annotations

from studio.core.errors import StudioError
from studio.networks.base import Network
from studio.networks.zoo.staged_body import can_read_grey


def refuse_other_input(teacher: Network, shape: tuple[int, ...]) -> None:
    """Refuse a teacher made for inputs of another kind; pictures of another size it resizes.

    Args:
        teacher: its weights are not looked at, it may be an outline.
        shape: of the data, (C, H, W) or (D,).

    Raises:
        StudioError: says what it was made for, and what the data are.
    """
    own = teacher.source.shape
    if can_read_grey(teacher, shape):
        return
    if len(own) == len(shape):
        if own[0] == shape[0]:
            return
        why = (
            "It was made for {teacher} numbers a row, the data have {data}."
            if len(shape) == 1
            else "It was made for {teacher} channels, the data have {data}."
        )
    elif len(own) == 1:
        why = "It was made for rows of numbers, the data are pictures."
    else:
        why = "It was made for pictures, the data are rows of numbers."
    raise StudioError(
        "This teacher cannot read these data.",
        why,
        "Choose a teacher trained on data of the same kind.",
        place="teacher",
        teacher=own[0],
        data=shape[0],
    )
