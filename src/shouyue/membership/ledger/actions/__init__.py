"""Verbs of the ledger."""
