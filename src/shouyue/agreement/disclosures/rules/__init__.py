"""Whether a party told a material fact in time."""
