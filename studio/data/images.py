"""Pictures of one's own: any folder with a subfolder of pictures for each class."""

from __future__ import annotations

from pathlib import Path

from studio import catalog
from studio.core.errors import StudioError
from studio.core.message import Text
from studio.core.setting_field import setting
from studio.data.base import Augmentation, DataSource, Decoded, ProgressListener, SourceSettings
from studio.data.folder_loader import load_tree

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


class Images(DataSource):
    """``PATH/CLASS/...``, or ``PATH/train/CLASS/...`` beside ``PATH/test/CLASS/...`` or ``PATH/val/CLASS/...``."""

    key = "images"
    title = "Images"
    words = "Your own pictures, sorted into a folder for each class."
    origin = "Yours."
    augmentation = Augmentation(pad=4, padding="reflect", flip=True)
    Settings = ImagesSettings

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

    def load(self, settings: SourceSettings, cache: Path, progress: ProgressListener) -> Decoded:
        """All pictures that can be read, cut to their middle square and scaled; what was found is told and reported."""
        assert isinstance(settings, ImagesSettings)
        if settings.path is None:
            raise StudioError("No folder is chosen for the pictures.", "", _CHOOSE, place="dataset.path")
        root = settings.path.expanduser()
        return load_tree(self.key, root, settings.size, grey=settings.grey, cache=cache, progress=progress)


catalog.register("dataset", Images())
