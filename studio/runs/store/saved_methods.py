"""Methods a person put together and kept: ``methods/*.toml`` of the workspace, each a name and a ``[method]`` table.

An experiment holds its method in full, so a run can be repeated whether the file it came from is still there or not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import ValidationError

from studio import catalog
from studio.core.bounded_read import UnreadableFile, printable_name, read_toml
from studio.core.errors import StudioError
from studio.core.files import move, write_whole, writing
from studio.core.message import Text
from studio.experiment import MethodChoice
from studio.experiment.toml_file import without_none

SCHEMA_VERSION = 1
MAX_BYTES = 100_000
#: The longest name, in letters: as long as the name a composed method carries in its settings.
MAX_NAME = 60


@dataclass(frozen=True)
class SavedMethod:
    """One kept method; where its file is broken ``choice`` is None and ``problem`` says why in a sentence."""

    name: str
    path: Path
    choice: MethodChoice | None
    problem: Text | None = None

    @property
    def table(self) -> dict[str, Any]:
        """Its ``[method]`` table as plain values; empty where the file is broken."""
        return plain(self.choice) if self.choice is not None else {}


class SavedMethods:
    """The kept methods of a workspace. Names differ by more than upper and lower case.

    Args:
        workspace: the folder of the workspace; nothing is made in it before something is kept.
    """

    def __init__(self, workspace: Path) -> None:
        self._folder, self._bin = workspace / "methods", workspace / "bin"

    def all(self) -> list[SavedMethod]:
        """All of them by name, broken ones among them."""
        try:
            paths = sorted(self._folder.glob("*.toml"))
        except OSError:
            paths = []
        return sorted((_read(path) for path in paths), key=lambda own: own.name.casefold())

    def find(self, name: str) -> SavedMethod | None:
        """The one called ``name``, or None."""
        return _called(name, self.all())

    def named(self, name: str) -> MethodChoice:
        """What is kept as ``name``, or else the method of that key in the catalogue with its default settings.

        Raises:
            StudioError: there is neither, or its file is broken.
        """
        if name in catalog.keys("method"):
            return MethodChoice(key=name)
        kept = self.all()
        own = _called(name, kept)
        if own is None:
            raise StudioError(
                "There is no method “{name}”.",
                "There are {keys}; of your own: {yours}.",
                "Choose one of these; “studio list methods” says what they are.",
                name=name,
                keys=", ".join(catalog.keys("method")),
                yours=", ".join(f"“{each.name}”" for each in kept) or "none yet",
            )
        if own.choice is None:
            raise StudioError(
                "The method “{name}” cannot be used.",
                "{problem}",
                "Mend {path}, or delete it.",
                name=own.name,
                problem=own.problem,
                path=own.path,
            )
        return own.choice

    def save(self, name: str, table: dict[str, Any], replace: bool = False) -> SavedMethod:
        """Keep a method under a name.

        Args:
            name: what it is called; a composed method is called so in its settings as well.
            table: its ``[method]`` table.
            replace: whether another of that name may be replaced.

        Raises:
            StudioError: the name cannot be used or is taken, or the table is no method.
            NotWritten: there is no space, or no right to write.
        """
        name = self._usable(name)
        taken = self.find(name)
        if taken is not None and not replace:
            raise _taken(taken.name)
        try:
            choice = MethodChoice.model_validate(_renamed(table, name))
        except ValidationError as error:
            raise StudioError("This method cannot be kept.", "{reason}", reason=_reason(error)) from error
        path = taken.path if taken is not None else self._free(name)
        self._write(path, name, choice)
        return SavedMethod(name, path, choice)

    def rename(self, before: str, name: str) -> SavedMethod:
        """Call a kept method otherwise; the file keeps its place.

        Raises:
            StudioError: it is not there, its file is broken, or the new name cannot be used.
        """
        own = self._there(before)
        name = self._usable(name)
        taken = self.find(name)
        if taken is not None and taken.path != own.path:
            raise _taken(taken.name)
        choice = MethodChoice.model_validate(_renamed(plain(self.named(own.name)), name))
        self._write(own.path, name, choice)
        return SavedMethod(name, own.path, choice)

    def delete(self, name: str) -> Path:
        """Move a kept method, broken or not, into the bin of the workspace; returns where it now is.

        Raises:
            StudioError: it is not there, or cannot be moved.
        """
        own = self._there(name)
        target = _untaken(self._bin, own.path.stem)
        with writing(target):
            self._bin.mkdir(parents=True, exist_ok=True)
            move(own.path, target)
        return target

    # --- inside -------------------------------------------------------------------------------------------------------

    def _there(self, name: str) -> SavedMethod:
        own = self.find(name)
        if own is None:
            raise StudioError("There is no method “{name}” of your own.", "It may have been deleted.", name=name)
        return own

    @staticmethod
    def _usable(name: str) -> str:
        name = " ".join(name.split())
        if not name:
            raise StudioError("The method has no name.", "", "Give it one.", place="name")
        if len(name) > MAX_NAME:
            raise StudioError(
                "The name is too long.", "It may have {most} letters.", "Shorten it.", place="name", most=MAX_NAME
            )
        if name in catalog.keys("method"):
            title = catalog.find("method", name).title
            raise StudioError(
                "“{name}” cannot be its name.",
                "The method “{title}” goes by it on the command line.",
                "Choose another.",
                place="name",
                name=name,
                title=title,
            )
        return name

    def _free(self, name: str) -> Path:
        return _untaken(self._folder, re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40] or "method")

    def _write(self, path: Path, name: str, choice: MethodChoice) -> None:
        content = {"schema_version": SCHEMA_VERSION, "name": name, "method": plain(choice)}
        with writing(path):
            self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, tomli_w.dumps(content).encode())


def plain(choice: MethodChoice) -> dict[str, Any]:
    """A ``[method]`` table with what was given, without what is not."""
    table = without_none(choice.model_dump(mode="json"))
    return {name: value for name, value in table.items() if name == "key" or value not in ([], {})}


def _read(path: Path) -> SavedMethod:
    """A file of a kept method; whatever is wrong with it is said in one sentence."""
    stem = printable_name(path).removesuffix(".toml")
    try:
        content = read_toml(path, MAX_BYTES)
    except UnreadableFile as unreadable:
        return SavedMethod(stem, path, None, unreadable.why)
    given = content.get("name")
    name = given.strip()[:MAX_NAME] if isinstance(given, str) and given.strip() else stem
    if content.get("schema_version", SCHEMA_VERSION) != SCHEMA_VERSION:
        return SavedMethod(name, path, None, Text("A newer version of the studio wrote it."))
    if not isinstance(content.get("method"), dict):
        return SavedMethod(name, path, None, Text("The file has no [method] table."))
    try:
        return SavedMethod(name, path, MethodChoice.model_validate(_renamed(content["method"], name)))
    except ValidationError as error:
        return SavedMethod(name, path, None, _reason(error))
    except Exception as error:  # noqa: BLE001 - one bad file must not cost the others, whatever somebody put in it
        return SavedMethod(name, path, None, Text("It cannot be read: {reason}.", {"reason": type(error).__name__}))


def _renamed(table: dict[str, Any], name: str) -> dict[str, Any]:
    """The table with its method called ``name`` in its settings, where they have a name at all."""
    settings = table.get("settings", {})
    key = table.get("key")
    known = catalog.find("method", key).Settings.model_fields if key in catalog.keys("method") else {}
    if "name" not in known or not isinstance(settings, dict):
        return table
    return {**table, "settings": {**settings, "name": name}}


def _called(name: str, kept: Iterable[SavedMethod]) -> SavedMethod | None:
    wanted = " ".join(name.split()).casefold()
    return next((own for own in kept if own.name.casefold() == wanted), None)


def _taken(name: str) -> StudioError:
    return StudioError(
        "There is a method called “{name}” already.",
        "",
        "Choose another name, or replace it.",
        place="name",
        offers=("replace",),
        name=name,
    )


def _untaken(folder: Path, stem: str) -> Path:
    path, n = folder / f"{stem}.toml", 1
    while path.exists():
        n += 1
        path = folder / f"{stem}-{n}.toml"
    return path


def _reason(error: ValidationError) -> Text:
    """The first thing that is wrong, with its place."""
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    message = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
    return Text("{place}: {message}.", {"place": place, "message": message}) if place else Text(message + ".")
