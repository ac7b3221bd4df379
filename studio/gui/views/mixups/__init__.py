"""The view of mix-ups: which classes a network takes for which others, and on which pictures."""
