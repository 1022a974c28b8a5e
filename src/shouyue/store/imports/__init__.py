"""Imports of files: declared mappings, a check of every row, batches that survive a kill, and a record of it all."""
