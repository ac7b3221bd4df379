"""Grad-CAM: which places of a feature speak for an answer of the network."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from studio.insight.probe_reader import undisturbed
from studio.networks.base import Network
from studio.networks.taps import NetworkOutputs, TapPoint, TapReader


def grad_cam(feature: Tensor, gradient: Tensor) -> Tensor:
    """What speaks for a class, place by place: ReLU(Σ_k α_k A^k) with α_k = 1/Z Σ_ij ∂y/∂A^k_ij, Z = h·w.

    Behind a global average pooling and a linear classifier with weights w_k this is ReLU(Σ_k w_k A^k) / Z, the class
    activation map.

    Args:
        feature: A, (B, C, h, w).
        gradient: ∂y/∂A of each sample's score y (a logit, before the softmax), (B, C, h, w).

    Returns:
        (B, h, w), at least 0; zero where nothing speaks for the class.

    Source: Selvaraju et al., "Grad-CAM: Visual explanations from deep networks via gradient-based localization",
    ICCV 2017, section 3, equations 1 and 2. The class activation map: Zhou et al., CVPR 2016.

    Example:
        >>> from torch import tensor
        >>> feature = tensor([[[[3.0, 0.0]], [[0.0, 4.0]]]])  # one channel answers on the left, one on the right
        >>> gradient = tensor([[[[1.0, 1.0]], [[-1.0, -1.0]]]])  # the first speaks for the class, the other against it
        >>> grad_cam(feature, gradient)
        tensor([[[3., 0.]]])
    """
    weights = gradient.mean((2, 3), keepdim=True)
    return (weights * feature).sum(1).relu()


def grad_cam_maps(
    network: Network, inputs: Tensor, points: Sequence[TapPoint], classes: Tensor | None = None
) -> tuple[Tensor, dict[TapPoint, Tensor]]:
    """The maps of a network at several of its taps, from one pass and one way back.

    No mode, parameter, gradient, statistic or random number of the network changes: the derivatives are taken by the
    features alone.

    Args:
        network: on the device of the inputs; one that :attr:`~studio.networks.base.Network.passes_gradients`.
        inputs: pictures in [0, 1], (B, C, H, W) float, or points.
        points: where; those without places beside each other have no map.
        classes: for each sample the class that is asked for, (B,) int64 in the order of the network's logits; None asks
            for what the network itself answers.

    Returns:
        The logits (B, K), and the map (B, h, w) float32 of every point that has one.

    Raises:
        ValueError: the network's answers cannot be differentiated.
    """
    if not network.passes_gradients:
        raise ValueError(f"{network.key} passes no gradients")
    with undisturbed(inputs.device, network), torch.enable_grad(), TapReader(network, points) as reader:
        # a frozen network asks for no gradient itself: the inputs do, so that its features have one
        outputs = reader.run(inputs.detach().clone().requires_grad_())
        features = {point: feature for point in points if has_places(feature := feature_at(outputs, point))}
        logits = outputs.logits
        chosen = logits.argmax(1) if classes is None else classes.to(logits.device)
        found: dict[TapPoint, Tensor] = {}
        if features:
            scores = logits.gather(1, chosen[:, None]).sum()  # samples do not meet in eval mode: each has its own part
            slopes = torch.autograd.grad(scores, tuple(features.values()), allow_unused=True, materialize_grads=True)
            for (point, feature), slope in zip(features.items(), slopes, strict=True):
                found[point] = grad_cam(feature.detach().float(), slope.float())
    return logits.detach(), found


def has_places(feature: Tensor) -> bool:
    """Whether a feature has more than one place: (B, C, h, w) with h·w above 1."""
    return feature.dim() == 4 and feature.shape[2] * feature.shape[3] > 1


def feature_at(outputs: NetworkOutputs, point: TapPoint) -> Tensor:
    """What a pass gave at a point, (B, C, h, w) or (B, D); LookupError if it was not read."""
    read = {"out": outputs.out, "pre": outputs.pre, "first": outputs.first, "block": outputs.block}[point.kind]
    return read(point.group)
