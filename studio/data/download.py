"""Fetches a file from the first address that gives it whole, telling how far it is."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import http
import http.client
import os
import shutil
import urllib.error
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from studio.core.errors import StudioError
from studio.core.files import writing
from studio.core.format import byte_size
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.data.base import ProgressListener, SourceSettings
from studio.data.cache import data_refused
from studio.data.partial_file import PartialFile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Seconds without a byte after which an address is given up.
PATIENCE = 30
CHUNK = 1 << 18
#: How often a connection may break off and be taken up again, where something arrived each time.
_BREAKS = 5
#: Seconds between two words while another process fetches the same file.
_WAIT = 0.5

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

    @property
    def fetches(self) -> bool:
        """Whether what is not there is fetched."""
        return self.download and self.path is None


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

    What arrived before a connection broke off, or somebody cancelled, is not asked for again where the publisher serves
    parts of files.

    Args:
        addresses: tried in turn.
        target: where the file goes; it appears there whole or not at all.
        digest: MD5 or SHA-256 of the published file, or the beginning of the latter, in hexadecimal digits; empty where
            who reads it checks what it holds.
        title: of the dataset, for words.
        progress: told how far it is; may raise to cancel.

    Raises:
        NotWritten: there is no room (:class:`DiskFull`), or the folder cannot be written to.
        StudioError: no address gave it.
    """
    with writing(target.parent, refusal=data_refused):
        target.parent.mkdir(parents=True, exist_ok=True)
    with _alone(target, title, progress):
        if target.is_file() and _is_published(target, digest):
            return target
        reasons = []
        for address in addresses:
            try:
                with PartialFile(target, data_refused) as file:
                    _whole(address, file, title, progress)
                    if _is_published(file.finish(), digest):
                        file.commit()
                        return target
                    file.discard()
                reasons.append(f"{urlsplit(address).hostname}: the file arrived damaged")
            except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
                reasons.append(f"{urlsplit(address).hostname}: {_reason(error)}")
    raise StudioError(
        "{title} could not be downloaded.",
        "{reasons}.",
        "Check the connection and try again, or fetch {file} elsewhere and choose its folder.",
        title=title,
        reasons="; ".join(reasons),
        file=target.name,
    )


@contextlib.contextmanager
def _alone(target: Path, title: str, progress: ProgressListener) -> Iterator[None]:
    """While this process alone fetches a file; what another one fetches is waited for."""
    lock = FileLock(target.with_name(target.name + ".lock"))
    while True:
        try:
            lock.acquire(timeout=_WAIT)
            break
        except Timeout:
            progress(Text("Waiting for {title}, which is being downloaded", {"title": title}), None)
    try:
        yield
    finally:
        lock.release()
        with contextlib.suppress(OSError):
            Path(lock.lock_file).unlink(missing_ok=True)


def _reason(error: Exception) -> object:
    if isinstance(error, urllib.error.HTTPError):
        return f"{error.code} {error.reason}"
    return getattr(error, "reason", error)


def _whole(address: str, file: PartialFile, title: str, progress: ProgressListener) -> None:
    """All that an address gives, also where the connection breaks off now and then."""
    for left in range(_BREAKS, -1, -1):
        before = file.size
        try:
            _stream(address, file, title, progress)
            return
        except (http.client.IncompleteRead, TimeoutError, ConnectionError):
            if not left or file.size <= before:
                raise


def _stream(address: str, file: PartialFile, title: str, progress: ProgressListener) -> None:
    """Write what an address gives into ``file``, from where that ends.

    Raises:
        IncompleteRead: the connection broke off.
    """
    progress(Text("Asking for {title}", {"title": title}), None)
    headers = {"User-Agent": "distillation-studio", **file.rest_of(address)}
    request = urllib.request.Request(address, headers=headers)  # noqa: S310 - own table
    try:
        answer = urllib.request.urlopen(request, timeout=PATIENCE)  # noqa: S310 - own table of addresses
    except urllib.error.HTTPError as error:
        if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise
        file.discard()  # it is shorter than what is here: another file by now
        raise ConnectionError("the file has changed") from error
    with answer:
        file.begin(address, answer.headers, anew=getattr(answer, "status", None) != http.HTTPStatus.PARTIAL_CONTENT)
        length = int(answer.headers.get("Content-Length") or 0)
        total = file.size + length
        _check_room(file.target, length)
        while chunk := answer.read(CHUNK):
            file.write(chunk)
            values = {"title": title, "done": byte_size(file.size), "total": byte_size(total)}
            words = "Downloading {title}: {done} of {total}" if length else "Downloading {title}: {done}"
            progress(Text(words, values), file.size / total if length else None)
    if length and file.size < total:
        raise http.client.IncompleteRead(b"", total - file.size)


def _check_room(target: Path, size: int) -> None:
    """Refuse at once what will not fit."""
    if size and shutil.disk_usage(target.parent).free < size:
        raise data_refused(target, size, OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)))


def _is_published(file: Path, digest: str) -> bool:
    return not digest or digest_of_file(file, digest).startswith(digest)


def digest_of_file(path: Path, like: str) -> str:
    """The sum of a file, MD5 (32 digits) or SHA-256 by the length of ``like``."""
    digest = _summing(like)
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def _summing(like: str) -> hashlib._Hash:
    """Publishers of old datasets name their files by MD5, later ones by SHA-256, whole or by its first digits."""
    return hashlib.md5(usedforsecurity=False) if len(like) == 32 else hashlib.sha256()
