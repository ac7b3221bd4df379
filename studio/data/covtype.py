"""Forest cover type: which trees grow in 581,012 squares of 30 metres, from maps."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from studio import catalog
from studio.core.setting_field import setting
from studio.data.base import Decoded, ProgressListener, SourceSettings
from studio.data.download import DownloadSettings
from studio.data.published_table import PublishedFile, PublishedTable, renamed_classes

if TYPE_CHECKING:
    from pathlib import Path


class CovtypeSettings(DownloadSettings):
    """Where it comes from, and what is asked."""

    binary: bool = setting(
        False,
        description="Ask only whether the most frequent type grows there, as in Model Compression",
        label="Two classes",
    )


class Covtype(PublishedTable):
    """Ten measurements of the place and which of four areas and forty soils it has."""

    key = "covtype"
    title = "Forest cover type"
    words = "581,012 squares of forest, 54 facts from maps each; seven types of trees."
    origin = "J. A. Blackard, D. J. Dean, Colorado State University, UCI Machine Learning Repository 1998 (CC BY 4.0)."
    shape = (54,)
    class_count = 7
    train_count = 581_012
    Settings = CovtypeSettings
    files = (
        PublishedFile(
            (
                "https://ndownloader.figshare.com/files/5976039",
                "https://archive.ics.uci.edu/ml/machine-learning-databases/covtype/covtype.data.gz",
            ),
            ("covtype.csv", "covtype.data"),
            # as scikit-learn states it in sklearn/datasets/_covtype.py
            "614360d0257557dd1792834a85a1cdebfadc3c4f30b011d56afee7ffb5b15771",
        ),
    )
    names = (
        "elevation",
        "aspect",
        "slope",
        "horizontal_distance_to_hydrology",
        "vertical_distance_to_hydrology",
        "horizontal_distance_to_roadways",
        "hillshade_9am",
        "hillshade_noon",
        "hillshade_3pm",
        "horizontal_distance_to_fire_points",
        *(f"wilderness_area_{area}" for area in range(1, 5)),
        *(f"soil_type_{soil}" for soil in range(1, 41)),
    )
    class_words: ClassVar = {
        "1": "spruce or fir",
        "2": "lodgepole pine",
        "3": "ponderosa pine",
        "4": "cottonwood or willow",
        "5": "aspen",
        "6": "douglas fir",
        "7": "krummholz",
    }
    megabytes = 11

    def load(self, settings: SourceSettings, cache: Path, progress: ProgressListener) -> Decoded:
        """All rows, with seven classes or two."""
        assert isinstance(settings, CovtypeSettings)
        decoded = super().load(settings, cache, progress)
        if not settings.binary:
            return decoded
        most = decoded.classes[int(decoded.train.labels.bincount().argmax())]
        return renamed_classes(decoded, tuple(most if name == most else "another type" for name in decoded.classes))


catalog.register("dataset", Covtype())
