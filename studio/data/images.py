"""Pictures of one's own: any folder with a subfolder of pictures for each class."""

from __future__ import annotations

from pathlib import Path

from pydantic import model_validator

from studio import catalog
from studio.core.errors import StudioError
from studio.core.message import Text
from studio.core.picture_preview import PicturePreview
from studio.core.setting_field import setting
from studio.data.base import (
    Augmentation,
    DataSource,
    Decoded,
    Glance,
    ProgressListener,
    SourceSettings,
    own_name,
    silent,
)
from studio.data.empty_parts import nothing_to_test_on
from studio.data.folder_check import can_be_learnt_from
from studio.data.folder_layout import folder_times
from studio.data.folder_loader import TreeReading, load_tree, tree_content
from studio.data.tree_preview import glance_at_tree, preview_tree

_CHOOSE = "Choose a folder that holds a folder of pictures for each class."


class ImagesSettings(SourceSettings):
    """Which folder, and what its pictures are brought to."""

    path: Path | None = setting(
        None,
        description="Folder with a subfolder of pictures for each class",
        label="Folder",
    )
    size: int = setting(
        32,
        ge=8,
        le=512,
        description="Width and height that all pictures are brought to; larger ones show more and train slower",
        unit="pixels",
        step=8,
        label="Picture size",
    )
    grey: bool = setting(
        False,
        description="Read all pictures without colour",
        level="expert",
        label="Grey",
    )
    black: float | None = setting(
        None,
        ge=-1e12,
        le=1e12,
        description="In pictures of more than 8 bits, the value shown black; measured over all of them if empty",
        level="expert",
        label="Black is",
        empty="measured",
    )
    white: float | None = setting(
        None,
        ge=-1e12,
        le=1e12,
        description="In pictures of more than 8 bits, the value shown white; measured over all of them if empty",
        level="expert",
        label="White is",
        empty="measured",
    )

    @model_validator(mode="after")
    def _white_above_black(self) -> ImagesSettings:
        if self.black is not None and self.white is not None and self.white <= self.black:
            raise ValueError("What is white must be a larger value than what is black.")
        return self

    @property
    def reading(self) -> TreeReading:
        """How the pictures are read."""
        return TreeReading(self.size, self.grey, self.black, self.white)


class Images(DataSource):
    """``PATH/CLASS/...``, or ``PATH/train/CLASS/...`` beside ``PATH/test/CLASS/...`` or ``PATH/val/CLASS/...``."""

    key = "images"
    title = "Images"
    words = "Your own pictures, sorted into a folder for each class."
    origin = "Yours."
    is_own = True
    augmentation = Augmentation(pad=4, padding="reflect", flip=True)
    Settings = ImagesSettings

    def opens(self, path: Path) -> bool:
        """Any folder."""
        return path.is_dir()

    def name(self, settings: SourceSettings) -> str:
        """As the folder."""
        assert isinstance(settings, ImagesSettings)
        return own_name(settings.path, self.title)

    def missing(self, settings: SourceSettings, cache: Path) -> Text | None:
        """The folder, as long as it is not chosen or not there."""
        del cache
        assert isinstance(settings, ImagesSettings)
        if settings.path is None:
            return Text(_CHOOSE)
        return (
            None
            if settings.path.expanduser().is_dir()
            else Text("The folder {path} is not there.", {"path": str(settings.path)})
        )

    def content(
        self, settings: SourceSettings, cache: Path, progress: ProgressListener = silent, most: int | None = None
    ) -> str:
        """Of the pictures, links among them followed, and of the way they are read."""
        assert isinstance(settings, ImagesSettings)
        return tree_content(_root(settings), settings.reading, cache, progress, most)

    def stamp(self, settings: SourceSettings) -> tuple[tuple[str, int], ...]:
        """The times of the folders: one changes when something in it does."""
        assert isinstance(settings, ImagesSettings)
        return folder_times(settings.path.expanduser()) if settings.path is not None else ()

    def glance(self, settings: SourceSettings, cache: Path) -> Glance | None:
        """The pictures counted, and a few of them."""
        assert isinstance(settings, ImagesSettings)
        return glance_at_tree(_root(settings), settings.reading, cache) if settings.path is not None else None

    def preview(self, settings: SourceSettings, cache: Path, progress: ProgressListener = silent) -> PicturePreview:
        """Which classes there are, what is left out and why, and what is odd."""
        assert isinstance(settings, ImagesSettings)
        if settings.path is None:
            return PicturePreview(problem=Text(_CHOOSE), is_picked=False)
        return preview_tree(_root(settings), settings.reading, cache, progress)

    def check(self, settings: SourceSettings, cache: Path, progress: ProgressListener = silent) -> None:
        """Look at a few pictures; where that shows none to learn from or to test with, read all and say what is wrong."""
        assert isinstance(settings, ImagesSettings)
        if can_be_learnt_from(_root(settings), settings.reading, progress):
            return
        decoded = self.load(settings, cache, progress)
        if decoded.test is None and len(decoded.train) == len(decoded.classes):
            raise nothing_to_test_on(decoded.offers)

    def load(self, settings: SourceSettings, cache: Path, progress: ProgressListener) -> Decoded:
        """All pictures that can be read, cut to their middle square and scaled; what was found is told and reported."""
        assert isinstance(settings, ImagesSettings)
        return load_tree(self.key, _root(settings), settings.reading, cache, progress)


def _root(settings: ImagesSettings) -> Path:
    if settings.path is None:
        raise StudioError("No folder is chosen for the pictures.", "", _CHOOSE, place="dataset.path")
    return settings.path.expanduser()


catalog.register("dataset", Images())
