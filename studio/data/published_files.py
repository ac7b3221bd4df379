"""Data published as a few files: found in a person's folder or fetched once, decoded once."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

from studio.data.base import DataSource, Decoded, ProgressListener, SourceSettings, silent
from studio.data.cache import CacheEntry, fingerprint
from studio.data.content_sums import files_content
from studio.data.decoded import load_decoded, save_decoded
from studio.data.download import DownloadSettings, missing_words, not_here

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from studio.core.errors import StudioError
    from studio.core.message import Text


class PublishedFiles(DataSource):
    """Data whose published files a class finds, fetches and reads; where they are and what is kept is told here."""

    Settings = DownloadSettings
    megabytes: ClassVar[float]
    #: What besides the files decides what is decoded, such as the number of the way they are read.
    reading: ClassVar[Mapping[str, int]] = {}

    def missing(self, settings: SourceSettings, cache: Path) -> Text | None:
        """Nothing once the files are there, or were decoded before."""
        assert isinstance(settings, DownloadSettings)
        folder = self._fetched(cache) if settings.path is None else settings.path
        decoded = settings.path is None and self._entry(cache, None).exists()
        return None if decoded or self._find(folder) else missing_words(self.title, self.megabytes, settings)

    def content(
        self, settings: SourceSettings, cache: Path, progress: ProgressListener = silent, most: int | None = None
    ) -> str:
        """Of the files in a folder; what is published is checked and holds the same everywhere."""
        assert isinstance(settings, DownloadSettings)
        if settings.path is None:
            return ""
        return files_content(self._files(settings, cache, progress), cache, progress, most)

    def check(self, settings: SourceSettings, cache: Path, progress: ProgressListener = silent) -> None:
        """Say what is looked for where it is not there and may not be fetched."""
        assert isinstance(settings, DownloadSettings)
        if not settings.fetches and self.missing(settings, cache) is not None:
            self.load(settings, cache, progress)

    def load(self, settings: SourceSettings, cache: Path, progress: ProgressListener) -> Decoded:
        """All examples, in the published order.

        Raises:
            StudioError: if the files are not there and cannot be fetched, or are not what was published.
        """
        assert isinstance(settings, DownloadSettings)
        if settings.path is None and (kept := load_decoded(self._entry(cache, None))) is not None:
            return kept
        self.check_reader()
        files = self._files(settings, cache, progress)
        entry = self._entry(cache, files if settings.path is not None else None)
        if (kept := load_decoded(entry)) is not None:
            return kept
        decoded = self._decoded(files, progress)
        if settings.path is None:
            self._check_published(decoded, files)
        return save_decoded(entry, decoded)

    def check_reader(self) -> None:
        """Raise StudioError if what reads the files is not installed: asked before anything is fetched."""

    @abstractmethod
    def _fetched(self, cache: Path) -> Path:
        """The folder of the files once they were fetched."""

    @abstractmethod
    def _find(self, folder: Path) -> tuple[Path, ...] | None:
        """All files in ``folder`` or where they may stand below it, None if one is missing."""

    @abstractmethod
    def _fetch(self, folder: Path, progress: ProgressListener) -> tuple[Path, ...]:
        """Bring all files to ``folder``; those that are there already stay."""

    @abstractmethod
    def _not_in(self, folder: Path) -> StudioError:
        """The refusal of a folder that lacks a file, with what is looked for."""

    @abstractmethod
    def _decoded(self, files: tuple[Path, ...], progress: ProgressListener) -> Decoded:
        """What the files hold."""

    def _check_published(self, decoded: Decoded, files: tuple[Path, ...]) -> None:
        """Raise StudioError if what was fetched is not what was published; most files are checked when they are fetched."""

    def _entry(self, cache: Path, files: tuple[Path, ...] | None) -> CacheEntry:
        """The published files always hold the same; others are known by their content."""
        if files is None:
            return CacheEntry(cache, self.key, fingerprint(**self.reading, files="published"))
        return CacheEntry(cache, f"{self.key}-folder", fingerprint(**self.reading, files=files_content(files, cache)))

    def _files(self, settings: DownloadSettings, cache: Path, progress: ProgressListener) -> tuple[Path, ...]:
        if settings.path is None and settings.download:
            return self._fetch(self._fetched(cache), progress)
        files = self._find(settings.path if settings.path is not None else self._fetched(cache))
        if files is not None:
            return files
        if settings.path is None:
            raise not_here(self.title)
        raise self._not_in(settings.path)
