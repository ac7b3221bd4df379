"""Tests of weights that other programs have saved."""
