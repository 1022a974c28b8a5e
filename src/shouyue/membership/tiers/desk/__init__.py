"""Tiers at the desk: who has which, the next version's tiers and benefits, tiers that are sold."""
