"""The runs as the window knows them: the list, which are drawn and in which colour, those that train, their values."""
