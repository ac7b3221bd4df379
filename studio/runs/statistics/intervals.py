"""How sure an accuracy is: Wilson's interval for a share of test pictures."""

from __future__ import annotations

from math import sqrt

#: The 97.5 % point of the normal distribution: two-sided 95 %.
Z95 = 1.959963984540054


def wilson(share: float, n: int) -> tuple[float, float]:
    """The 95 % interval of a share observed on ``n`` pictures (Wilson, JASA 1927).

    Unlike the normal approximation it stays within [0, 1] and has a width at 0 and 1.

    Example:
        >>> wilson(1.0, 10)
        (0.722..., 1.0)
    """
    if n <= 0:
        return 0.0, 1.0
    centre = (share + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 * sqrt(share * (1 - share) / n + Z95**2 / (4 * n**2)) / (1 + Z95**2 / n)
    return max(0.0, centre - half), min(1.0, centre + half)
