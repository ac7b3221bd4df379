"""The one registry: every dataset, network, learner, method, system, procedure and kind of model is found here by its key.

The catalogue imports nobody. A file registers what it offers when it is imported; :func:`load` imports the packages by
name, whose ``__init__`` lists their files.
"""

from __future__ import annotations

import difflib
import importlib
from typing import Any, Literal, Protocol, TypeVar, runtime_checkable

from studio.core.errors import StudioError
from studio.core.format import shortened

Kind = Literal["dataset", "network", "learner", "method", "system", "procedure", "model"]
KINDS: tuple[Kind, ...] = ("dataset", "network", "learner", "method", "system", "procedure", "model")
PACKAGES = ("studio.models", "studio.data", "studio.networks", "studio.methods", "studio.systems")
#: What ``[method] key`` may name; their keys are unique over all.
TEACHING: tuple[Kind, ...] = ("method", "system", "procedure")


@runtime_checkable
class CatalogEntry(Protocol):
    """What can stand in the catalogue."""

    key: str
    title: str

    def members(self) -> tuple[str, ...]:
        """The keys to list: one, or the usual members of a family (``wrn-16-2``, ``wrn-40-2`` ...)."""

    def matches(self, key: str) -> bool:
        """Whether this entry answers to ``key``; a family answers to more keys than it lists."""


E = TypeVar("E", bound=CatalogEntry)
_entries: dict[Kind, dict[str, Any]] = {kind: {} for kind in KINDS}


def register(kind: Kind, entry: E) -> E:
    """Add ``entry``; raises ``ValueError`` if its key is taken by another."""
    known = _entries[kind].get(entry.key)
    if known is not None and type(known) is not type(entry):
        raise ValueError(f"{kind} {entry.key!r} is registered twice")
    _entries[kind][entry.key] = entry
    return entry


def unregister(kind: Kind, key: str) -> None:
    """Take an entry out again, for whoever only tries it on; raises ``KeyError`` if there is none of this key."""
    del _entries[kind][key]


def load() -> None:
    """Import everything that registers itself. Cheap when called again."""
    for package in PACKAGES:
        importlib.import_module(package)


def entries(kind: Kind) -> list[Any]:
    """All entries of a kind in order of registration."""
    load()
    return list(_entries[kind].values())


def keys(kind: Kind) -> list[str]:
    """All listed keys of a kind, in order."""
    return [key for entry in entries(kind) for key in entry.members()]


def find(kind: Kind | tuple[Kind, ...], key: str) -> Any:
    """The entry answering to ``key``.

    Args:
        kind: of one kind, or of the first of several that knows it.

    Raises:
        StudioError: nothing answers to it; the nearest spelling is named.
    """
    kinds = (kind,) if isinstance(kind, str) else kind
    for entry in (entry for each in kinds for entry in entries(each)):
        if entry.matches(key):
            return entry
    shown = shortened(key)
    near = difflib.get_close_matches(shown, [name for each in kinds for name in keys(each)], n=1, cutoff=0.5)
    remedy = "Did you mean “{near}”?" if near else "“studio list {kind}s” shows what there is."
    form = _form_of(kinds, key)
    raise StudioError(
        "There is no {kind} called “{key}”.", form, remedy, kind=kinds[0], key=shown, near=near[0] if near else ""
    )


def _form_of(kinds: tuple[Kind, ...], key: str) -> str:
    """How the family spells its members that ``key`` begins like; empty where there is none, or it does not say."""
    beginning = {
        entry.key: getattr(entry, "form", "") for kind in kinds for entry in entries(kind) if key.startswith(entry.key)
    }
    return str(beginning[max(beginning, key=len)]) if beginning else ""
