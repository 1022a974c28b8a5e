"""The desk pages of the API: keys of programs, receivers of facts, what was delivered.

They stand here and not in `rest`, which is beside `web` and may not use its frame.
"""
