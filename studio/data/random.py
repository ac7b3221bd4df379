"""Seeds and generators of their own for everything that draws, so that no draw disturbs another."""

from __future__ import annotations

import hashlib

import torch


def mix_seed(*parts: int | str) -> int:
    """One seed out of several parts, the same on every machine and in every version.

    Neighbours are unrelated: ``mix_seed(0, "order", 1)`` tells nothing about ``mix_seed(0, "order", 2)``.

    Args:
        parts: whole numbers and words; ``1`` and ``"1"`` differ, and so do ``("ab", "c")`` and ``("a", "bc")``.

    Returns:
        A number in [0, 2**63), which every generator of torch and numpy accepts.
    """
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        word = f"{'i' if isinstance(part, int) else 's'}{part}".encode()
        digest.update(len(word).to_bytes(4, "big") + word)
    return int.from_bytes(digest.digest(), "big") >> 1


def generator(*parts: int | str, device: str | torch.device = "cpu") -> torch.Generator:
    """A fresh generator on ``device``, seeded by :func:`mix_seed` of ``parts``."""
    return torch.Generator(device).manual_seed(mix_seed(*parts))
