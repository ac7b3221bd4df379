"""The view of model compression."""
