"""What a person runs on a machine with a graphics card, where nothing but the program below its window need be installed."""
