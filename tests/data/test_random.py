"""Seeds that are mixed, not added."""

from __future__ import annotations

import torch

from studio.data.random import generator, mix_seed


def test_a_mixed_seed_stays_what_it_is_for_ever() -> None:
    assert mix_seed(0, "order", 1) == mix_seed(0, "order", 1)
    assert mix_seed(0, "order", 1) == 8907399996772525941


def test_neighbours_and_look_alikes_differ() -> None:
    seeds = {
        mix_seed(0, 1),
        mix_seed(0, "1"),
        mix_seed("01"),
        mix_seed("ab", "c"),
        mix_seed("a", "bc"),
        mix_seed(0, -1),
    }
    assert len(seeds) == 6
    assert all(0 <= seed < 2**63 for seed in seeds)


def test_a_generator_disturbs_no_other() -> None:
    torch.manual_seed(3)
    expected = torch.rand(4)
    torch.manual_seed(3)
    torch.rand(100, generator=generator(3, "something else"))
    assert torch.equal(torch.rand(4), expected)
