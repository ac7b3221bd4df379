"""What the real thing and whatever stands in for it in tests must both hold, so that the latter cannot drift."""
