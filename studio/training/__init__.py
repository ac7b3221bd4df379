"""The engine: one training from data to files, its stages and steps, checkpoints, devices. It knows no method by name."""
