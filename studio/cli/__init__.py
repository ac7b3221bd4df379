"""The doors of the command line. Each command is a file of this package and imports what it needs when it runs."""

from studio.cli.entry import main

__all__ = ["main"]
