"""Ready experiments and the sets of experiments they stand for."""
