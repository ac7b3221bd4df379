"""The parts everything in the window is made of. Nothing here knows the studio but how it looks and speaks."""
