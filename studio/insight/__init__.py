"""Turns networks and a probe batch into arrays worth looking at."""

from __future__ import annotations

from studio.insight.recall import recall_at_k

__all__ = ["recall_at_k"]
