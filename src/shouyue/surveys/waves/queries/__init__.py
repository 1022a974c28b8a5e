"""Questions about waves."""
