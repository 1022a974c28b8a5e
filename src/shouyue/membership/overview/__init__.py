"""The whole room on one page, for staff and for members."""
