"""The Compare view: two runs, or two experiments over their seeds, beside each other."""
