"""Lets Python import as it does without Qt.

PySide watches every import for ``from __feature__ import snake_case``, which changes how Qt's names are spelt in the module
that asks for it. To know whom that could concern it reads the source of every module that is imported, torch's thousand as
well: a tenth of the start, and 50 MB of text that stay in :mod:`linecache`. Nobody here asks for another spelling.
"""

from __future__ import annotations

import builtins

#: Under this name PySide keeps the import it stands in for.
_KEPT = "__orig_import__"


def use_plain_imports() -> None:
    """From now on modules are imported without being read a second time. More than once is as once."""
    plain = getattr(builtins, _KEPT, None)
    if plain is not None:
        builtins.__import__ = plain
