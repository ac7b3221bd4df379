"""Tests of the questions to what runs have learnt."""
