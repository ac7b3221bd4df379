"""How the student learns: accuracy, the gap it closes, the terms of its loss."""
