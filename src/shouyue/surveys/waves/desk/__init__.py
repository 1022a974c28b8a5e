"""Screens of waves for staff."""
