"""The window’s side of the training thread."""
