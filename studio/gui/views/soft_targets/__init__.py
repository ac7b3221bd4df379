"""How sure both networks are of every answer."""
