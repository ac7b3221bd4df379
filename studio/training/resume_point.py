"""Where a run goes on: at its newest checkpoint that passes every check; one that does not is said, never passed over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from studio.core.errors import StudioError
from studio.core.format import thousands
from studio.core.message import Text, text
from studio.events import Notice
from studio.training.checkpoint_content import CheckpointContent, DamagedCheckpoint
from studio.training.checkpoints import Checkpoints

ContentCheck = Callable[[CheckpointContent], None]
"""Raises :class:`DamagedCheckpoint`, or a :class:`StudioError` where a checkpoint is whole but of something else."""


class ResumePoint:
    """Reads one checkpoint at a time, the newest first, until one passes all that is asked of it.

    What can be asked early, before data are fetched, is asked early; an older checkpoint that takes the place of a newer
    one has to pass all that was asked before as well.

    Args:
        wanted: whether the run is to be gone on with; otherwise it begins, whatever checkpoints there are.

    Attributes:
        content: of the checkpoint that passed all checks so far; None where the run has none at all, and begins.

    Raises:
        StudioError: there are checkpoints, but none can be used. So does :meth:`require`.
    """

    def __init__(self, checkpoints: Checkpoints, *, wanted: bool = True) -> None:
        self.content: CheckpointContent | None = None
        self._checkpoints = checkpoints
        self._left = checkpoints.newest_first() if wanted else []
        self._checks: list[ContentCheck] = []
        self._file: Path | None = None
        self._refused: list[tuple[Path, Text]] = []
        self._of_another: StudioError | None = None
        if self._left:
            self._next()

    def require(self, check: ContentCheck) -> None:
        """Go on from the newest checkpoint that passes this check too."""
        self._checks.append(check)
        if self.content is not None and self._file is not None and not self._passes(self._file, self.content, [check]):
            self._next()

    def prefer(self, check: ContentCheck) -> None:
        """Go on from the newest checkpoint that passes this check too, where there is one."""
        before = self.content, self._file, list(self._left), list(self._refused)
        try:
            self.require(check)
        except StudioError:
            self.content, self._file, self._left, self._refused = before
            self._checks.remove(check)

    def notice(self, steps_per_epoch: int) -> Notice | None:
        """What is to be told where the newest checkpoint is not the one that is used."""
        if not self._refused or self.content is None or self._file is None:
            return None
        (newest, why), step = self._refused[0], self.content.step
        back = _step_of(newest) - step
        return Notice(
            level="warning",
            what=text("The newest checkpoint of the run, {file}, is damaged and is not used.", file=newest.name),
            why=why,
            remedy=text(
                "The run goes on from the one before, {file}: {steps} (epochs: {epochs}) are learnt again.",
                file=self._file.name,
                steps=text("1 step") if back == 1 else text("{n} steps", n=thousands(back)),
                epochs=f"{back / steps_per_epoch:.3g}",
            ),
        )

    def _next(self) -> None:
        self.content = self._file = None
        while self._left:
            file = self._left.pop(0)
            try:
                content = self._checkpoints.read(file)
            except DamagedCheckpoint as damage:
                self._refused.append((file, damage.why))
                continue
            if self._passes(file, content, self._checks):
                self.content, self._file = content, file
                return
        raise self._of_another or self._none_left()

    def _passes(self, file: Path, content: CheckpointContent, checks: list[ContentCheck]) -> bool:
        try:
            for check in checks:
                check(content)
        except DamagedCheckpoint as damage:
            self._refused.append((file, damage.why))
            return False
        except StudioError as other:
            self._refused.append((file, other.why))
            self._of_another = self._of_another or other
            return False
        return True

    def _none_left(self) -> StudioError:
        newest, why = self._refused[0]
        return StudioError(
            "The run cannot go on: all its checkpoints are damaged.",
            text("{file} in {folder}: {why}", file=newest.name, folder=self._checkpoints.folder, why=why),
            "Start the experiment again: “studio train” runs its experiment.toml anew.",
        )


def _step_of(file: Path) -> int:
    digits = file.stem.removeprefix("step-")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 20 else 0
