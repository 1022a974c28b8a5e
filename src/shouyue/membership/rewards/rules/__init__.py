"""Decisions about vouchers on plain values."""
