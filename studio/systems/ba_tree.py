"""Born-again trees: many trees answer made-up rows, one tree learns their answers; one alone is what it is compared with."""

from __future__ import annotations

from studio import catalog
from studio.core.setting_field import setting
from studio.experiment import Experiment, MethodChoice, References
from studio.methods.entry import Aspects, Source
from studio.methods.needs import Needs
from studio.methods.procedures.born_again_growth import BornAgainTreeSettings, GrowBornAgain
from studio.methods.procedures.fit_cart import FitCart
from studio.models.learners import Learner
from studio.systems.base import AnyStep, ProcedureStep, StepResult, System, TrainStep
from studio.systems.reference_experiments import TEACHER_SEEDS, teacher_experiment

TEACHER, TREE, ALONE = "teacher", "tree", "alone"
#: The student of every such chain.
STUDENT = "tree"


class BaTreeSettings(BornAgainTreeSettings):
    """Settings of the whole chain, those of its tree among them."""

    trees: int = setting(
        50, ge=1, le=1000, description="How many trees vote", unit="trees", step=10, label="Trees in the teacher"
    )


class BornAgainTrees(System[BaTreeSettings]):
    """The teacher where it is fitted here, the tree it teaches, and a tree of the rows alone."""

    key = "ba_tree"
    title = "Born-again tree"
    words = "Make up rows, let the teacher answer them, and fit one tree that a person can read."
    source = Source("Breiman and Shang", "University of California, Berkeley 1996", "Born again trees", year=1996)
    compares = "answers"
    aspects = Aspects(
        "class it votes for", "class of the leaf", "equal or not", "answers to made-up rows", missing="how sure"
    )
    needs = Needs(same_classes=True, learners=("teacher", "student"), columns=True)
    weighs_labels = False
    Settings = BaTreeSettings

    def trains(self, teacher: str) -> bool:
        """Only where the teacher is a network that is trained for it."""
        return not isinstance(catalog.find(("learner", "network"), teacher), Learner)

    def plan(self, experiment: Experiment) -> tuple[AnyStep, ...]:
        settings = BaTreeSettings(**experiment.method.settings)
        steps: list[AnyStep] = []
        if experiment.teacher.source == "train":
            steps.append(_teacher(experiment, settings))
        of_tree = {name: getattr(settings, name) for name in BornAgainTreeSettings.model_fields}
        tree = _procedure(experiment, GrowBornAgain.key, of_tree, STUDENT)
        steps.append(ProcedureStep(TREE, tree, taught_by=TEACHER if steps else ""))
        if experiment.references.alone:
            steps.append(ProcedureStep(ALONE, _procedure(experiment, FitCart.key, {}, STUDENT)))
        return tuple(steps)

    def result(self, experiment: Experiment, done: tuple[StepResult, ...]) -> str:
        del experiment
        return TREE if any(step.role == TREE for step in done) else ""


def _teacher(experiment: Experiment, settings: BaTreeSettings) -> AnyStep:
    """The learner that was chosen; or whatever network was, trained as teachers are."""
    key = experiment.teacher.key
    learner = catalog.find(("learner", "network"), key)
    if not isinstance(learner, Learner):
        return TrainStep(TEACHER, teacher_experiment(experiment))
    counted = (
        {"trees": settings.trees}
        if "trees" in catalog.find("procedure", learner.procedure).Settings.model_fields
        else {}
    )
    fitted = _procedure(experiment, learner.procedure, {**learner.settings, **counted}, key)
    seed = (experiment.teacher.seed + experiment.seed + TEACHER_SEEDS) % 2**31
    dataset = fitted.dataset.divided_as(experiment.seed)
    return ProcedureStep(TEACHER, fitted.model_copy(update={"seed": seed, "dataset": dataset}))


def _procedure(experiment: Experiment, key: str, settings: dict[str, object], student: str) -> Experiment:
    """The experiment with a procedure as its method; the rows it learns from are the same in every step."""
    choice = experiment.dataset
    whole = choice.fraction == 1.0 and choice.per_class is None and choice.validation == 0.0
    subset = experiment.seed if choice.subset_seed is None and not whole else choice.subset_seed
    return experiment.model_copy(
        update={
            "name": "",
            "dataset": choice.model_copy(update={"subset_seed": subset}),
            "student": experiment.student.replaced(student),
            "method": MethodChoice(key=key, settings=settings),
            "references": References(alone=False),
        }
    ).resolved()


catalog.register("system", BornAgainTrees())
