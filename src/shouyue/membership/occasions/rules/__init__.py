"""Decisions about occasions on plain values."""
