"""Files and folders that are at any moment whole: the old one or the new one, never a torn one.

What is written stands beside its place under a temporary name until all of it is on the disk. Then it takes its place by
a rename, and the folder that holds the name is brought to the disk as well.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from studio.core.errors import DiskFull, NotWritten, os_reason
from studio.core.format import byte_size

#: Tells a person that ``file`` of ``size`` bytes (0: not known, or nothing to speak of) could not be written.
Refusal = Callable[[Path, int, OSError], NotWritten]

#: What a temporary name ends with, after the process that writes and a word of its own.
UNFINISHED = ".unfinished"
_TEMPORARY = re.compile(rf"\.(\d+)\.[0-9a-f]+{re.escape(UNFINISHED)}$")
_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)
#: Said by file systems and platforms that cannot bring a folder to the disk by request.
_FOLDERS_SYNC_THEMSELVES = (errno.EINVAL, errno.ENOTSUP, errno.EBADF, errno.EACCES, errno.EPERM)


# --- a refusal in words ------------------------------------------------------------------------------------------------


def is_full(error: OSError) -> bool:
    """Whether writing was refused for want of space or quota."""
    return error.errno in _NO_SPACE


def file_refused(file: Path, size: int, error: OSError) -> NotWritten:
    """The refusal of a file of a run or workspace; see :data:`Refusal`."""
    name, folder = file.name, str(file.parent)
    if is_full(error):
        return DiskFull(
            "The disk is full: {name} cannot be written.",
            "{size} were needed in {folder}. What was saved before is intact."
            if size
            else "It was to stand in {folder}. What was saved before is intact.",
            "Free some space, then go on.",
            offers=("resume",),
            name=name,
            size=byte_size(size),
            folder=folder,
        )
    return NotWritten(
        "{name} cannot be written in {folder}.",
        "{reason}. What was saved before is intact.",
        "Make the folder writable, or bring its drive back, then go on.",
        offers=("resume",),
        name=name,
        folder=folder,
        reason=os_reason(error),
    )


@contextmanager
def writing(file: Path, size: int = 0, refusal: Refusal = file_refused) -> Iterator[None]:
    """Turns an ``OSError`` within into one that says what could not be written, why, and what to do.

    Args:
        file: what is written.
        size: of what is written, in bytes; 0 where it is nothing to speak of.
        refusal: says it.

    Raises:
        NotWritten: writing was refused; :class:`DiskFull` where it was for want of space or quota.
    """
    try:
        yield
    except OSError as error:
        raise refusal(file, size, error) from error


# --- bytes ------------------------------------------------------------------------------------------------------------


def write_whole(file: Path, data: bytes, refusal: Refusal = file_refused) -> None:
    """Write ``data`` to a temporary file, sync it and put it in the place of ``file``.

    Raises:
        NotWritten: it cannot be written, for want of space (:class:`DiskFull`) or of rights; the old file is intact.
    """
    write_together({file: data}, refusal)


def write_together(files: Mapping[Path, bytes], refusal: Refusal = file_refused) -> None:
    """Write several files as :func:`write_whole` does one: none takes its place before all are on the disk.

    They take their places in the order given.

    Raises:
        NotWritten: one cannot be written; the old files are intact.
    """
    with ExitStack() as unfinished:
        made = [unfinished.enter_context(AtomicFile(file, len(data), refusal)) for file, data in files.items()]
        for new, data in zip(made, files.values(), strict=True):
            new.write(data)
            new.sync()
        for new in made:
            new.place()
        for folder, file in {file.parent: file for file in files}.items():
            with writing(file, len(files[file]), refusal):
                _sync_names(folder)


def write_export(file: Path, data: bytes, refusal: Refusal = file_refused) -> None:
    """Write a file whose place a person chose: as :func:`write_whole`, but a link is followed and a locked file stays.

    Raises:
        NotWritten: it cannot be written; the old file is intact.
    """
    if file.is_symlink():
        file = file.resolve()
    with writing(file, len(data), refusal):
        if file.exists() and not os.access(file, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    write_whole(file, data, refusal)


# --- a stream ---------------------------------------------------------------------------------------------------------


class AtomicFile:
    """A file in the making. It takes its place with :meth:`commit`, whole; left without that, nothing remains of it.

    Use it as a context. Each of its calls raises :class:`NotWritten` where writing is refused; an older file of this
    name is intact until the commit.

    Args:
        file: its place, in a folder that is there.
        size: of what will be written, in bytes, for the words of a refusal; 0 where that is not known.
        refusal: says what could not be written.
    """

    def __init__(self, file: Path, size: int = 0, refusal: Refusal = file_refused) -> None:
        self.file = file
        self._size, self._refusal = size, refusal
        self._beside = _temporary(file)
        self._stream: BinaryIO

    def __enter__(self) -> AtomicFile:
        with self._writing():
            _remove_left_over(self.file.parent)
            self._stream = self._beside.open("xb")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with contextlib.suppress(OSError):  # a full disk refuses the last bytes once more
            self._stream.close()
        with contextlib.suppress(OSError):
            self._beside.unlink(missing_ok=True)

    def write(self, data: bytes | memoryview) -> None:
        """Add ``data`` at the end."""
        with self._writing():
            self._stream.write(data)

    def sync(self) -> None:
        """Bring what was written to the disk; nothing can be added afterwards."""
        with self._writing():
            self._stream.flush()
            os.fsync(self._stream.fileno())
            self._stream.close()

    def place(self) -> None:
        """Take the place, after :meth:`sync`. That the name is on the disk is the caller's business."""
        with self._writing():
            os.replace(self._beside, self.file)  # noqa: PTH105 - as for folders, one call to watch

    def commit(self) -> None:
        """Take the place: an older file of this name is gone, this one is on the disk."""
        self.sync()
        self.place()
        with self._writing():
            _sync_names(self.file.parent)

    def _writing(self) -> contextlib.AbstractContextManager[None]:
        return writing(self.file, self._size, self._refusal)


# --- a folder ---------------------------------------------------------------------------------------------------------


class AtomicFolder:
    """A folder in the making, filled under another name. It takes its place with :meth:`commit`, whole, or not at all.

    Use it as a context; left without a commit, nothing remains of it.

    Args:
        folder: its place; the folders above are made.
        refusal: says what could not be written.

    Attributes:
        path: where to write what it is to hold, until the commit.
    """

    def __init__(self, folder: Path, refusal: Refusal = file_refused) -> None:
        self.folder = folder
        self.path = _temporary(folder)
        self._refusal = refusal

    def __enter__(self) -> AtomicFolder:
        with writing(self.folder, refusal=self._refusal):
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            _remove_left_over(self.folder.parent)
            self.path.mkdir()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        shutil.rmtree(self.path, ignore_errors=True)

    def commit(self) -> None:
        """Bring all it holds to the disk, then take the place.

        Raises:
            NotWritten: writing is refused, or a folder that is not empty stands there already.
        """
        with writing(self.folder, refusal=self._refusal):
            move_whole(self.path, self.folder)


def move_whole(folder: Path, target: Path) -> None:
    """Bring a folder and all it holds to the disk, then give it the name ``target``.

    Raises:
        OSError: it cannot be, or a folder that is not empty stands there; to be put in words by :func:`writing`.
    """
    for above, _, names in os.walk(folder):
        for name in names:
            _sync(Path(above, name), os.O_RDWR if os.name == "nt" else os.O_RDONLY)
        _sync_names(Path(above))
    move(folder, target)


# --- names ------------------------------------------------------------------------------------------------------------


def move(path: Path, target: Path) -> None:
    """Give a file or folder another name on the same disk, and bring both names to it. A file of that name is replaced.

    Raises:
        OSError: it cannot be, or a folder that is not empty stands there; to be put in words by :func:`writing`.
    """
    os.replace(path, target)  # noqa: PTH105 - as for files, one call to watch
    for folder in dict.fromkeys((target.parent, path.parent)):
        _sync_names(folder)


def is_unfinished(name: str) -> bool:
    """Whether a name is that of something still in the making, or left half made."""
    return _TEMPORARY.search(name) is not None


def is_left_over(path: Path) -> bool:
    """Whether something was left half made by a process that is no more."""
    found = _TEMPORARY.search(path.name)
    return found is not None and not _is_alive(int(found[1]))


def _temporary(path: Path) -> Path:
    """A name beside ``path`` that nobody else uses and that says which process does."""
    return path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}{UNFINISHED}")


def _remove_left_over(folder: Path) -> None:
    """Remove what processes that are no more left half written."""
    with contextlib.suppress(OSError):  # a folder may be written to and not be read
        for left in folder.iterdir():
            if not is_left_over(left):
                continue
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            else:
                left.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    import psutil  # seldom asked

    return bool(psutil.pid_exists(process))


def _sync_names(folder: Path) -> None:
    """Bring the names in a folder to the disk, where the platform can (Windows does it by itself)."""
    if os.name == "nt":
        return
    try:
        _sync(folder, os.O_RDONLY)
    except OSError as error:
        if error.errno not in _FOLDERS_SYNC_THEMSELVES:
            raise


def _sync(path: Path, flags: int) -> None:
    handle = os.open(path, flags)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
