"""Decisions about referrals on plain values."""
