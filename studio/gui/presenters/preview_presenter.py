"""What data hold before they are used, for the page on which they are chosen."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

from studio import catalog
from studio.core.errors import StudioError
from studio.core.message import Text
from studio.core.picture_preview import PicturePreview
from studio.core.table_preview import TablePreview
from studio.data.base import DataSource, silent
from studio.data.table_summary import preview_of
from studio.gui.presenters.draft_info import Values


def preview_data(values: Values, cache: Path) -> TablePreview | PicturePreview | None:
    """A person's own data that ``values`` pick, or a table; None of others, and of what is not on this computer."""
    table = values.get("dataset")
    table = table if isinstance(table, Mapping) else {}
    try:
        source: DataSource = catalog.find("dataset", str(table.get("key", "")))
        names = source.Settings.model_fields
        settings = source.Settings(**{name: value for name, value in table.items() if name in names})
        own = source.preview(settings, cache)
        if own is None and source.offers.has_columns and source.missing(settings, cache) is None:
            own = preview_of(source.load(settings, cache, silent))
        return _without_copies(own) if own is not None and table.get("without_copies") is True else own
    except (StudioError, ValueError):  # what is wrong with the draft stands at its fields
        return None


def _without_copies(preview: TablePreview | PicturePreview) -> TablePreview | PicturePreview:
    """The same where copies are left out of what is learnt from: then there is nothing to be warned of."""
    if not preview.copies:
        return preview
    said = (
        Text("Pictures to learn from that stand among those to test with too are left out.")
        if isinstance(preview, PicturePreview)
        else Text("Rows to learn from that stand among those to test on too are left out.")
    )
    return dataclasses.replace(preview, copies=(said,), learns_copies=False)
