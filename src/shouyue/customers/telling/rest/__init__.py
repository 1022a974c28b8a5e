"""Customers for programs that keep them elsewhere: tell, change, search."""
