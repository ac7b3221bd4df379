"""The controllers, above all widgets: what happens when something is clicked, and what shows it."""
