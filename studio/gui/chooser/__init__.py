"""The page on which data, networks and methods are chosen."""
