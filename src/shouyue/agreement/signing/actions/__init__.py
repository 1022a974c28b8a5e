"""Verbs of signing: drafts, signatures, amendments."""
