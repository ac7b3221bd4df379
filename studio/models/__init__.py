"""What can answer inputs, be measured, kept and teach: more than networks."""
