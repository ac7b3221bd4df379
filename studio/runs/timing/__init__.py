"""How long a run will take, and what of that is left."""
