"""Verbs of lists: import one, remember what it changed, take it back."""
