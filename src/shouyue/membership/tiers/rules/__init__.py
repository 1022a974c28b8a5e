"""Decisions about tiers and benefits on plain values."""
