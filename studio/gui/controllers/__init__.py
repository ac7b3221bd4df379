"""The glue above all widgets: what happens when something is clicked, and who is told."""
