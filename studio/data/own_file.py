"""Opens the file of one picture a person wants to try, or says in one sentence why that cannot be."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from studio.core.errors import StudioError
from studio.data.picture_reader import Unreadable, read_whole

#: Pixels along a side that are kept: more than any network here looks at.
LONGEST = 1024
_OTHER = "Choose another picture, or save this one as PNG or JPEG."


def read_own(path: Path) -> np.ndarray:
    """The picture in a file as uint8 (H, W, 4): red, green, blue, opacity.

    Raises:
        StudioError: it is missing, empty, too large, animated, transparent everywhere, broken, or of a kind that is not
            read here.
    """
    try:
        picture = read_whole(path, LONGEST)
    except Unreadable as reason:
        why = f"{reason}".capitalize()
        kind = f"{why}: {reason.kind}" if reason.kind else why
        raise StudioError(
            "The picture {name} cannot be tried.", "{reason}.", _OTHER, name=path.name, reason=kind
        ) from reason
    return checked(picture, path.name)


def checked(picture: np.ndarray, name: str) -> np.ndarray:
    """The same picture, uint8 (H, W, 4), where there is something in it.

    Raises:
        StudioError: it has no pixels, or is transparent everywhere.
    """
    if not picture.size:
        raise StudioError("The picture {name} cannot be tried.", "It is empty.", _OTHER, name=name)
    if not picture[..., 3].any():
        raise StudioError("The picture {name} cannot be tried.", "It is transparent everywhere.", _OTHER, name=name)
    return picture
