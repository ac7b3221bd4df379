"""The networks among which a teacher or a student is chosen: in brief for the list, in full once one is looked up.

A list of fifteen hundred is there at once because nothing is built for it: what a network has and needs is written down.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from studio import catalog
from studio.core import paths
from studio.core.errors import StudioError
from studio.core.format import count, ratio, thousands
from studio.core.message import NOTHING, Text
from studio.gui.presenters.card_presenter import network_drawing
from studio.gui.presenters.draft_info import SHOWN, Choice, Values
from studio.gui.presenters.made_student import student_network
from studio.gui.presenters.network_order import ListedNetwork, ordered
from studio.insight.network_and_data_info import network_info
from studio.networks.base import NetworkFamily
from studio.networks.sizes import PICTURES

PairSide = Literal["teacher", "student"]


def network_rows(step: PairSide, values: Values, shape: tuple[int, ...], classes: int) -> list[Choice]:
    """Every network that can be picked, those of other libraries too; what suits the rest of the draft first.

    Args:
        shape: of the data, (C, H, W) or (D,).
        classes: of the data.
    """
    made = [family.key for family in catalog.entries("network") if family.made_from_teacher and step == "student"]
    rows: dict[str, Choice] = {}
    candidates: list[ListedNetwork] = []
    for family in catalog.entries("network"):
        for key in (*family.members(), *family.searched()):
            rows[key] = _brief(family, key, step, values, shape)
            known = family.known_parameters(key)
            candidates.append(ListedNetwork(key, family.key, known, not rows[key].refusal, family.is_published))
    other = _other(step, values, shape, classes)
    order = ordered(candidates, step, other, shape[-1] if len(shape) > 1 else 0, SHOWN - len(made))
    return [*(network_row(step, key, values, shape, classes) for key in made), *(rows[each.key] for each in order)]


def _brief(family: NetworkFamily, key: str, step: PairSide, values: Values, shape: tuple[int, ...]) -> Choice:
    """What is known of a network that was not built."""
    searched = key not in family.examples
    known = family.known_parameters(key)
    alike = shape[1:] == PICTURES[1:] or searched
    return Choice(
        key,
        family.name(key),
        family.words,
        heading=family.title,
        tag=f"≈ {count(known)}" if known and alike else "",
        refusal=_refusal_of_input(family, key, shape),
        help_page="networks",
        is_published=family.is_published,
        is_searched=searched,
        parameters=known if alike else 0,
        role=_role(step, key, values),
    )


def _refusal_of_input(family: NetworkFamily, key: str, shape: tuple[int, ...]) -> Text:
    try:
        family.refuse_input(key, shape)
    except StudioError as error:
        return _told(error)
    return NOTHING


def _told(error: StudioError) -> Text:
    return Text("{what} {why}", {"what": error.what, "why": error.why or error.remedy})


def _role(step: PairSide, key: str, values: Values) -> Literal["", "teacher", "student"]:
    """What the network is in the draft: at the other side rather than at this one."""
    sides: tuple[PairSide, PairSide] = ("student", "teacher") if step == "teacher" else ("teacher", "student")
    return next((side for side in sides if key == paths.get(values, f"{side}.key", "")), "")


def _other(step: PairSide, values: Values, shape: tuple[int, ...], classes: int) -> ListedNetwork | None:
    """The network at the other side; None where it is not picked, or is none."""
    key = student_network(values) if step == "teacher" else str(paths.get(values, "teacher.key", ""))
    try:
        family: NetworkFamily = catalog.find("network", key)
    except StudioError:
        return None
    parameters = family.known_parameters(key) or _parameters(key, shape, classes)
    return ListedNetwork(key, family.key, parameters, is_published=family.is_published)


def _parameters(key: str, shape: tuple[int, ...], classes: int) -> int:
    try:
        return network_info(key, shape, classes).parameters if key else 0
    except StudioError:
        return 0


def network_row(step: PairSide, key: str, values: Values, shape: tuple[int, ...], classes: int) -> Choice:
    """All that is known of a network, which is built for it."""
    family: NetworkFamily = catalog.find("network", key)
    form = student_network({**values, "student": {"key": key}}) if family.made_from_teacher else key
    brief = Choice(key, family.name(key), family.words, heading=family.title, role=_role(step, key, values))
    try:
        network = network_info(form, shape, classes)
    except StudioError as error:
        return replace(brief, refusal=_told(error))
    beside = student_network(values) if step == "teacher" else str(paths.get(values, "teacher.key", ""))
    other = _parameters(beside, shape, classes)
    known: list[tuple[Text | str, Text | str]] = [
        (Text("Parameters"), thousands(network.parameters)),
        (Text("Multiplications for one input"), thousands(network.macs)),
        (Text("Groups"), str(len(network.group_ends))),
        (Text("Channels"), ", ".join(str(end.channels) for end in network.group_ends)),
    ]
    if other:
        times = ratio(max(network.parameters, other) / max(1, min(network.parameters, other)))
        than = Text("Beside its student") if step == "teacher" else Text("Beside its teacher")
        larger = Text("{ratio} times larger") if network.parameters >= other else Text("{ratio} times smaller")
        same = network.parameters == other
        known.append((than, Text("equally large") if same else Text(larger.template, {"ratio": times})))
    return replace(
        brief,
        tag=count(network.parameters),
        details=tuple(known),
        drawing=network_drawing(network, step, other),
        help_page="networks",
        is_published=family.is_published,
        is_searched=key in family.searched(),
        parameters=network.parameters,
    )
