"""Verbs of tiers."""
