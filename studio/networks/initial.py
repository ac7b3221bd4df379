"""Initial weights of convolutional networks."""

from __future__ import annotations

from torch import nn


def he_initialise(body: nn.Module) -> None:
    """Convolutions from N(0, 2 / (k·k·C_out)), batch norms to 1 and 0; linear layers keep torch's own start.

    A network that is built for its shapes alone, on the device ``meta``, is left as it is.

    Source: He et al., "Delving deep into rectifiers", ICCV 2015, with the fan counted on the output side, as the
    reference codes of residual networks do.
    """
    for module in body.modules():
        if any(parameter.is_meta for parameter in module.parameters(recurse=False)):
            continue  # nothing to draw; torch would import its compiler to do so, which takes a second
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, mode="fan_out", nonlinearity="relu")
            if module.bias is not None:
                nn.init.zeros_(module.bias)
        elif isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
            nn.init.ones_(module.weight)
            nn.init.zeros_(module.bias)
