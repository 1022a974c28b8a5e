"""Customers on screen: the list, the search, the board, one customer, and what is changed by hand."""
