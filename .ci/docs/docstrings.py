"""Reads the docstrings as this code base writes them: reST roles become links, ``import x as x`` makes a name public."""

from __future__ import annotations

import re

import griffe

#: ``:func:`name```, ``:meth:`words <name>```, ``:class:`~package.Name```.
ROLE = re.compile(r":(?:attr|class|data|func|meth|mod):`(?:([^`<]+) <)?([^`>]+)>?`")


class HouseStyle(griffe.Extension):
    """Given to mkdocstrings in ``mkdocs.yml``."""

    def on_instance(self, *, obj: griffe.Object, **_others: object) -> None:
        """Turn the roles of a docstring into links; a name without a page of its own stays a word."""
        if obj.docstring is not None:
            obj.docstring.value = ROLE.sub(lambda role: _link(obj, *role.groups()), obj.docstring.value)

    def on_module(self, *, mod: griffe.Module, **_others: object) -> None:
        """Publish what a package imports under its own name, unless it says otherwise or that is a module."""
        if mod.is_init_module and mod.exports is None:
            mod.exports = [name for name, member in mod.members.items() if _is_republished(mod, name, member)]


def _link(obj: griffe.Object, words: str | None, name: str) -> str:
    name = name.removeprefix("~")
    try:
        path = obj.resolve(name)
    except griffe.NameResolutionError:
        path = name
    return f'<autoref optional identifier="{path}"><code>{words or name}</code></autoref>'


def _is_republished(mod: griffe.Module, name: str, member: griffe.Object | griffe.Alias) -> bool:
    return isinstance(member, griffe.Alias) and member.target_path not in (f"{mod.path}.{name}", name)
