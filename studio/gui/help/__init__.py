"""Help pages and the dock they stand in."""
