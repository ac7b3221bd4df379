"""Background jobs, lazy imports, the garbage collector, stored settings."""
