"""Decisions about previews on plain values."""
