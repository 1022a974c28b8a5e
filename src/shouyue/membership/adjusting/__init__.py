"""Corrections of points by hand: one person asks, another decides."""
