"""Settings that suit the data and networks of a draft: filled in where a method is picked, and taken along with other data.

Published weights are for pictures of a certain size. What the window fills in is kept apart from what a person says: it
follows what is picked later, until the person changes it or puts it back.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from studio.core import paths
from studio.core.format import setting_number
from studio.core.message import text
from studio.core.suited_setting import SuitedSetting

if TYPE_CHECKING:
    from studio.experiment import Experiment
    from studio.gui.presenters.draft_info import Choice, Values
    from studio.methods.entry import AnyEntry, Suited

#: Beside the tables of a draft: by path, what was filled in because it suits what was picked. A draft without it was
#: loaded: what its file leaves out is as published.
FITTED = "fitted"
_ABSENT = object()


def suited_in(experiment: Experiment, suited: Mapping[str, Suited]) -> dict[str, SuitedSetting]:
    """What is said of settings of the methods of an experiment, by path."""
    choices = {f"also.{index}": also for index, also in enumerate(experiment.method.also)} | {"": experiment.method}
    made = {}
    for path, found in suited.items():
        place, _, name = path.removeprefix("method.").rpartition("settings.")
        made[path] = suited_setting(found, choices[place.removesuffix(".")].entry, name)
    return made


def suited_setting(suited: Suited, method: AnyEntry, name: str) -> SuitedSetting:
    """What is said in the window of a setting of a method that goes by ``name``."""
    published = method.Settings.model_fields[name].default
    words = {"to": suited.to, "value": setting_number(suited.value), "published": setting_number(published)}
    return SuitedSetting(
        suited.value,
        text("Fits {to}; as published: {published}.", **words),
        text("{value} fits {to} better; as published: {published}.", **words),
    )


def method_table(choice: Choice) -> dict[str, Any]:
    """The ``[method]`` table of a method that is picked anew, with what suits the rest of the draft."""
    settings = {name: found.value for name, found in choice.suited.items()}
    return {"key": choice.key, **({"settings": settings} if settings else {})}


def with_fitted(values: Values, before: Values, filled: Mapping[str, Any], *, of_method: bool) -> dict[str, Any]:
    """A draft in which a step was picked by hand: what the window fills in follows what is picked from now on.

    Args:
        values: the draft with the other choice.
        before: the draft as it was.
        filled: by path, what suits the method picked; a person may have changed or put it back before it was used.
        of_method: whether a method was picked: what suited the one before is forgotten.
    """
    kept = {} if of_method else dict(before.get(FITTED, {}))
    return {**values, FITTED: {**kept, **filled}}


def refitted(values: Values, suited: Mapping[str, SuitedSetting]) -> dict[str, Any]:
    """The draft with what suits it now, wherever the window filled in what suited it before; what a person said stays."""
    made = copy.deepcopy(dict(values))
    fitted: dict[str, Any] | None = made.get(FITTED)
    if fitted is None:
        return made
    for path in (*fitted, *(path for path in suited if path not in fitted)):
        if paths.get(made, path, _ABSENT) != fitted.get(path, _ABSENT):
            continue
        if path in suited:
            paths.put(made, path, suited[path].value)
            fitted[path] = suited[path].value
        else:
            paths.remove(made, path)
            del fitted[path]
    return made
