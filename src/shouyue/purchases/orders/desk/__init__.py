"""Purchases on screen: orders, returns, imports."""
