"""How a session tells its listener that it could not go on, before the error leaves it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from studio.core.errors import NotWritten, RunFailed, StoppedEarly
from studio.events import RunEnded
from studio.experiment import Training
from studio.training.error_messages import explained
from studio.training.event_emitter import EventEmitter


@contextmanager
def failures_told(emitter: EventEmitter, training: Training) -> Iterator[None]:
    """Says the last word of a run that ends within by an error; the number of threads is put back as it was.

    Raises:
        RunFailed: it could not go on; ``RunEnded`` was said, but for :class:`NotWritten`, which can be gone on from.
    """
    threads = torch.get_num_threads()
    try:
        yield
    except NotWritten:
        raise
    except StoppedEarly as stopped:
        emitter.emit(RunEnded(state="stopped", reason=stopped.what, seconds=emitter.throughput.seconds))
        raise
    except RunFailed as failure:
        emitter.emit(RunEnded(state="failed", reason=failure.paragraph(), seconds=emitter.throughput.seconds))
        raise
    except (torch.OutOfMemoryError, RuntimeError, MemoryError) as error:
        meaning = explained(error, training)
        emitter.emit(RunEnded(state="failed", reason=meaning.paragraph(), seconds=emitter.throughput.seconds))
        raise meaning from error
    finally:
        torch.set_num_threads(threads)
