"""How many values batch normalisation goes by in a step: by one it cannot work, by very few the first steps may be too large."""

from __future__ import annotations

from studio.core.errors import StudioError
from studio.core.message import Text, text
from studio.networks.base import NetworkSummary

#: Of fewer values than these it is said that they are why steps were too large. The first gradients of torchvision's
#: MobileNet v2 for pictures of 32 x 32, whose last maps have one place, are 3,000,000 long with 2 pictures in a step,
#: 2,900 with 4, 220 with 8 and 74 with 16 (one seed).
FEW = 16
#: Of fewer than these it is said before anything is trained. The first three steps of torchvision's RegNet X 400MF on noise of
#: 8 x 8, whose last maps have one place, are no numbers with 2 pictures in a step for 10 of 10 seeds, with 3 for 5, with 4
#: for none; a plain loop of PyTorch (rate 0.0001) gives these figures.
RISKY = 4


def values_in_step(network: NetworkSummary, batch: int) -> int:
    """The fewest values that a layer of batch normalisation goes by in a step; 0 without such layers."""
    return network.normalised * batch


def larger_batch(network: NetworkSummary, batch: int) -> int:
    """The least multiple of ``batch`` of which the values are no longer few."""
    return batch * -(-FEW // max(1, values_in_step(network, batch)))


def refuse_single_values(network: NetworkSummary, batch: int) -> None:
    """Raise where a layer of batch normalisation would go by a single value: that, less itself, is 0 whatever came before.

    Args:
        batch: inputs in a step.

    Raises:
        StudioError: says so, and how large a batch helps.
    """
    if values_in_step(network, batch) == 1:
        raise StudioError(
            "{network} cannot learn in steps of one example.",
            "Its batch norm compares the values of a step with one another, and where its maps are smallest there is only one.",
            "Take a larger batch, for example {larger}, or a network without batch norm.",
            place="training.batch_size",
            network=network.title,
            larger=larger_batch(network, batch),
        )


def risk_of_few_values(network: NetworkSummary, batch: int) -> Text | None:
    """What is said before anything is trained where a loss may soon be no number; None where there is no such risk."""
    values = values_in_step(network, batch)
    if not 1 < values < RISKY:
        return None
    return text(
        "In steps of {batch} its batch norm goes by {values} values: the loss may soon be no number. Take a larger batch, "
        "for example {larger}.",
        batch=batch,
        values=values,
        larger=larger_batch(network, batch),
    )
