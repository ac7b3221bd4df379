"""Fetches a file from the first address that gives it whole, telling how far it is."""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from studio.core.errors import StudioError
from studio.core.files import AtomicFile, writing
from studio.core.format import byte_size
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.data.base import ProgressListener, SourceSettings
from studio.data.cache import data_refused

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Seconds without a byte after which an address is given up.
PATIENCE = 30
CHUNK = 1 << 18

NOT_IN = "There is no {title} in {path}."


class DownloadSettings(SourceSettings):
    """Where a published dataset comes from."""

    path: Path | None = setting(
        None,
        description="Folder that already holds the data; empty to use the downloaded copy",
        label="Folder",
    )
    download: bool = setting(
        True,
        description="Fetch the data once from where they are published",
        label="Download",
    )


def missing_words(title: str, megabytes: float, settings: DownloadSettings) -> Text:
    """What is said of published data that are not there: of a folder without them, or of what has to be fetched."""
    if settings.path is not None:
        return Text(NOT_IN, {"title": title, "path": str(settings.path)})
    words = "It is downloaded once, {size} MB." if settings.download else "It is not on this machine."
    return Text(words, {"size": megabytes})


def not_here(title: str) -> StudioError:
    """The refusal where data would have to be downloaded and may not be."""
    return StudioError(
        "{title} is not on this machine.",
        "",
        "Allow the download, or choose a folder that holds it.",
        title=title,
        place="dataset.download",
    )


def downloads(cache: Path) -> Path:
    """The folder for files as they were fetched."""
    return cache / "downloads"


def fetch(addresses: Sequence[str], target: Path, digest: str, title: str, progress: ProgressListener) -> Path:
    """Bring a file to ``target`` and return that; nothing is done where it is there already.

    Args:
        addresses: tried in turn.
        target: where the file goes; it appears there whole or not at all.
        digest: MD5 or SHA-256 of the published file, in hexadecimal digits; empty where who reads it checks what it
            holds.
        title: of the dataset, for words.
        progress: told how far it is; may raise to cancel.

    Raises:
        NotWritten: there is no room (:class:`DiskFull`), or the folder cannot be written to.
        StudioError: no address gave it.
    """
    if target.is_file() and (not digest or digest_of_file(target, digest) == digest):
        return target
    reasons = []
    with writing(target.parent, refusal=data_refused):
        target.parent.mkdir(parents=True, exist_ok=True)
    for address in addresses:
        try:
            with AtomicFile(target, refusal=data_refused) as file:
                if _stream(address, file, title, progress, digest) in (digest, ""):
                    file.commit()
                    return target
            reasons.append(f"{urlsplit(address).hostname}: the file arrived damaged")
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
            reasons.append(f"{urlsplit(address).hostname}: {getattr(error, 'reason', error)}")
    raise StudioError(
        "{title} could not be downloaded.",
        "{reasons}.",
        "Check the connection and try again, or fetch {file} elsewhere and choose its folder.",
        title=title,
        reasons="; ".join(reasons),
        file=target.name,
    )


def _stream(address: str, file: AtomicFile, title: str, progress: ProgressListener, like: str) -> str:
    """Write what an address gives into ``file``; returns its sum of the kind of ``like``, empty where that is."""
    progress(Text("Asking for {title}", {"title": title}), None)
    digest = _summing(like)
    request = urllib.request.Request(address, headers={"User-Agent": "distillation-studio"})  # noqa: S310 - own table
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - own table of addresses
        total = int(answer.headers.get("Content-Length") or 0)
        done = 0
        while chunk := answer.read(CHUNK):
            file.write(chunk)
            digest.update(chunk)
            done += len(chunk)
            values = {"title": title, "done": byte_size(done), "total": byte_size(total)}
            words = "Downloading {title}: {done} of {total}" if total else "Downloading {title}: {done}"
            progress(Text(words, values), done / total if total else None)
    return digest.hexdigest() if like else ""


def digest_of_file(path: Path, like: str) -> str:
    """The sum of a file, MD5 or SHA-256 by the length of ``like``."""
    digest = _summing(like)
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _summing(like: str) -> hashlib._Hash:
    """Publishers of old datasets name their files by MD5, later ones by SHA-256 (64 digits)."""
    return hashlib.sha256() if len(like) == 64 else hashlib.md5(usedforsecurity=False)
