"""What the numbers of a run mean: the share of the gap that was closed, and how sure a share is."""
