"""Model compression: a library of learners answers made-up rows, and one small network learns what they say together."""

from __future__ import annotations

from studio import catalog
from studio.core.errors import StudioError
from studio.core.setting_field import setting
from studio.experiment import RANDOM, Experiment, MethodChoice, References
from studio.methods.entry import Aspects, MethodSettings, Source
from studio.methods.needs import Needs
from studio.methods.procedures.fit_library import FitLibrary, FitLibrarySettings
from studio.methods.procedures.fit_student import FitStudent
from studio.methods.procedures.label_cases import LabelCases
from studio.methods.procedures.make_cases import MakeCases, MakeCasesSettings
from studio.systems.base import AnyStep, ProcedureStep, StepResult, System

TEACHER, CASES, ANSWERS, STUDENT, ALONE = "teacher", "cases", "answers", "student", "alone"
#: The learner that is the teacher of every such chain.
LIBRARY = "library"


class CompressSettings(MakeCasesSettings, FitLibrarySettings):
    """Settings of the whole chain."""

    steps: int = setting(
        20_000, ge=100, le=1_000_000, description="How long the student learns", unit="steps", step=1000, label="Steps"
    )


class ModelCompression(System[CompressSettings]):
    """The library and what is chosen of it, made-up rows, its answers to them, the student, and the student alone."""

    key = "compress"
    title = "Model compression"
    words = "Let many learners answer made-up rows, and teach one small network what they say together."
    source = Source("Buciluǎ et al.", "KDD 2006", "Model compression", year=2006)
    compares = "answers"
    aspects = Aspects(
        "mean probability", "probability", "cross-entropy", "answers to made-up rows", missing="hidden features"
    )
    needs = Needs(same_classes=True, learners=("teacher",), columns=True)
    weighs_labels = False
    Settings = CompressSettings

    def trains(self, teacher: str) -> bool:
        """Its learners are fitted, and how long its student learns is a setting of its own."""
        del teacher
        return False

    def plan(self, experiment: Experiment) -> tuple[AnyStep, ...]:
        settings = CompressSettings(**experiment.method.settings)
        if experiment.student.init != RANDOM:
            raise StudioError(
                "The student of model compression begins with random weights.",
                "It is fitted to made-up rows from its own start.",
                "Leave student.init out.",
                place="student.init",
            )
        student = {"network": experiment.student.network, "steps": settings.steps}
        steps: list[AnyStep] = []
        if experiment.teacher.source == "train":
            steps.append(
                ProcedureStep(TEACHER, _step(experiment, FitLibrary.key, _part(settings, FitLibrarySettings), LIBRARY))
            )
        taught_by = TEACHER if steps else ""
        steps += [
            ProcedureStep(CASES, _step(experiment, MakeCases.key, _part(settings, MakeCasesSettings), LIBRARY)),
            ProcedureStep(ANSWERS, _step(experiment, LabelCases.key, {}, LIBRARY), taught_by, {"cases": CASES}),
            ProcedureStep(STUDENT, _step(experiment, FitStudent.key, student), uses={"answers": ANSWERS}),
        ]
        if experiment.references.alone:
            steps.append(ProcedureStep(ALONE, _step(experiment, FitStudent.key, student)))
        return tuple(steps)

    def result(self, experiment: Experiment, done: tuple[StepResult, ...]) -> str:
        del experiment
        return STUDENT if any(step.role == STUDENT for step in done) else ""


def _part(settings: CompressSettings, of: type[MethodSettings]) -> dict[str, object]:
    return {name: getattr(settings, name) for name in of.model_fields}


def _step(experiment: Experiment, key: str, settings: dict[str, object], student: str = "") -> Experiment:
    """The experiment with a procedure as its method; the rows it learns from are the same in every step."""
    choice = experiment.dataset
    whole = choice.fraction == 1.0 and choice.per_class is None and choice.validation == 0.0
    subset = experiment.seed if choice.subset_seed is None and not whole else choice.subset_seed
    return experiment.model_copy(
        update={
            "name": "",
            "dataset": choice.model_copy(update={"subset_seed": subset}),
            "student": experiment.student.replaced(student or experiment.student.network),
            "method": MethodChoice(key=key, settings=settings),
            "references": References(alone=False),
        }
    ).resolved()


catalog.register("system", ModelCompression())
