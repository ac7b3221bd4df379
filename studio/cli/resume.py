"""``studio resume RUN``: goes on with a run from its last checkpoint."""

from __future__ import annotations

from argparse import Namespace

from studio.cli.running import carry_out
from studio.runs.launch import resume
from studio.runs.workspace import Workspace


def run(chosen: Namespace) -> int:
    """Go on with the run that was named."""
    return carry_out(chosen, [lambda listen, control: resume(Workspace(), chosen.run, listen, control)])
