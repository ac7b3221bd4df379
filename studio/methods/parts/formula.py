"""The loss of a composed method, written out."""

from __future__ import annotations

from dataclasses import dataclass

from studio.methods.base import Cast
from studio.methods.parts.composed_method import ComposedSettings


@dataclass(frozen=True)
class Formula:
    """A loss as one line of Unicode, and what its symbols mean, one sentence each."""

    loss: str
    notes: tuple[str, ...]


def formula(settings: ComposedSettings, cast: Cast | None = None) -> Formula:
    """The loss these settings make; with ``cast`` the weights of its layers are written out.

    t and s are the teacher's and the student's features, B the pictures of a batch.
    """
    position, teacher, student, distance = settings.parts
    index = _INDEX if position.symbol else ""
    written = distance.formula.format(t=teacher.symbol.format(x=f"t{index}"), s=student.symbol.format(x=f"s{index}"))
    layers = f"Σ{_INDEX} " if position.symbol else ""
    notes = [part.note for part in (teacher, student, distance) if part.note]
    if position.symbol and settings.layers == "later":
        layers = f"Σ{_INDEX} w{_INDEX} · "
        notes.append(_layer_weights(len(position.tap_pairs(cast, settings)) if cast is not None else 0))
    average = "mean" if settings.reduction == "mean" else "1/B · Σ"
    factor = ""
    if settings.rise or settings.start or settings.fade:
        factor = " · f"
        notes.append(_schedule(settings))
    return Formula(f"L = {settings.weight:.4g}{factor} · {layers}{average} [ {written} ]", tuple(dict.fromkeys(notes)))


_INDEX = "ₗ"
_FRACTIONS = {0: "1", 1: "½", 2: "¼", 3: "⅛"}


def _layer_weights(places: int) -> str:
    if not places:
        return f"w{_INDEX} halves from each layer to the one below"
    weights = ", ".join(_FRACTIONS.get(places - 1 - place, f"1/{2 ** (places - 1 - place)}") for place in range(places))
    return f"w{_INDEX} = {weights} from the lowest layer to the last"


def _schedule(settings: ComposedSettings) -> str:
    steps = []
    if settings.start:
        steps.append(f"is 0 for the first {settings.start:.0%}")
    if settings.rise:
        steps.append(f"rises over the first {settings.rise:.0%}")
    if settings.fade:
        steps.append("falls to 0 towards the end")
    return "f " + ", ".join(steps) + " of its stage"
