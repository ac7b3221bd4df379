"""Distillation Studio: pick a teacher, a student and a method, press Train, and watch."""

__version__ = "0.1.0"
