"""Questions to what runs have learnt, or are learning: answers, where it looked, and on what networks differ."""
