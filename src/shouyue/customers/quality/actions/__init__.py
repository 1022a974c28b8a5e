"""Verbs of quality: confirm values, ask for corrections, audit accuracy."""
