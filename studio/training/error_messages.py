"""What an error of the engine means to a person, and what helps against it."""

from __future__ import annotations

import torch

from studio.core.errors import OutOfMemory, StudioError, unexpected_in_run
from studio.core.format import byte_size
from studio.experiment import Training
from studio.training.devices import choose_device, has_bf16_units

#: What helps against too little memory, by what can still be done: halve the batch, compute in 16 bit.
_LESS_MEMORY = {
    (True, True): "Halve the batch to {half}, choose fast precision, or a smaller network.",
    (True, False): "Halve the batch to {half}, or choose a smaller network.",
    (False, True): "Choose fast precision, or a smaller network.",
    (False, False): "Choose a smaller network.",
}


def explained(error: BaseException, training: Training) -> StudioError:
    """The same in words, with the ready remedies that can help these settings."""
    words = str(error)
    if isinstance(error, (torch.OutOfMemoryError, MemoryError)) or "not enough memory" in words:
        return out_of_memory(training)
    return unexpected_in_run(error, words.splitlines()[0] if words else "no further words")


def out_of_memory(training: Training, needed: int | None = None, free: int | None = None) -> OutOfMemory:
    """There is no memory for a step: there was not, or there would not be.

    Args:
        needed, free: bytes, of a run that has not begun.
    """
    batch = training.batch_size
    can_halve = batch > 1
    can_be_fast = training.precision == "exact" and has_bf16_units(choose_device(training.device))
    offers = {"halve_batch": can_halve, "fast_precision": can_be_fast}
    return OutOfMemory(
        "The device ran out of memory at a batch of {batch} pictures."
        if needed is None
        else "A batch of {batch} pictures needs about {needed} of memory, and {free} are free.",
        "A network keeps every feature map of every picture in the batch until it has learnt from it.",
        _LESS_MEMORY[can_halve, can_be_fast],
        offers=tuple(offer for offer, helps in offers.items() if helps),
        batch=batch,
        half=batch // 2,
        needed=byte_size(needed),
        free=byte_size(free),
    )
