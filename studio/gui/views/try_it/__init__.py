"""The Try it view: one picture, and what teacher, taught student and student alone make of it."""
