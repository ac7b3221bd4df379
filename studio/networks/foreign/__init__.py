"""Weights that other programs have saved, read without running anything of theirs, as networks of the catalogue."""

from __future__ import annotations

# imported for the names they know; one file a family
from studio.networks.foreign import mobilenet_v1_names, mobilenet_v2_names, resnet_names, vgg_names, wrn_names

__all__ = ["mobilenet_v1_names", "mobilenet_v2_names", "resnet_names", "vgg_names", "wrn_names"]
