"""A table of one's own: a text file of rows, such as CSV, one column of which says the class."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio import catalog
from studio.core.errors import StudioError
from studio.core.message import Text
from studio.core.table_preview import TablePreview
from studio.data.base import DataSource, Decoded, Glance, ProgressListener, SourceSettings, own_name, silent
from studio.data.cache import CacheEntry, fingerprint
from studio.data.content_sums import files_content
from studio.data.decoded import load_decoded, save_decoded
from studio.data.table_examples import decoded_table
from studio.data.table_file import CHOOSE, ENDINGS, TableFile, TableSettings, glance_at_file, preview_file
from studio.data.table_findings import refuse_unusable, remarks

if TYPE_CHECKING:
    from pathlib import Path


#: Of the way tables are read; another number reads them anew.
READING = 1


class OwnTable(DataSource):
    """A file of rows."""

    key = "table"
    title = "Table"
    words = "Your own rows, from a CSV file or one like it; one of its columns says the class."
    kind = "table"
    origin = "Yours."
    is_own = True
    Settings = TableSettings

    def opens(self, path: Path) -> bool:
        """A file that is named as text files of rows are."""
        return path.is_file() and path.name.lower().endswith(ENDINGS)

    def name(self, settings: SourceSettings) -> str:
        """As the file, without its ending."""
        assert isinstance(settings, TableSettings)
        return own_name(settings.path.with_suffix("") if settings.path is not None else None, self.title)

    def missing(self, settings: SourceSettings, cache: Path) -> Text | None:
        """The file, as long as it is not chosen or not there."""
        del cache
        assert isinstance(settings, TableSettings)
        if settings.path is None:
            return Text(CHOOSE)
        gone = next((path for path in TableFile(settings).files if not path.is_file()), None)
        return Text("The file {path} is not there.", {"path": str(gone)}) if gone is not None else None

    def content(
        self, settings: SourceSettings, cache: Path, progress: ProgressListener = silent, most: int | None = None
    ) -> str:
        """Of the bytes of the files, and of the way they are read."""
        assert isinstance(settings, TableSettings)
        return _recipe(TableFile(settings), cache, progress, most)

    def stamp(self, settings: SourceSettings) -> tuple[tuple[str, int], ...]:
        """When the files were written to."""
        assert isinstance(settings, TableSettings)
        return tuple((str(path), path.stat().st_mtime_ns) for path in TableFile(settings).files if path.is_file())

    def glance(self, settings: SourceSettings, cache: Path) -> Glance | None:
        """Its rows, columns and classes, unless it is large."""
        del cache
        assert isinstance(settings, TableSettings)
        return glance_at_file(TableFile(settings)) if settings.path is not None else None

    def preview(self, settings: SourceSettings, cache: Path, progress: ProgressListener = silent) -> TablePreview:
        """The first rows, how the file is written, and what its columns hold; what is wrong with it beside them."""
        del cache
        assert isinstance(settings, TableSettings)
        if settings.path is None:
            return TablePreview((), (), (), (), Text(CHOOSE), is_own=True, is_picked=False)
        return preview_file(TableFile(settings), progress)

    def check(self, settings: SourceSettings, cache: Path, progress: ProgressListener = silent) -> None:
        """Read it: what is read is kept, and a run reads it again from there."""
        self.load(settings, cache, progress)

    def load(self, settings: SourceSettings, cache: Path, progress: ProgressListener) -> Decoded:
        """All rows, with what is worth knowing of their columns."""
        assert isinstance(settings, TableSettings)
        table = TableFile(settings)
        place = fingerprint(files=[str(path.absolute()) for path in table.files])
        entry = CacheEntry(cache, f"{self.key}-{place}", _recipe(table, cache, progress))
        if (kept := load_decoded(entry)) is not None:
            return kept
        read = table.read(progress)
        train = read.parts[0]
        refuse_unusable(train, read.class_column, read.numbers)
        test = read.parts[1] if len(read.parts) > 1 else None
        if test is not None and not len(test):
            raise StudioError(
                "The file to test on has no rows.", "", "Choose another, or none.", place="dataset.test_path"
            )
        return save_decoded(entry, decoded_table(train, test, (*read.notes, *remarks(train))))


def _recipe(table: TableFile, cache: Path, progress: ProgressListener, most: int | None = None) -> str:
    try:
        sums = [files_content([path], cache, progress, most) for path in table.files]
    except OSError as error:
        raise StudioError(
            "The file {path} is not there.", "", CHOOSE, path=error.filename, place="dataset.path"
        ) from error
    said = table.settings.model_dump(mode="json", exclude={"path", "test_path"})
    return fingerprint(reading=READING, sums=sums, said=said)


catalog.register("dataset", OwnTable())
