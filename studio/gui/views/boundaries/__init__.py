"""Which neurons of both networks fire together."""
