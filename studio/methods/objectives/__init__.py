"""What methods compare by: positions, sides and distances, the objective around them, and the modules that learn with it."""
