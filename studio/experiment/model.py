"""The whole experiment: its tables, and what must hold between them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, field_validator, model_validator

from studio.core.prefixed_key import PrefixedKey
from studio.core.setting_field import setting
from studio.experiment.base import Table
from studio.experiment.budget import Training
from studio.experiment.choices import MethodChoice, StudentChoice, TeacherChoice, is_learner
from studio.experiment.dataset_choice import DatasetChoice


class References(Table):
    """``[references]``: what the result is compared with."""

    alone: bool = setting(
        False,
        description="Also train the student without a teacher, to see what the teacher brought",
        label="Train the student alone too",
    )


class Experiment(Table):
    """Everything the person picked. Only the four keys have no default."""

    schema_version: Literal[1] = 1
    name: str = setting("", max_length=200, description="What you call it")
    seed: int = setting(
        0,
        ge=0,
        le=2**31 - 1,
        description="Start of all chance; another seed is another try",
        label="Seed",
    )
    dataset: DatasetChoice
    teacher: TeacherChoice
    student: StudentChoice
    method: MethodChoice
    training: Training = Field(default_factory=Training)
    references: References = Field(default_factory=References)
    uses: dict[str, str] = Field(
        default_factory=dict,
        description="What earlier procedures made and this one goes on from, by name: run:<id> each",
    )

    @field_validator("uses")
    @classmethod
    def _are_runs(cls, uses: dict[str, str]) -> dict[str, str]:
        for source in uses.values():
            if PrefixedKey.parse(source).kind != "run":
                raise ValueError("Name a run by its id: run:<id>.")
        return uses

    @model_validator(mode="after")
    def _choosing_is_honest(self) -> Experiment:
        chooses = self.training.keep == "best" or self.training.patience > 0
        if chooses and self.dataset.validation == 0:
            raise ValueError(
                "Choosing the best epoch or stopping early needs pictures kept back for it: set dataset.validation, e.g. to 0.1."
            )
        return self

    @model_validator(mode="after")
    def _something_teaches(self) -> Experiment:
        brings = [choice.entry.brings_terms(choice.typed) for choice in self.method.all]
        if self.method.label_weight == 0 and not any(brings):
            raise ValueError(
                "Nothing would teach the student: give the labels a weight, or choose a method with a teacher."
            )
        return self

    @model_validator(mode="after")
    def _the_student_is_whom_the_method_teaches(self) -> Experiment:
        method = self.method.entry
        if method.needs.made_from_teacher and not self.student.is_made_from_teacher:
            raise ValueError(f"{method.title} makes its student from the teacher: set student.key to “recast”.")
        if self.student.is_made_from_teacher and not method.needs.made_from_teacher:
            raise ValueError(
                f"{method.title} takes a student as it is; one made from the teacher is made by a method that does so."
            )
        for also in self.method.also:
            if also.entry.needs.made_from_teacher:
                raise ValueError(f"{also.entry.title} makes its own student: it cannot join another method.")
        return self

    @model_validator(mode="after")
    def _learners_where_they_can_be(self) -> Experiment:
        if self.student.members:
            return self  # nothing is trained: what is finished may be of any kind
        method = self.method.entry
        wanted = "student" in method.needs.learners
        if wanted and not is_learner(self.student.key):
            raise ValueError(f"{method.title} fits a tree, not a network: set student.key to “tree”.")
        if not wanted and is_learner(self.student.key):
            raise ValueError(
                f"{method.title} trains a network, and “{self.student.key}” is none: choose a network as the student."
            )
        if is_learner(self.teacher.key) and "teacher" not in method.needs.learners and self.teacher.source == "train":
            raise ValueError(
                f"{method.title} trains its teacher as a network, and “{self.teacher.key}” is none: choose a network."
            )
        return self

    @property
    def student_network(self) -> str:
        """The key of the network that the student is in the end, see :meth:`MethodEntry.student_network`."""
        return self.method.entry.student_network(self.method.typed, self.teacher.key, self.student.network)

    @property
    def title(self) -> str:
        """Its name, or one made from what was picked."""
        return self.name or f"{self.method.title} on {self.dataset.title}"

    def resolved(self) -> Experiment:
        """The same experiment with every default written out: what a run folder keeps.

        But for the settings that a source of data has of its own. Lists tell what runs were tested on, and which are seeds of
        one experiment, from their files as they stand, without the catalogue
        (:func:`studio.runs.evaluation_data.evaluation_data`): written out, the runs from before would be of other data.
        """
        method = self.method.model_copy(
            update={
                "settings": self.method.typed.model_dump(mode="json"),
                "also": tuple(
                    also.model_copy(update={"settings": also.typed.model_dump(mode="json")})
                    for also in self.method.also
                ),
                "task_weight": self.method.label_weight,
            }
        )
        dataset = self.dataset.model_copy(update={"augmentation": self.dataset.varied})
        return self.model_copy(update={"method": method, "dataset": dataset, "name": self.title})
