"""Networks that learnt from a table, reading rows that were encoded by the ranges of other rows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch

from studio.core.errors import StudioError
from studio.data.table_columns import TableColumn
from studio.data.table_encoding import TableEncoding
from studio.networks.base import Network
from studio.networks.titles import network_title


def refuse_other_columns(network: Network, columns: Sequence[TableColumn]) -> None:
    """Refuse a network that learnt from other columns than those of the data; one that knows no columns reads any.

    Raises:
        StudioError: names the first that differs.
    """
    own = network.source.encoding
    known = [each.column for each in TableEncoding.from_json(own).columns] if own else []
    if not own or list(columns) == known:
        return
    strange = next((a.name for a, b in zip(columns, known, strict=False) if a != b), "")
    raise StudioError(
        "{network} learnt from another table, or from other columns of this one.",
        "The column “{column}” is not what it knows." if strange else "",
        "Choose a network that learnt from the same columns.",
        place="teacher",
        network=network_title(network.key),
        column=strange,
    )


def read_encoding(network: Network, encoding: str) -> None:
    """Have a network read inputs of ``encoding``, by what it takes off them and divides them by.

    A number x on the range of ``encoding`` is (x · span + low - own low) / own span on the network's own. What lies
    beyond the network's own range is not cut off, as it would be where it was encoded anew.

    Args:
        network: made for inputs of the same size; its input transform is changed in place.
        encoding: of the data, as :meth:`~studio.data.table_encoding.TableEncoding.as_json` writes it; empty where they
            are no table. A network that knows no encoding reads numbers as they come.

    Raises:
        StudioError: the network learnt from other columns.
    """
    own = network.source.encoding
    if encoding == own or not (encoding and own):
        return
    theirs, ours = TableEncoding.from_json(encoding), TableEncoding.from_json(own)
    refuse_other_columns(network, [each.column for each in theirs.columns])
    mean, std = network.input.mean.clone(), network.input.std.clone()
    place = 0
    for here, there in zip(theirs.columns, ours.columns, strict=True):
        if here.column.kind == "numeric":
            span, own_span = here.high - here.low, there.high - there.low
            if own_span > 0:
                # x' = scale * x + shift on its own range; (x' - m) / s is then (x - (m - shift) / scale) / (s / scale)
                scale, shift = span / own_span, (here.low - there.low) / own_span
                if scale > 0:
                    mean[place], std[place] = (mean[place] - shift) / scale, std[place] / scale
                else:  # all numbers of the data are one, encoded as 0
                    mean[place] -= shift
        place += len(here.names)
    with torch.no_grad():
        network.input.mean.copy_(mean)
        network.input.std.copy_(std)
    network.source = replace(network.source, mean=tuple(mean.tolist()), std=tuple(std.tolist()), encoding=encoding)
