"""Decisions of the programme on plain values."""
