"""Published weights on data of another size: what a mean over the places of maps does to them."""

from __future__ import annotations

from studio.core.message import Text
from studio.methods.entry import Suited
from studio.methods.needs import Cast

#: Places of the maps that published weights were chosen on: three groups of a network on CIFAR's 32 × 32 pixels.
PLACES = (32 * 32, 16 * 16, 8 * 8)
#: What is left of that as a margin: on the digits, 8 × 8 to 2 × 2, attention transfer came out below the student alone in 2
#: of 3 seeds at the weight in proportion, 60, and in none at 20 (small CNN 8 taught by small CNN 32, 100 labelled pictures);
#: neuron selectivity, published 50, reached 76.5 % at that, 92.9 % at 1, where the student alone reached 91.1 %.
MARGIN = 1 / 3
#: How many times too large a published weight is before another one is proposed: less does not decide a training.
CLEARLY = 2.0


def suited_to_places(published: float, cast: Cast) -> Suited | None:
    """The weight of a mean over places of squared differences of maps of unit length, for maps of a pair of networks.

    The sum over the places is at most 2 whatever their number P, so the mean is in proportion to 1 / P and the terms of
    all groups together to Σ 1 / P. The weight is lowered by as much as that has grown, and by the margin; never raised.

    Args:
        published: the weight for maps of :data:`PLACES`.
        cast: its pairs are compared.

    Returns:
        The weight, rounded to one figure; None where ``published`` is not clearly too large, or there are no maps.
    """
    maps = cast.compared_maps
    here = sum(1 / (height * width) for height, width in maps)
    there = sum(1 / places for places in PLACES)
    if here <= CLEARLY * there:
        return None
    low, high = (f"{height} × {width}" for height, width in (maps[-1], maps[0]))
    return Suited(
        float(f"{published * there / here * MARGIN:.0e}"), Text("maps of {high} to {low}", {"high": high, "low": low})
    )
