"""The workspace: run folders and their index, starting and going on with runs, and what they add up to."""
