"""Maps of token networks: the places of a picture as a list of tokens, or with their channels last."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class TokenMap:
    """How what a token network hands on is read as a map (B, C, H, W).

    Attributes:
        grid: height and width in tokens of (B, first + H·W, C), row by row; None of (B, H, W, C).
        first: tokens before those of the picture, the class token above all. They are left out.
    """

    grid: tuple[int, int] | None = None
    first: int = 0

    def __call__(self, tokens: Tensor) -> Tensor:
        """(B, N, C) or (B, H, W, C) as (B, C, H, W)."""
        if self.grid is None:
            return tokens.permute(0, 3, 1, 2)
        made: Tensor = tokens[:, self.first :].transpose(1, 2).unflatten(2, self.grid)
        return made
