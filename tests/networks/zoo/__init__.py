"""Tests of networks of other libraries."""
