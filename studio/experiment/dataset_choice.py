"""``[dataset]``: which data, how much of it, how varied, and what is set aside to test on."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from studio import catalog
from studio.core.setting_field import setting
from studio.data.base import Augmentation, DataSource, SourceSettings
from studio.experiment.known_keys import known_key


def _is_path(annotation: Any) -> bool:
    return annotation is Path or Path in get_args(annotation)


class DatasetChoice(BaseModel):
    """``[dataset]``: which data, how much of it, how varied. Keys of the source itself (``path``) stand beside these."""

    model_config = ConfigDict(extra="allow", frozen=True)

    key: str = Field(description="Which data to learn from")
    fraction: float = setting(
        1.0,
        gt=0,
        le=1,
        description="Share of the training pictures the student learns from, the same for every class",
        step=0.05,
        label="Share of the data",
    )
    per_class: int | None = setting(
        None,
        ge=1,
        description="Training pictures of each class, instead of a share",
        unit="pictures",
        label="Of each class",
        empty="all",
    )
    validation: float = setting(
        0.0,
        ge=0,
        le=0.5,
        description="Share of the training pictures kept back for choosing the best epoch",
        step=0.05,
        level="expert",
        label="Validation share",
    )
    test: float = setting(
        0.2,
        gt=0,
        lt=1,
        description="Share used for testing where the data have no test part of their own",
        step=0.05,
        level="expert",
        label="Test share",
    )
    test_seed: int = setting(
        0,
        ge=0,
        le=2**31 - 1,
        description="Decides which examples that share sets aside; the same for all runs that are compared",
        level="expert",
        label="Draw of the test share",
    )
    splits: int = setting(
        1,
        ge=1,
        le=100,
        description="How many random divisions into a part to learn from and one to test on; each is a run of its own, and they "
        "are told together",
        unit="splits",
        level="expert",
        label="Splits of the data",
    )
    label_noise: float = setting(
        0.0,
        ge=0,
        le=0.9,
        description="Share of the labels to train on that are made wrong on purpose, the teacher's as well; tests stay right",
        step=0.05,
        level="expert",
        label="Wrong labels",
    )
    without_copies: bool = setting(
        False,
        description="Leave out examples to learn from that stand in the test part too; the test part stays the same, so that "
        "runs with and without them can be compared",
        level="expert",
        label="Without copies of test examples",
    )
    subset_seed: int | None = setting(
        None,
        ge=0,
        le=2**31 - 1,
        description="Decides which pictures a share keeps and which are kept back; the run's own seed if empty",
        level="expert",
        label="Seed of the share",
        empty="as run",
    )
    augmentation: Augmentation | None = Field(
        None, description="How training pictures are varied; the data's own way if empty"
    )

    @field_validator("key")
    @classmethod
    def _keyknown_key(cls, key: str) -> str:
        return known_key("dataset", key)

    @model_validator(mode="after")
    def _settings_valid(self) -> DatasetChoice:
        self.source.Settings(**self.settings)
        if self.per_class is not None and self.fraction != 1.0:
            raise ValueError("Give fraction or per_class, not both.")
        return self

    @property
    def source(self) -> DataSource:
        """The catalogue entry."""
        entry: DataSource = catalog.find("dataset", self.key)
        return entry

    @property
    def title(self) -> str:
        """What the data are called: as their source, or as a person's own folder or file."""
        return self.source.name(self.source_settings)

    @property
    def settings(self) -> dict[str, Any]:
        """The keys that belong to the source."""
        return dict(self.model_extra or {})

    def division(self, seed: int) -> int:
        """What decides the test share of a run of this seed: of several splits each seed has one of its own."""
        return (self.test_seed + seed) % 2**31 if self.splits > 1 else self.test_seed

    def divided_as(self, seed: int) -> DatasetChoice:
        """The same data with the test share of a run of ``seed``, for runs of other seeds that go with it."""
        return self.model_copy(update={"test_seed": self.division(seed), "splits": 1}) if self.splits > 1 else self

    @property
    def paths(self) -> dict[str, Path]:
        """Those settings of the source that name a file or folder, where they are set."""
        fields = self.source.Settings.model_fields
        return {
            name: Path(str(value))
            for name, value in self.settings.items()
            if value and name in fields and _is_path(fields[name].annotation)
        }

    @property
    def source_settings(self) -> SourceSettings:
        """The source's own settings, typed."""
        return self.source.Settings(**self.settings)

    @property
    def varied(self) -> Augmentation:
        """The augmentation in force."""
        return self.augmentation if self.augmentation is not None else self.source.augmentation
