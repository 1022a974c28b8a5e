"""Tiers that are sold, granted and ended."""
