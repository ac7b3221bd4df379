"""Finds the files that ship with the program: gallery, help pages, icons, themes, fonts."""

from __future__ import annotations

from pathlib import Path

_INSTALLED = Path(__file__).parent.parent / "_resources"
_CHECKOUT = Path(__file__).parents[2] / "resources"


def folder(name: str = "") -> Path:
    """The folder ``name`` of the resources, inside the installed package or beside it in a checkout."""
    base = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return base / name if name else base
