"""Whether a dated duty was done in time."""
