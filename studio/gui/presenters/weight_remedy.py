"""What to do about the weight of a method that did harm: what suits its data where that is known, else a part of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from studio.core.errors import StudioError
from studio.core.format import setting_number
from studio.core.message import Text, text
from studio.core.setting_text import Wording
from studio.runs.method_fit import known_shape, suited_settings

if TYPE_CHECKING:
    from studio.experiment import Experiment
    from studio.runs.run_info import RunInfo
    from studio.runs.statistics.gap import Gap

#: A student that lost as much as its teacher is ahead of it alone was not pulled a little too hard.
MUCH_LOST = -1.0
#: What a weight is divided by where nothing better is known: after a little harm, and after much.
LITTLE, MUCH = 2, 10


@dataclass(frozen=True)
class WeightRemedy:
    """Other values of settings of the method that did harm.

    Attributes:
        settings: by name.
        words: of the button.
        why: what speaks for it.
    """

    settings: Mapping[str, float]
    words: Text
    why: Text

    def applied(self, experiment: Experiment) -> Experiment:
        """The experiment with these settings."""
        settings = {**experiment.method.settings, **self.settings}
        method = experiment.method.model_copy(update={"settings": settings})
        return experiment.model_copy(update={"method": method})


def weight_remedy(info: RunInfo, gap: Gap | None) -> WeightRemedy | None:
    """What to set the weight of a run's method to; None where it has none, or the file cannot be read.

    Args:
        info: the run, or one of the seeds.
        gap: the share of the gap that was closed, below 0.
    """
    try:
        experiment = info.experiment
        return _suited(experiment) or _part(experiment, gap)
    except StudioError:
        return None


def _suited(experiment: Experiment) -> WeightRemedy | None:
    """Set what is larger than what suits its data to that."""
    prefix = "method.settings."
    found = {
        path.removeprefix(prefix): suited
        for path, suited in suited_settings(experiment, known_shape(experiment)).items()
        if path.startswith(prefix)
    }
    typed = experiment.method.typed
    for name, suited in found.items():
        given = getattr(typed, name)
        if given > suited.value:
            return WeightRemedy(
                {name: suited.value},
                _set_to(type(typed).model_fields[name], name, suited.value),
                text(
                    "{given} is for larger maps than these; {value} fits {to}.",
                    given=setting_number(given),
                    value=setting_number(suited.value),
                    to=suited.to,
                ),
            )
    return None


def _set_to(field: Any, name: str, value: float) -> Text:
    if name == "weight":
        return text("Set its weight to {value}", value=setting_number(value))
    label = Wording.of(name, field.json_schema_extra).label
    return text("Set “{label}” to {value}", label=Text(label), value=setting_number(value))


def _part(experiment: Experiment, gap: Gap | None) -> WeightRemedy | None:
    """A half or a tenth of the weights that are in force."""
    typed = experiment.method.typed
    idle = experiment.method.entry.inactive_settings(typed)
    weights = {
        name: value
        for name in type(typed).model_fields
        if (name == "weight" or name.endswith("_weight")) and name not in idle
        if isinstance(value := getattr(typed, name), float) and value > 0
    }
    if not weights:
        return None
    much = gap is not None and gap.value <= MUCH_LOST
    made = {name: value / (MUCH if much else LITTLE) for name, value in weights.items()}
    if much:
        return WeightRemedy(
            made,
            Text("Divide its weight by 10") if len(made) == 1 else Text("Divide its weights by 10"),
            Text(
                "What it copies pulls against the labels, and far too hard: a tenth of the weight is a first step, and a "
                "hundredth may be needed."
            ),
        )
    return WeightRemedy(
        made,
        Text("Halve its weight") if len(made) == 1 else Text("Halve its weights"),
        Text("What it copies pulls against the labels. With half the weight it pulls less; it may take less still."),
    )
