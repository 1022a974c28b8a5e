"""Comparisons on plain values."""
