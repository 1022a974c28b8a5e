"""Points that are about to expire, and points that expired and are given back for once."""
