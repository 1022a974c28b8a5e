"""Disputes and terminations as plain values: which step may follow which, by whom and when."""
