"""Two runs, or two groups of runs, beside each other: what differs in what was set, in how they learnt and in what they know."""
