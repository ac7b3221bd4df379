"""What the teacher shows on the probe. It is frozen, so it is asked once and remembered."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import torch
from torch import Tensor

from studio.insight.agreement import as_maps, pooled
from studio.insight.attention import attention_maps, drawn_maps
from studio.insight.group_matching import GroupMatch
from studio.insight.probe import Probe
from studio.insight.probe_reader import ProbeReader
from studio.insight.ridge import rows_at


class TeacherFeatures:
    """The teacher's half of every comparison; call undisturbed. Groups go by the names of the student's.

    Args:
        places: for every match that has neurons to compare, the places (n,) at which its map is fitted.

    Attributes:
        logits: (P, K) of the examples that are drawn.
        drawn: group -> kind -> maps (P, h, w) float16 of those, in the teacher's own size.
        on: group -> bool (M, C, h, w): which neurons are on, at the size of the comparison.
        maps: group -> kind -> unit maps (M, h*w), at the size of the comparison.
        rows: group -> (F*n, C) float32 on the device: values before the ReLU on the examples for fitting.
    """

    def __init__(
        self, reader: ProbeReader, matches: tuple[GroupMatch, ...], probe: Probe, places: dict[str, Tensor]
    ) -> None:
        self.logits = torch.empty(0)
        self.drawn: dict[str, dict[str, np.ndarray]] = {}
        on: dict[str, list[Tensor]] = defaultdict(list)
        maps: dict[str, dict[str, list[Tensor]]] = defaultdict(lambda: defaultdict(list))
        for rows, outputs in reader.run_in_chunks(probe.measured.inputs):
            if rows.start == 0:
                self.logits = outputs.logits[: probe.shown]
            for match in matches:
                out = outputs.out(match.teacher)
                if rows.start == 0:
                    self.drawn[match.student] = drawn_maps(out[: probe.shown])
                if match.out is not None:
                    for kind, unit in attention_maps(pooled(out, match.out)).items():
                        maps[match.student][kind].append(unit)
                if match.pre is not None:
                    on[match.student].append(pooled(as_maps(outputs.pre(match.teacher)), match.pre) > 0)
        self.on = {group: torch.cat(chunks) for group, chunks in on.items()}
        self.maps = {
            group: {kind: torch.cat(chunks) for kind, chunks in kinds.items()} for group, kinds in maps.items()
        }
        self.rows = self._rows(reader, matches, probe, places) if places else {}

    @staticmethod
    def _rows(
        reader: ProbeReader, matches: tuple[GroupMatch, ...], probe: Probe, places: dict[str, Tensor]
    ) -> dict[str, Tensor]:
        found: dict[str, list[Tensor]] = defaultdict(list)
        for _, outputs in reader.run_in_chunks(probe.fitting.inputs):
            for match in matches:
                if match.pre is not None and match.student in places:
                    maps = pooled(as_maps(outputs.pre(match.teacher)), match.pre)
                    found[match.student].append(rows_at(maps, places[match.student]).float())
        return {group: torch.cat(chunks) for group, chunks in found.items()}
