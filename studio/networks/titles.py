"""The written names of networks."""

from __future__ import annotations

from studio import catalog


def network_title(key: str) -> str:
    """The written name of a network, or of another model: ``WRN-16-2``.

    Raises:
        StudioError: no network and no kind of model of the catalogue answers to ``key``.
    """
    return str(catalog.find(("network", "learner", "model"), key).name(key))
