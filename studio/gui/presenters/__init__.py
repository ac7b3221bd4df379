"""What panels and views show, as plain values and texts. Nothing here knows Qt."""
