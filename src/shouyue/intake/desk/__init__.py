"""Screens of the import wizard."""
