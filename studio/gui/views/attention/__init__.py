"""Where teacher and student look."""
