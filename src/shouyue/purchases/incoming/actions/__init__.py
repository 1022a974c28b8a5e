"""Verbs of imports of purchases."""
