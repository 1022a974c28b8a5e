"""Decisions of the API on plain values: tokens of keys, cursors, limits, retries, addresses."""
