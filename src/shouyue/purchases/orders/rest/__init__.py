"""Purchases for programs."""
