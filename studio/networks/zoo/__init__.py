"""Published architectures of other libraries as networks: whole bodies with named stages, read by hooks."""
