"""Verbs of undos."""
