"""Keys of an experiment that the catalogue must know."""

from __future__ import annotations

from studio import catalog
from studio.core.errors import StudioError


def known_key(kind: catalog.Kind | tuple[catalog.Kind, ...], key: str) -> str:
    """The key itself.

    Raises:
        ValueError: the catalogue has none of that name; says the nearest ones.
    """
    try:
        catalog.find(kind, key)
    except StudioError as error:
        raise ValueError(str(error)) from error
    return key
